package io.mamba.shop.tests.lookups;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.servlet.annotation.WebServlet;
import java.util.concurrent.TimeUnit;
import javax.naming.InitialContext;

/** What a message-driven bean hears. */
@WebServlet("/page")
public class ListenerPage extends LookupPage {
    private static final long serialVersionUID = 1L;

    @Override
    @SuppressWarnings("BanJNDI") // the name is fixed
    String use() throws Exception {
        ConnectionFactory factory = InitialContext.doLookup("jms/CF");
        try (JMSContext context = factory.createContext()) {
            context.createProducer().send(context.createQueue("orders"), "found");
            return context.getMetaData().getJMSProviderName() + " " + ListenerBean.HEARD.poll(1, TimeUnit.MINUTES);
        }
    }
}
