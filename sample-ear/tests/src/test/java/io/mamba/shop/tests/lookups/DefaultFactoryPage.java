package io.mamba.shop.tests.lookups;

import static java.util.Objects.requireNonNull;

import jakarta.annotation.Resource;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.servlet.annotation.WebServlet;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/** The server's default connection factory. */
@WebServlet("/page")
public class DefaultFactoryPage extends LookupPage {
    private static final long serialVersionUID = 1L;

    @Resource
    private transient @Nullable ConnectionFactory factory;

    @Override
    @SuppressWarnings("BanJNDI") // looking up is what is tested; the names are fixed
    String use() throws NamingException, JMSException {
        return use(requireNonNull(factory), InitialContext.doLookup("jms/orders"));
    }
}
