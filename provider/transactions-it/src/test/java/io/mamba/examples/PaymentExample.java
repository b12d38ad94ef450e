package io.mamba.examples;

import io.mamba.jms.MambaConnectionFactory;
import jakarta.jms.XAJMSContext;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.sql.PreparedStatement;
import javax.sql.XAConnection;
import org.postgresql.xa.PGXADataSource;

public final class PaymentExample {
    /** Takes a payment, marks its order as paid and asks for shipping: all of it or none of it. */
    public static void main(String[] args) throws Exception {
        System.setProperty("ObjectStoreEnvironmentBean.objectStoreDir", "target/example-transactions");
        TransactionManager narayana = com.arjuna.ats.jta.TransactionManager.transactionManager();
        var postgres = new PGXADataSource();
        postgres.setUrl(args[0]);
        XAConnection rows = postgres.getXAConnection();
        try (XAJMSContext mamba = new MambaConnectionFactory("mamba:file:target/example-log").createXAContext()) {
            narayana.begin();
            Transaction transaction = narayana.getTransaction();
            transaction.enlistResource(mamba.getXAResource());
            transaction.enlistResource(rows.getXAResource());

            var payments = mamba.createConsumer(mamba.createQueue("payments"));
            String order = payments.receiveBody(String.class, 5_000);
            String update = "UPDATE orders SET state = 'PAID' WHERE id = ?";
            try (PreparedStatement paid = rows.getConnection().prepareStatement(update)) {
                paid.setString(1, order);
                paid.executeUpdate();
            }
            mamba.createProducer().send(mamba.createQueue("shipments"), order);
            narayana.commit();
        } finally {
            rows.close();
        }
    }
}
