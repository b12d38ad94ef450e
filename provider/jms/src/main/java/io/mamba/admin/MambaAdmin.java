package io.mamba.admin;

import io.mamba.DestinationSettings;
import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.MambaUrl;
import io.mamba.Replayed;
import io.mamba.StartFrom;
import io.mamba.access.Grant;
import io.mamba.access.UsersFile;
import io.mamba.message.Address;
import io.mamba.message.MessageValues;
import io.mamba.node.DestinationStatus;
import io.mamba.node.Node;
import io.mamba.node.Nodes;
import io.mamba.node.Transfer;
import io.mamba.selector.Selector;
import io.mamba.transaction.BranchId;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the destinations and transactions of a log. Destinations are named {@code queue://orders} or {@code
 * topic://prices}. Any thread may call; close it when done. Errors are {@link MambaException}s that say what to do.
 */
public final class MambaAdmin implements AutoCloseable {
    private final Nodes.Lease lease;

    private MambaAdmin(Nodes.Lease lease) {
        this.lease = lease;
    }

    /**
     * @param url as for the connection factory, for example {@code mamba:file:/var/lib/mamba}; a log that is open in this
     *     class loader is shared
     * @throws MambaException INVALID_ARGUMENT for a bad URL, LOG_IN_USE if another process holds the log, SECURITY if there
     *     are users and the URL's user and password are not those of one who may administer
     */
    public static MambaAdmin open(String url) {
        MambaUrl parsed = MambaUrl.parse(url);
        Nodes.Lease lease = Nodes.lease(parsed);
        try {
            UsersFile users = lease.users();
            if (users != null && users.hasUsers()) {
                users.login(
                                parsed.option("user").orElse(null),
                                parsed.option("password").orElse(null))
                        .checkAdministration();
            }
            return new MambaAdmin(lease);
        } catch (MambaException refused) {
            lease.close();
            throw refused;
        }
    }

    /**
     * The names of the users.
     *
     * @throws MambaException INVALID_ARGUMENT if the URL names no users file (as all methods about users)
     */
    public List<String> users() {
        return usersFile().names();
    }

    /**
     * Adds a user, who is granted nothing yet, or gives one another password. The first user of all is granted everything,
     * or nobody could go on.
     */
    public void putUser(String name, String password) {
        usersFile().put(name, password);
    }

    /**
     * Removes a user with all grants; also what is granted to everyone holds no more for that user. At once in this process,
     * within a second in others, open connections of that user can open no further consumer or browser and send to no
     * destination but temporary ones. What is open stays open: consumers go on to receive, acknowledge and commit until they
     * are closed, and an open {@code MambaAdmin} of that user goes on too.
     */
    public void removeUser(String name) {
        usersFile().remove(name);
    }

    /** Who may do what. What nobody granted is refused. */
    public List<Grant> grants() {
        return usersFile().grants();
    }

    /** Grants rights; replaces what the user had for the same destinations. */
    public void grant(Grant grant) {
        usersFile().put(grant);
    }

    /** Takes back what was granted for exactly these destinations. */
    public void revoke(String user, String destinations) {
        usersFile().remove(user, destinations);
    }

    private UsersFile usersFile() {
        UsersFile users = lease.users();
        if (users == null) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "This log has no users: name their file in the URL, users=<file>. It need not exist yet.");
        }
        return users;
    }

    /** All destinations but temporary ones, by name. */
    public List<DestinationInfo> destinations() {
        return node().status().stream().map(this::info).toList();
    }

    /** @throws MambaException INVALID_DESTINATION if there is none of this name */
    public DestinationInfo describe(String destination) {
        Address address = existing(destination);
        return destinations().stream()
                .filter(info -> info.name().equals(address.toString()))
                .findFirst()
                .orElseThrow(() -> unknown(destination));
    }

    /** Creates a destination; nothing if it exists. */
    public void create(String destination) {
        node().destinations().ensure(Address.parse(destination));
    }

    /**
     * Creates a destination with settings of its own, durably; nothing if it exists with the same.
     *
     * @throws MambaException ILLEGAL_STATE if it exists with other settings
     */
    public void create(String destination, DestinationSettings settings) {
        node().destinations().create(Address.parse(destination), settings);
    }

    /** As {@link #bind(String, String, StartFrom)}, a queue from the earliest record on that the topic has. */
    public void bind(String destination, String topic) {
        bind(destination, topic, StartFrom.EARLIEST);
    }

    /**
     * Kafka only: creates a destination whose messages are the records of a topic that other programs have created, of
     * whatever name; durably, in all nodes of the log. What is there stays as long as the topic's own
     * settings say: Mamba deletes nothing in it, not even when the destination is deleted. Nothing if it is bound already.
     *
     * @param topic as it is called in Kafka; the URL's prefix does not count
     * @param from with which record a queue begins: earliest, latest or, of one partition, a position; subscriptions of a topic say so
     *     themselves, and all that the topic has is retained for them
     * @throws MambaException ILLEGAL_STATE if the destination exists otherwise or the topic is bound to another one,
     *     INVALID_DESTINATION if the cluster has no such topic, NOT_SUPPORTED embedded
     */
    public void bind(String destination, String topic, StartFrom from) {
        node().destinations().bind(Address.parse(destination), topic, from);
    }

    /** The topic of other programs that a destination is bound to; empty if it has one of its own. */
    public Optional<String> boundTopic(String destination) {
        return node().destinations().boundTopic(existing(destination));
    }

    /**
     * From now on a destination has these settings of its own and no others, durably: {@link #describe} gives those it
     * has, to change some of them.
     *
     * @throws MambaException INVALID_DESTINATION if there is none of this name
     */
    public void change(String destination, DestinationSettings settings) {
        node().destinations().change(existing(destination), settings);
    }

    /**
     * Deletes a destination with all subscriptions on it and whatever waits there, durably; what is with a consumer can
     * still be finished. Consumers that are open get an error, then nothing. Where destinations are created on first use,
     * the next send creates another one of the same name, empty.
     *
     * @throws MambaException INVALID_DESTINATION if there is none of this name, ILLEGAL_STATE if a transaction branch in
     *     doubt has messages of it
     */
    public void delete(String destination) {
        node().destinations().delete(existing(destination));
    }

    /** All subscriptions that have a name: durable and shared ones. */
    public List<SubscriptionInfo> subscriptions() {
        return node().subscriptions().status().stream()
                .map(SubscriptionInfo::of)
                .toList();
    }

    /**
     * Deletes a subscription with what it holds back, also while a forgotten consumer has it open, which gets an error.
     *
     * @throws MambaException INVALID_DESTINATION if there is none like it
     */
    public void delete(SubscriptionInfo subscription) {
        node().subscriptions().delete(subscription.durable(), subscription.clientId(), subscription.name());
    }

    /**
     * What waits and is visible in a queue, in the order of delivery.
     *
     * @param selector which, as in Jakarta Messaging; null for all
     * @param most how many at most
     */
    public List<MessageInfo> browse(String queue, @Nullable String selector, int most) {
        Selector wanted = Selector.parse(selector);
        return StreamSupport.stream(node().browse(existing(queue)).spliterator(), false)
                .filter(message -> wanted == null || wanted.matches(new MessageValues(message)))
                .limit(most)
                .map(MessageInfo::of)
                .toList();
    }

    /**
     * Moves what waits and is visible in a queue to another destination, in transactions of a hundred. Messages keep id,
     * body, properties and priority; they become persistent and lose delay and expiry.
     *
     * @param selector which, as in Jakarta Messaging; null for all
     * @return how many were moved
     */
    public int move(String queue, String to, @Nullable String selector) {
        return Transfer.move(node(), existing(queue), Address.parse(to), Selector.parse(selector));
    }

    /**
     * Sends the dead letters of a destination back to it, in transactions of a hundred.
     *
     * @return how many were sent back
     */
    public int redrive(String destination) {
        return Transfer.redrive(node(), existing(destination));
    }

    /**
     * Removes what waits in a queue; what is with a consumer or in a transaction stays.
     *
     * @return how many messages were removed
     */
    public int purge(String queue) {
        return node().purge(existing(queue));
    }

    /**
     * What a queue has done with and is retained, from this place on, waits in it again as if never delivered; also what
     * expired or went to the dead letters, unless its time is over. What waits or is with a consumer stays as it is.
     *
     * @throws MambaException INVALID_DESTINATION if there is no such queue
     */
    public Replayed replay(String queue, StartFrom from) {
        return node().replay(existing(queue), from);
    }

    /**
     * Moves a durable subscription, with or without active consumers. What it has done with and is retained, from this
     * place on, waits again as if never delivered; what waits before this place is settled without delivery. What is with a
     * consumer or in a transaction stays there. Consumers get nothing while the move lasts.
     *
     * @param clientId null for a subscription without client id
     * @throws MambaException INVALID_DESTINATION if there is none of this name
     */
    public Replayed moveSubscription(@Nullable String clientId, String name, StartFrom to) {
        return node().subscriptions().move(clientId, name, to);
    }

    /** The ids of prepared transaction branches that wait for their transaction manager. */
    public List<String> inDoubt() {
        return node().branches().inDoubt().stream().map(BranchId::text).toList();
    }

    @Override
    public void close() {
        lease.close();
    }

    private Node node() {
        return lease.node();
    }

    private Address existing(String destination) {
        Address address = Address.parse(destination);
        if (!node().destinations().isDefined(address)) {
            throw unknown(destination);
        }
        return address;
    }

    private static MambaException unknown(String destination) {
        return new MambaException(ErrorCode.INVALID_DESTINATION, "There is no destination " + destination + ".");
    }

    private DestinationInfo info(DestinationStatus status) {
        return new DestinationInfo(
                status.getName(),
                status.getDepth(),
                status.getInFlight(),
                status.getDeadLettered(),
                status.getSettled(),
                node().destinations().settings(Address.parse(status.getName())));
    }
}
