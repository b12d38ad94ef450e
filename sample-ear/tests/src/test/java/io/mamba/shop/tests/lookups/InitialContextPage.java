package io.mamba.shop.tests.lookups;

import jakarta.jms.JMSException;
import jakarta.servlet.annotation.WebServlet;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** {@code InitialContext}. */
@WebServlet("/page")
public class InitialContextPage extends LookupPage {
    private static final long serialVersionUID = 1L;

    @Override
    @SuppressWarnings("BanJNDI") // looking up is what is tested; the names are fixed
    String use() throws NamingException, JMSException {
        return use(InitialContext.doLookup("jms/CF"), InitialContext.doLookup("jms/orders"));
    }
}
