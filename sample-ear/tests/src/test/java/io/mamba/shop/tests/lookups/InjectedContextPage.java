package io.mamba.shop.tests.lookups;

import static java.util.Objects.requireNonNull;

import jakarta.inject.Inject;
import jakarta.jms.JMSConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.transaction.UserTransaction;
import javax.naming.InitialContext;
import org.jspecify.annotations.Nullable;

/** {@code @Inject JMSContext}. */
@WebServlet("/page")
public class InjectedContextPage extends LookupPage {
    private static final long serialVersionUID = 1L;

    @Inject
    @JMSConnectionFactory("jms/CF")
    private transient @Nullable JMSContext context;

    @Override
    @SuppressWarnings("BanJNDI") // a name of the standard
    String use() throws Exception {
        JMSContext injected = requireNonNull(context);
        UserTransaction transaction = InitialContext.doLookup("java:comp/UserTransaction");
        transaction.begin();
        injected.createProducer().send(injected.createQueue("orders"), "found");
        transaction.commit();
        transaction.begin();
        String received =
                injected.createConsumer(injected.createQueue("orders")).receiveBody(String.class, 60_000);
        String provider = injected.getMetaData().getJMSProviderName();
        transaction.commit();
        return provider + " " + received + " in orders";
    }
}
