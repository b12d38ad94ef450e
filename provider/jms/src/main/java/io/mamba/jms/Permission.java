package io.mamba.jms;

/** What an environment may forbid: a container, or the domain of a legacy session. */
public enum Permission {
    /** Setting or getting a MessageListener, and Session.run. */
    MESSAGE_LISTENER("message listeners"),
    EXCEPTION_LISTENER("exception listeners"),
    SET_CLIENT_ID("setClientID"),
    STOP("stop"),
    CONNECTION_CONSUMER("connection consumers"),
    SUBSCRIPTION_CONNECTION_CONSUMER("connection consumers of named subscriptions"),
    /** More than one open session of a connection, and more contexts from a context. */
    SEVERAL_SESSIONS("a second session of one connection"),
    /** Sends with a CompletionListener. */
    ASYNC_SEND("asynchronous sends"),
    /** Queues, temporary queues and browsers; absent in a TopicSession. */
    QUEUES("queues and browsers"),
    /** Topics, temporary topics, durable subscriptions; absent in a QueueSession. */
    TOPICS("topics and subscriptions");

    private final String what;

    Permission(String what) {
        this.what = what;
    }

    String what() {
        return what;
    }
}
