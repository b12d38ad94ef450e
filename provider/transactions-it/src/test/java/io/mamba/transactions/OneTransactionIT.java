package io.mamba.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.XAJMSContext;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.XAConnection;
import javax.transaction.xa.XAResource;
import org.jboss.narayana.jta.jms.ConnectionFactoryProxy;
import org.jboss.narayana.jta.jms.TransactionHelperImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Narayana, Mamba and PostgreSQL in one transaction: each way to end it. */
@ExtendWith(RunningPostgres.class)
class OneTransactionIT {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final CallList calls = new CallList();
    private TransactionManager transactions;
    private Payments mamba;
    private OrderTable orders;

    /** Keeps the log open for the time of a test, as a program does. */
    private JMSContext program;

    @BeforeEach
    void receiveOnePayment(Postgres postgres, @TempDir Path directory) throws Exception {
        transactions = Narayana.start(Path.of("target", "narayana"), "it");
        orders = postgres.database("one_transaction_" + DATABASES.incrementAndGet());
        mamba = new Payments("mamba:file:" + directory);
        program = mamba.factory().createContext();
        orders.add(List.of("o1"));
        mamba.send(List.of("o1"));
    }

    @AfterEach
    void nothingIsLeftOver() throws Exception {
        try {
            assertThat(transactions.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
            assertThat(mamba.inDoubt()).isEmpty();
            assertThat(orders.inDoubt()).isEmpty();
            assertThat(mamba.inFlight()).isZero();
        } finally {
            transactions.suspend();
            program.close();
        }
    }

    private Cashier cashier(boolean mambaFirst) throws SQLException {
        return new Cashier(transactions, mamba, orders, mambaFirst, calls);
    }

    private void assertAllOfItHappened() throws Exception {
        assertThat(mamba.waiting()).isEmpty();
        assertThat(orders.paid()).containsExactly("o1");
        assertThat(mamba.shipments()).containsExactly("o1");
    }

    private void assertNoneOfItHappened() throws Exception {
        assertThat(mamba.waiting()).containsExactly("o1");
        assertThat(orders.paid()).isEmpty();
        assertThat(mamba.shipments()).isEmpty();
    }

    @Nested
    class OverBoth {
        @Test
        void commitMakesAllOfItHappenInTwoPhases() throws Exception {
            try (Cashier cashier = cashier(true)) {
                cashier.begin();
                assertThat(cashier.takePayment()).isEqualTo("o1");
                assertNothingIsSeenYet();
                transactions.commit();
            }

            assertAllOfItHappened();
            assertThat(calls.all())
                    .containsExactly(
                            "mamba start",
                            "postgres start",
                            "mamba end",
                            "mamba prepare",
                            "postgres end",
                            "postgres prepare",
                            "mamba commit",
                            "postgres commit");
        }

        private void assertNothingIsSeenYet() throws Exception {
            assertThat(mamba.waiting()).as("taken by the transaction").isEmpty();
            assertThat(orders.paid()).isEmpty();
            assertThat(mamba.shipments()).isEmpty();
            assertThat(mamba.inFlight()).isEqualTo(1);
        }

        @Test
        void rollbackMakesNoneOfItHappen() throws Exception {
            try (Cashier cashier = cashier(true)) {
                cashier.begin();
                assertThat(cashier.takePayment()).isEqualTo("o1");
                transactions.rollback();
                assertNoneOfItHappened();

                cashier.begin();
                assertThat(cashier.takePayment()).as("the payment again").isEqualTo("o1");
                transactions.commit();
            }

            assertAllOfItHappened();
        }

        @Test
        void setRollbackOnlyMakesCommitRollBack() throws Exception {
            try (Cashier cashier = cashier(true)) {
                cashier.begin();
                assertThat(cashier.takePayment()).isEqualTo("o1");
                transactions.setRollbackOnly();

                assertThatThrownBy(transactions::commit).isInstanceOf(RollbackException.class);
            }

            assertNoneOfItHappened();
            assertThat(calls.endings()).containsExactlyInAnyOrder("mamba rollback", "postgres rollback");
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void whatTheDatabaseRefusesInPrepareIsUndoneInMamba(boolean mambaFirst) throws Exception {
            try (Cashier cashier = cashier(mambaFirst)) {
                cashier.begin();
                assertThat(cashier.takePayment()).isEqualTo("o1");
                cashier.chargeNobody();

                assertThatThrownBy(transactions::commit).isInstanceOf(RollbackException.class);
            }

            assertNoneOfItHappened();
            assertThat(calls.endings()).contains("postgres prepare", "mamba rollback");
            assertThat(calls.endings().contains("mamba prepare")).isEqualTo(mambaFirst);
        }

        @Test
        void messagesReadInAnotherTransactionMeanwhileStayApart() throws Exception {
            orders.add(List.of("o2"));
            mamba.send(List.of("o2"));
            try (Cashier first = cashier(true);
                    Cashier second = cashier(true)) {
                first.begin();
                assertThat(first.takePayment()).isEqualTo("o1");
                Transaction suspended = transactions.suspend();

                second.begin();
                assertThat(second.takePayment()).isEqualTo("o2");
                transactions.rollback();

                transactions.resume(suspended);
                transactions.commit();
            }

            assertThat(mamba.waiting()).containsExactly("o2");
            assertThat(orders.paid()).containsExactly("o1");
            assertThat(mamba.shipments()).containsExactly("o1");
        }

        @Test
        void mambaWithoutWorkIsReadOnlyAndNeedsNoSecondPhase() throws Exception {
            XAConnection database = orders.dataSource().getXAConnection();
            try (XAJMSContext idle = mamba.factory().createXAContext()) {
                transactions.begin();
                Transaction transaction = transactions.getTransaction();
                transaction.enlistResource(observed(idle));
                transaction.enlistResource(new ObservedResource("postgres", database.getXAResource(), calls));
                OrderTable.pay(database.getConnection(), "o1");
                transactions.commit();
            } finally {
                database.close();
            }

            assertThat(orders.paid()).containsExactly("o1");
            assertThat(mamba.waiting()).containsExactly("o1");
            assertThat(calls.endings()).containsExactly("mamba prepare", "postgres commit in one phase");
        }
    }

    @Nested
    class OverMambaAlone {
        @Test
        void oneResourceIsCommittedInOnePhase() throws Exception {
            try (XAJMSContext alone = mamba.factory().createXAContext()) {
                transactions.begin();
                transactions.getTransaction().enlistResource(observed(alone));
                forward(alone, alone);
                transactions.commit();
            }

            assertThat(mamba.waiting()).isEmpty();
            assertThat(mamba.shipments()).containsExactly("o1");
            assertThat(calls.endings()).containsExactly("mamba commit in one phase");
        }

        @Test
        void twoSessionsAreJoinedInOneBranch() throws Exception {
            try (XAJMSContext taking = mamba.factory().createXAContext();
                    XAJMSContext sending = mamba.factory().createXAContext()) {
                transactions.begin();
                transactions.getTransaction().enlistResource(observed(taking));
                transactions.getTransaction().enlistResource(observed(sending));
                forward(taking, sending);
                transactions.rollback();
                assertNoneOfItHappened();

                transactions.begin();
                transactions.getTransaction().enlistResource(observed(taking));
                transactions.getTransaction().enlistResource(observed(sending));
                forward(taking, sending);
                transactions.commit();
            }

            assertThat(mamba.waiting()).isEmpty();
            assertThat(mamba.shipments()).containsExactly("o1");
            assertThat(calls.all()).contains("mamba start", "mamba join");
            assertThat(calls.endings().stream().filter(call -> !call.equals("mamba join")))
                    .containsExactly("mamba rollback", "mamba commit in one phase");
        }

        @Test
        void aSuspendedSessionWorksInAnotherTransactionAndComesBack() throws Exception {
            try (XAJMSContext shared = mamba.factory().createXAContext()) {
                XAResource resource = observed(shared);
                transactions.begin();
                Transaction first = transactions.getTransaction();
                first.enlistResource(resource);
                send(shared, "first before");
                first.delistResource(resource, XAResource.TMSUSPEND);
                transactions.suspend();

                transactions.begin();
                transactions.getTransaction().enlistResource(resource);
                send(shared, "second");
                transactions.rollback();

                transactions.resume(first);
                first.enlistResource(resource);
                send(shared, "first after");
                transactions.commit();
            }

            assertThat(mamba.shipments()).containsExactly("first before", "first after");
            assertThat(calls.all()).contains("mamba suspend", "mamba resume");
        }

        @Test
        void aTransactionThatEndsWhileAnotherIsUnderWayLeavesThatAlone() throws Exception {
            try (XAJMSContext shared = mamba.factory().createXAContext()) {
                XAResource resource = observed(shared);
                transactions.begin();
                Transaction first = transactions.getTransaction();
                first.enlistResource(resource);
                send(shared, "first");
                first.delistResource(resource, XAResource.TMSUSPEND);
                transactions.suspend();
                transactions.begin();
                transactions.getTransaction().enlistResource(resource);

                first.commit();
                send(shared, "second");
                transactions.rollback();
            }

            assertThat(mamba.shipments()).containsExactly("first");
        }

        @Test
        void narayanasOwnProxyEnlistsAnOrdinaryConnection() throws Exception {
            ConnectionFactory ordinary =
                    new ConnectionFactoryProxy(mamba.factory(), new TransactionHelperImpl(transactions));
            for (boolean commit : new boolean[] {false, true}) {
                transactions.begin();
                try (Connection connection = ordinary.createConnection();
                        Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
                    connection.start();
                    Message payment = session.createConsumer(session.createQueue(Payments.PAYMENTS))
                            .receive(5_000);
                    session.createProducer(session.createQueue(Payments.SHIPMENTS))
                            .send(session.createTextMessage(payment.getBody(String.class)));
                }
                if (commit) {
                    transactions.commit();
                } else {
                    transactions.rollback();
                    assertNoneOfItHappened();
                }
            }

            assertThat(mamba.waiting()).isEmpty();
            assertThat(mamba.shipments()).containsExactly("o1");
        }

        @Test
        void workIsRefusedOnceTheTransactionHasTimedOut() throws Exception {
            try (XAJMSContext late = mamba.factory().createXAContext()) {
                JMSConsumer payments = late.createConsumer(late.createQueue(Payments.PAYMENTS));
                transactions.setTransactionTimeout(1);
                transactions.begin();
                transactions.setTransactionTimeout(0);
                Transaction impatient = transactions.getTransaction();
                impatient.enlistResource(observed(late));
                assertThat(payments.receiveBody(String.class, 5_000)).isEqualTo("o1");
                await().atMost(Duration.ofMinutes(1)).until(() -> impatient.getStatus() == Status.STATUS_ROLLEDBACK);

                assertThatThrownBy(() -> send(late, "too late")).isInstanceOf(IllegalStateRuntimeException.class);
                assertThatThrownBy(() -> payments.receiveBody(String.class, 5_000))
                        .isInstanceOf(IllegalStateRuntimeException.class);
                assertThatThrownBy(transactions::commit).isInstanceOf(RollbackException.class);
                assertNoneOfItHappened();

                transactions.begin();
                transactions.getTransaction().enlistResource(observed(late));
                assertThat(payments.receiveBody(String.class, 5_000)).isEqualTo("o1");
                send(late, "o1");
                transactions.commit();
            }

            assertThat(mamba.waiting()).isEmpty();
            assertThat(mamba.shipments()).containsExactly("o1");
        }

        @Test
        void closingTheSessionBeforeTheEndKeepsItsWork() throws Exception {
            transactions.begin();
            try (XAJMSContext shortLived = mamba.factory().createXAContext()) {
                transactions.getTransaction().enlistResource(observed(shortLived));
                forward(shortLived, shortLived);
            }
            transactions.commit();

            assertThat(mamba.waiting()).isEmpty();
            assertThat(mamba.shipments()).containsExactly("o1");
        }

        private void forward(XAJMSContext from, XAJMSContext to) {
            String order =
                    from.createConsumer(from.createQueue(Payments.PAYMENTS)).receiveBody(String.class, 5_000);
            assertThat(order).isEqualTo("o1");
            send(to, order);
        }

        private void send(XAJMSContext context, String order) {
            context.createProducer().send(context.createQueue(Payments.SHIPMENTS), order);
        }
    }

    private ObservedResource observed(XAJMSContext context) {
        return new ObservedResource("mamba", context.getXAResource(), calls);
    }
}
