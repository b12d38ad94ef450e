package io.mamba;

/**
 * What went wrong, as one value. The category says what the caller can do about it; the code itself is what
 * {@code JMSException.getErrorCode()} shows.
 */
public enum ErrorCode {
    /** A value given by the caller is not acceptable. */
    INVALID_ARGUMENT(Category.CALLER),
    /** A selector does not parse or breaks a type rule. */
    INVALID_SELECTOR(Category.CALLER),
    /** No such destination or subscription, or it cannot be used like this. */
    INVALID_DESTINATION(Category.CALLER),
    /** The client id is taken or not acceptable. */
    INVALID_CLIENT_ID(Category.CALLER),
    /** The object is in a state that does not allow this call, for example closed. */
    ILLEGAL_STATE(Category.CALLER),
    /** The name or password is wrong, or a right is missing. */
    SECURITY(Category.CALLER),
    /** The body or a property does not convert to what was asked for. */
    MESSAGE_FORMAT(Category.CALLER),
    /** The operation does not exist in this version; the message says so. */
    NOT_SUPPORTED(Category.CALLER),
    /** The unit of work was rolled back, or can only be rolled back. */
    ROLLED_BACK(Category.CALLER),
    /** No such transaction branch; see XAER_NOTA. */
    UNKNOWN_BRANCH(Category.CALLER),
    /** The transaction branch is in a state that does not allow this call; see XAER_PROTO. */
    BRANCH_PROTOCOL(Category.CALLER),
    /** The branch id is in use; see XAER_DUPID. */
    DUPLICATE_BRANCH(Category.CALLER),
    /** A limit is reached: disk full, destination full, message too large. */
    RESOURCE_LIMIT(Category.RETRY),
    /** Another process or class loader holds the log. */
    LOG_IN_USE(Category.RETRY),
    /** The log cannot be reached at present. */
    UNAVAILABLE(Category.RETRY),
    /** The log's answer was lost: whether it has taken a transaction is not known. Look before you do it again. */
    OUTCOME_UNKNOWN(Category.RETRY),
    /** Ownership was lost; the state here is stale and is rebuilt. */
    FENCED(Category.FENCED),
    /** The log contains damage before its synced end, or in a place that cannot be a torn tail. */
    CORRUPT(Category.FATAL),
    /** A write or force failed: nothing after it can be trusted, the node stops. */
    LOG_FAILED(Category.FATAL),
    /** A defect in Mamba itself. */
    INTERNAL(Category.FATAL);

    /** What to do about an error. */
    public enum Category {
        /** Fix the call. */
        CALLER,
        /** Try again later; nothing is broken. */
        RETRY,
        /** Rebuild from the log. */
        FENCED,
        /** Stop; a person must look. */
        FATAL
    }

    private final Category category;

    ErrorCode(Category category) {
        this.category = category;
    }

    public Category category() {
        return category;
    }
}
