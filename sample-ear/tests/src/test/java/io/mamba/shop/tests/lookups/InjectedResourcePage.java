package io.mamba.shop.tests.lookups;

import static java.util.Objects.requireNonNull;

import jakarta.annotation.Resource;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.servlet.annotation.WebServlet;
import org.jspecify.annotations.Nullable;

/** {@code @Resource(lookup)}. */
@WebServlet("/page")
public class InjectedResourcePage extends LookupPage {
    private static final long serialVersionUID = 1L;

    @Resource(lookup = "jms/CF")
    private transient @Nullable ConnectionFactory factory;

    @Resource(lookup = "jms/orders")
    private transient @Nullable Queue queue;

    @Override
    String use() throws JMSException {
        return use(requireNonNull(factory), requireNonNull(queue));
    }
}
