package io.mamba.ra.payara;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnectionFactory;
import jakarta.transaction.UserTransaction;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Objects;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The real archive in a real server, used by an application: these methods run inside it. */
@ExtendWith(ArquillianExtension.class)
public class PayaraMicroIT {
    @Inject
    private Mail mail;

    @Inject
    private Ledger ledger;

    @Resource
    private UserTransaction transaction;

    @Inject
    @JMSConnectionFactory("jms/CF")
    private JMSContext injected;

    @Deployment
    public static WebArchive application() throws URISyntaxException {
        return Application.of("it.war", PayaraMicroIT.class.getPackage());
    }

    private static String text(@Nullable Message message) throws JMSException {
        return ((TextMessage) Objects.requireNonNull(message, "no message came")).getText();
    }

    @SuppressWarnings({"BanJNDI", "TypeParameterUnusedInFormals"}) // looking up is what is tested; the names are fixed
    private <T> T lookUp(String name) throws NamingException {
        return InitialContext.doLookup(name);
    }

    /** Of two resource managers one commits first. */
    private void entered(String text) {
        await().atMost(Duration.ofMinutes(1)).until(() -> ledger.count(text) == 1);
    }

    @Test
    public void factoriesAndDestinationsAreInJndi() throws NamingException, JMSException {
        assertThat(this.<Object>lookUp("jms/CF")).isInstanceOf(ConnectionFactory.class);
        assertThat(this.<Object>lookUp("jms/QueueCF")).isInstanceOf(QueueConnectionFactory.class);
        assertThat(this.<Object>lookUp("jms/TopicCF")).isInstanceOf(TopicConnectionFactory.class);
        assertThat(this.<Queue>lookUp("jms/entries").getQueueName()).isEqualTo("it.entries");
        assertThat(this.<Topic>lookUp("jms/news").getTopicName()).isEqualTo("it.news");
    }

    @Test
    public void aMessageIsTakenEnteredAndSentOnInOneTransaction() throws JMSException, NamingException {
        mail.to(this.<Queue>lookUp("jms/entries"), "plain");

        assertThat(text(mail.from("it.entered"))).isEqualTo("plain at attempt 1");
        entered("plain");
    }

    @Test
    public void whatTheBeanDidIsUndoneInBothAndTheMessageComesAgain() throws JMSException {
        mail.toQueue("it.entries", "once failing");

        assertThat(text(mail.from("it.entered"))).isEqualTo("once failing at attempt 2");
        entered("once failing");
        assertThat(mail.fromNow("it.entered")).isNull();
    }

    @Test
    public void aMessageThatAlwaysFailsIsADeadLetterWithItsCause() throws JMSException {
        mail.toQueue("it.entries", "refused for ever");

        Message dead = mail.from("DLQ.it.entries");

        assertThat(text(dead)).isEqualTo("refused for ever");
        assertThat(Objects.requireNonNull(dead).getStringProperty("JMS_Mamba_Cause"))
                .contains("java.lang.IllegalStateException: refused: refused for ever");
        assertThat(dead.getIntProperty("JMS_Mamba_Attempts")).isEqualTo(3);
        assertThat(dead.getStringProperty("JMS_Mamba_Origin")).contains("it.entries");
        assertThat(ledger.count("refused for ever")).isZero();
        assertThat(mail.fromNow("it.entered")).isNull();
    }

    @Test
    public void aMessageWhoseTransactionIsMarkedForRollbackIsADeadLetterToo() throws JMSException {
        mail.toQueue("it.entries", "marked");

        Message dead = mail.from("DLQ.it.entries");

        assertThat(text(dead)).isEqualTo("marked");
        assertThat(Objects.requireNonNull(dead).getStringProperty("JMS_Mamba_Cause"))
                .contains("setRollbackOnly");
        assertThat(ledger.count("marked")).isZero();
    }

    @Test
    public void withoutTransactionAMessageIsSettledAfterTheBeanAndFailsWithIt() throws JMSException {
        mail.toQueue("it.loose", "easy");
        assertThat(text(mail.from("it.loosened"))).isEqualTo("easy at attempt 1");

        mail.toQueue("it.loose", "refused");
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(text(mail.from("it.loosened"))).isEqualTo("refused at attempt " + attempt);
        }
        assertThat(Objects.requireNonNull(mail.from("DLQ.it.loose")).getStringProperty("JMS_Mamba_Cause"))
                .contains("java.lang.IllegalArgumentException: not loose: refused");
    }

    @Test
    public void aDurableSubscriberReadsATopic() throws JMSException, NamingException {
        mail.to(this.<Topic>lookUp("jms/news"), "hot");

        assertThat(text(mail.from("it.read"))).isEqualTo("hot");
    }

    @Test
    public void sendsAndRowsOfARolledBackTransactionAreGone() throws Exception {
        transaction.begin();
        mail.toQueue("it.sent", "never");
        ledger.enter("never");
        transaction.rollback();

        assertThat(mail.fromNow("it.sent")).isNull();
        assertThat(ledger.count("never")).isZero();

        transaction.begin();
        mail.toQueue("it.sent", "now");
        ledger.enter("now");
        assertThat(mail.fromNow("it.sent")).isNull();
        transaction.commit();

        assertThat(text(mail.from("it.sent"))).isEqualTo("now");
        assertThat(ledger.count("now")).isEqualTo(1);
    }

    @Test
    public void anInjectedContextSends() throws Exception {
        transaction.begin();
        injected.createProducer().send(injected.createQueue("it.injected"), "by injection");
        transaction.commit();

        assertThat(text(mail.from("it.injected"))).isEqualTo("by injection");
    }

    @Test
    public void theClassicApiWorksOverTheQueueFactory() throws Exception {
        QueueConnectionFactory factory = lookUp("jms/QueueCF");
        QueueConnection connection = factory.createQueueConnection();
        try {
            Session session = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
            session.createProducer(session.createQueue("it.classic")).send(session.createTextMessage("classic"));
            connection.start();
            Message received =
                    session.createConsumer(session.createQueue("it.classic")).receive(60_000);

            assertThat(text(received)).isEqualTo("classic");
        } finally {
            connection.close();
        }
    }
}
