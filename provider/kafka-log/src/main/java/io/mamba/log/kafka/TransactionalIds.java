package io.mamba.log.kafka;

import java.util.ArrayList;
import java.util.List;

/**
 * Under which ids transactions are written. A member has its own, which nobody has after it, so that who fences one that
 * is gone never meets its successor of the same name.
 *
 * @param prefix of the log
 */
record TransactionalIds(String prefix) {
    /** How many transactions of one member can be under way at a time, besides those that rely on an ownership. */
    static final int STRIPES = 2;

    String stripe(String member, int stripe) {
        return prefix + "mamba." + member + "." + stripe;
    }

    List<String> stripes(String member) {
        List<String> ids = new ArrayList<>();
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            ids.add(stripe(member, stripe));
        }
        return ids;
    }

    String owner(String name) {
        return prefix + "mamba.owner." + name;
    }
}
