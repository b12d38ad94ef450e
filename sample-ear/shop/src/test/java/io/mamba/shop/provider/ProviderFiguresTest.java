package io.mamba.shop.provider;

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
        assertThat(figures.of("shop.payments")).isEqualTo(new ProviderFigures.Figures(7, 2, 1, 40));
        assertThat(figures.of("shop.shipments")).isEqualTo(new ProviderFigures.Figures(0, 0, 0, 0));
    }

    @Test
    void sendsDeadLettersBack() throws Exception {
        server.registerMBean(new Node(), new ObjectName("io.mamba:type=Node,name=n1"));

        assertThat(Redrive.of("queue://shop.payments", server)).isEqualTo(5);
    }

    @Test
    void saysWhyTheProviderDidNotSendThemBack() throws Exception {
        server.registerMBean(new Node(), new ObjectName("io.mamba:type=Node,name=n1"));

        assertThatThrownBy(() -> Redrive.of("queue://nowhere", server))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("There is no destination queue://nowhere");
    }

    /** The shape of the provider's MBean, as far as the shop needs it. */
    @MXBean
    public interface NodeMXBean {
        Destination[] getDestinations();

        int getInDoubt();

        int redrive(String destination);
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

        public long getSettled() {
            return 40;
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

        @Override
        public int redrive(String destination) {
            if (!destination.equals("queue://shop.payments")) {
                throw new IllegalArgumentException("There is no destination " + destination);
            }
            return 5;
        }
    }
}
