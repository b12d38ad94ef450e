package io.mamba.shop.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.shop.Problem;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.MXBean;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class ProviderFiguresTest {

    private final MBeanServer server = MBeanServerFactory.newMBeanServer();

    @Test
    void refusesToAnswerWithoutAProvider() {
        assertThatThrownBy(() -> ProviderFigures.read(server))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(503))
                .hasMessageContaining("no MBean");
    }

    @Test
    void readsWhatTheProviderSays() throws Exception {
        server.registerMBean(new Node(), new ObjectName("io.mamba:type=Node,name=n1"));

        ProviderFigures figures = ProviderFigures.read(server);

        assertThat(figures.inDoubt()).isEqualTo(3);
        assertThat(figures.of("shop.payments")).isEqualTo(new ProviderFigures.QueueFigures(7, 2, 1));
        assertThat(figures.of("shop.shipments")).isEqualTo(new ProviderFigures.QueueFigures(0, 0, 0));
    }

    /** The shape of the provider's MBean, as far as the shop needs it. */
    @MXBean
    public interface NodeMXBean {
        Destination[] getDestinations();

        int getInDoubt();
    }

    public static class Destination {
        public String getName() {
            return "queue://shop.payments";
        }

        public long getDepth() {
            return 7;
        }

        public long getInFlight() {
            return 2;
        }

        public long getDeadLettered() {
            return 1;
        }
    }

    public static class Node implements NodeMXBean {
        @Override
        public Destination[] getDestinations() {
            return new Destination[] {new Destination()};
        }

        @Override
        public int getInDoubt() {
            return 3;
        }
    }
}
