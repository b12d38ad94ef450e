package io.mamba.jms.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.MambaException;
import io.mamba.access.Grant;
import io.mamba.access.Right;
import io.mamba.admin.MambaAdmin;
import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users, and what they may do with which destination. */
abstract class SecurityConformance extends Conformance {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path place;

    private String secured() {
        return url("users=" + place.resolve("users"));
    }

    private MambaAdmin admin() {
        return MambaAdmin.open(secured() + "&user=root&password=r00t");
    }

    private void grant(String user, Set<Right> rights, String destinations) {
        try (MambaAdmin admin = admin()) {
            admin.grant(new Grant(user, rights, destinations));
        }
    }

    @BeforeEach
    void addUsers() {
        try (MambaAdmin admin = MambaAdmin.open(secured())) {
            admin.putUser("root", "r00t");
            admin.putUser("alice", "wonder");
        }
    }

    private Session asAlice() throws JMSException {
        Connection connection = closing(new MambaConnectionFactory(secured()).createConnection("alice", "wonder"));
        connection.start();
        return connection.createSession();
    }

    @Test
    void wrongCredentialsAreRefused() {
        MambaConnectionFactory factory = new MambaConnectionFactory(secured());

        assertThatThrownBy(() -> factory.createConnection("alice", "wrong")).isInstanceOf(JMSSecurityException.class);
        assertThatThrownBy(() -> factory.createConnection("nobody", "wonder")).isInstanceOf(JMSSecurityException.class);
        assertThatThrownBy(factory::createConnection).isInstanceOf(JMSSecurityException.class);
        assertThatThrownBy(() -> factory.createContext("alice", "wrong"))
                .isInstanceOf(JMSSecurityRuntimeException.class);
        assertThatThrownBy(() -> factory.createXAConnection("alice", "wrong")).isInstanceOf(JMSSecurityException.class);
    }

    @Test
    void credentialsOfFactoryAndUrlAreTheDefault() throws JMSException {
        MambaConnectionFactory factory = new MambaConnectionFactory(secured());
        factory.setUser("alice");
        factory.setPassword("wonder");
        factory.createConnection().close();

        new MambaConnectionFactory(secured() + "&user=alice&password=wonder")
                .createConnection()
                .close();
    }

    @Test
    void whatIsNotGrantedIsRefused() throws JMSException {
        try (MambaAdmin admin = admin()) {
            admin.create("queue://orders");
        }
        Session session = asAlice();

        assertThatThrownBy(() -> session.createProducer(queue(session)))
                .isInstanceOf(JMSSecurityException.class)
                .hasMessageContaining("User 'alice' may not send to queue://orders");
        assertThatThrownBy(() -> session.createConsumer(queue(session)))
                .isInstanceOf(JMSSecurityException.class)
                .hasMessageContaining("may not receive from queue://orders");
        assertThatThrownBy(() -> session.createBrowser(queue(session)).getEnumeration())
                .isInstanceOf(JMSSecurityException.class)
                .hasMessageContaining("may not browse queue://orders");
        MessageProducer any = session.createProducer(null);
        assertThatThrownBy(() -> any.send(queue(session), session.createMessage()))
                .isInstanceOf(JMSSecurityException.class);
        try (JMSContext context =
                new MambaConnectionFactory(secured()).createContext("alice", "wonder", JMSContext.SESSION_TRANSACTED)) {
            assertThatThrownBy(() -> context.createProducer().send(context.createQueue("orders"), "x"))
                    .isInstanceOf(JMSSecurityRuntimeException.class);
        }
    }

    @Test
    void whatIsGrantedIsDone() throws JMSException {
        grant("alice", EnumSet.of(Right.SEND, Right.RECEIVE, Right.BROWSE, Right.CREATE), "queue://ord*");
        Session session = asAlice();

        send(session, queue(session), "a");

        assertThat(listed(session.createBrowser(queue(session)).getEnumeration()))
                .hasSize(1);
        assertThat(nextText(session.createConsumer(queue(session)))).isEqualTo("a");
    }

    @Test
    void creatingByFirstUseNeedsARight() throws JMSException {
        grant("alice", EnumSet.of(Right.SEND), "*");
        Session session = asAlice();

        assertThatThrownBy(() -> session.createProducer(queue(session)))
                .isInstanceOf(JMSSecurityException.class)
                .hasMessageContaining("may not create queue://orders");

        try (MambaAdmin admin = admin()) {
            admin.create("queue://orders");
        }
        send(session, queue(session), "a");
    }

    @Test
    void aRightTakenBackStopsAnOpenProducer() throws JMSException {
        grant("alice", EnumSet.of(Right.SEND, Right.CREATE), "*");
        Session session = asAlice();
        MessageProducer producer = session.createProducer(queue(session));
        producer.send(session.createMessage());

        try (MambaAdmin admin = admin()) {
            admin.revoke("alice", "*");
        }

        assertThatThrownBy(() -> producer.send(session.createMessage())).isInstanceOf(JMSSecurityException.class);
    }

    @Test
    void subscriptionsNeedTheRightToReceive() throws JMSException {
        grant("alice", EnumSet.of(Right.RECEIVE, Right.CREATE), "topic://prices");
        Session session = asAlice();
        session.createSharedDurableConsumer(topic(session), "watch").close();

        grant("alice", EnumSet.of(Right.BROWSE), "topic://prices");

        assertThatThrownBy(() -> session.unsubscribe("watch")).isInstanceOf(JMSSecurityException.class);
        assertThatThrownBy(() -> session.createConsumer(topic(session))).isInstanceOf(JMSSecurityException.class);
    }

    @Test
    void repliesGoToATemporaryQueueWithoutRights() throws JMSException {
        Session session = asAlice();
        TemporaryQueue replies = session.createTemporaryQueue();
        MessageConsumer consumer = session.createConsumer(replies);

        send(session, replies, "answer");

        assertThat(nextText(consumer)).isEqualTo("answer");
    }

    @Test
    void onlyWhoMayAdministerDoes() {
        assertThatThrownBy(() -> MambaAdmin.open(secured() + "&user=alice&password=wonder"))
                .isInstanceOf(MambaException.class)
                .hasMessageContaining("may not administer");
        assertThatThrownBy(() -> MambaAdmin.open(secured())).isInstanceOf(MambaException.class);
    }

    @Test
    void aUrlWithoutUsersDoesNotLeadAroundThem() throws JMSException {
        Connection held = closing(new MambaConnectionFactory(secured()).createConnection("alice", "wonder"));

        assertThatThrownBy(() -> factory().createConnection()).isInstanceOf(JMSSecurityException.class);
        assertThat(held.getClientID()).isNull();
    }

    @Test
    void otherUsersForAnOpenLogAreRefused() throws JMSException {
        Connection held = connection();

        assertThatThrownBy(() -> new MambaConnectionFactory(secured()).createConnection("alice", "wonder"))
                .isInstanceOf(JMSException.class)
                .hasMessageContaining("give the same 'users' in every URL");
        assertThat(held.getClientID()).isNull();
    }
}
