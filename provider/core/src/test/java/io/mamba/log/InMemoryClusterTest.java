package io.mamba.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InMemoryClusterTest extends SharedLogContract {
    @Override
    protected Log open(Set<String> keyedTopics) {
        return new InMemoryCluster(keyedTopics).open();
    }

    @Override
    protected Log reopen(Log log) {
        log.close();
        return openAnother(log);
    }

    @Override
    protected Log openAnother(Log log) {
        return ((ClusterLog) log).cluster().open();
    }

    @Override
    protected void die(Log log) {
        ((ClusterLog) log).kill();
        ((ClusterLog) log).expire();
    }

    @Test
    void tellsADelayedLogPartitionByPartition() {
        InMemoryCluster cluster = new InMemoryCluster(Set.of());
        ClusterLog one = cluster.open();
        ClusterLog two = cluster.open();
        List<String> told = new ArrayList<>();
        two.tail(ORDERS, 0, (partition, records, next) -> records.forEach(record -> told.add(text(record))));
        two.tail(EVENTS, 0, (partition, records, next) -> records.forEach(record -> told.add(text(record))));
        two.delay();
        one.appendAndWait(batch(record(ORDERS, "o"), record(EVENTS, "e")), Durability.DURABLE);
        assertThat(told).isEmpty();
        assertThat(two.untold()).containsExactly(EVENTS, ORDERS);

        two.tell(EVENTS);
        two.tell(ORDERS);

        assertThat(told).containsExactly("e", "o");
        two.delayNoMore();
        one.appendAndWait(batch(record(ORDERS, "p")), Durability.DURABLE);
        assertThat(told).containsExactly("e", "o", "p");
    }

    @Test
    void letsAStalledMemberAppendUnitsUntilItIsFencedAndSingleRecordsUntilItHearsOfThat() {
        InMemoryCluster cluster = new InMemoryCluster(Set.of());
        ClusterLog one = cluster.open();
        ClusterLog two = cluster.open();
        Told told = new Told();
        Membership keeper = one.join("a", new Told());
        Membership stalled = two.join("b", told);
        two.stall();
        two.expire();

        two.appendAndWait(batch(record(EVENTS, "late")), Durability.DURABLE);
        keeper.fence(stalled.member());

        two.appendAndWait(batch(record(EVENTS, "alone")), Durability.DURABLE);
        assertThat(failure(two.append(batch(record(EVENTS, "too"), record(ORDERS, "late")), Durability.DURABLE)))
                .isNotNull();
        assertThat(values(one, EVENTS)).containsExactly("late", "alone");
        two.resume();
        told.await(ErrorCode.FENCED);
        assertThat(failure(two.append(batch(record(EVENTS, "too late")), Durability.DURABLE)))
                .isNotNull();
    }
}
