package io.mamba.log.kafka;

import io.mamba.MambaException;
import java.util.Collection;
import java.util.List;

/** Keeps another member from writing anything more. Thread-safe. */
final class Fences {
    private final Clients clients;
    private final TransactionalIds ids;
    private final Owners owners;

    Fences(Clients clients, TransactionalIds ids, Owners owners) {
        this.clients = clients;
        this.ids = ids;
        this.owners = owners;
    }

    /**
     * As {@code Membership.fence}: on return its transactions are committed or will never be. What it took is only looked for
     * once its stripes are fenced: it takes nothing behind that.
     *
     * @throws MambaException UNAVAILABLE, SECURITY
     */
    void fence(String member) {
        fence(member, ids.stripes(member));
        List<String> taken = owners.takenBy(member);
        if (!taken.isEmpty()) {
            fence(member, taken);
        }
    }

    private void fence(String member, Collection<String> transactionalIds) {
        Clients.ask(clients.admin().fenceProducers(transactionalIds).all(), Doing.FENCE, member);
    }
}
