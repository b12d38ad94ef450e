package io.mamba.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.examples.OrderExample;
import io.mamba.examples.PaymentExample;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The README's examples, run as programs. Their messages and decisions are kept below target. */
@ExtendWith(RunningPostgres.class)
class ExamplesIT {
    private static final Payments LOG = new Payments("mamba:file:target/example-log");

    @Test
    void theFirstExampleSendsAndReceivesAnOrder() throws Exception {
        assertThat(outputOf(JavaProgram.start(OrderExample.class))).containsExactly("Got 2 x coffee");
    }

    @Test
    void theExampleOfATransactionTakesAPaymentMarksARowAndSendsAShipment(Postgres postgres) throws Exception {
        OrderTable orders = postgres.database("example");
        orders.add(List.of("o1"));
        int shipped = LOG.shipments().size();
        LOG.send(List.of("o1"));

        assertThat(outputOf(JavaProgram.start(PaymentExample.class, orders.url())))
                .isEmpty();

        assertThat(LOG.waiting()).isEmpty();
        assertThat(orders.paid()).containsExactly("o1");
        assertThat(LOG.shipments()).hasSize(shipped + 1);
    }

    private static List<String> outputOf(JavaProgram program) throws Exception {
        assertThat(program.exitCode()).as("%s", program.lines()).isZero();
        return program.lines();
    }
}
