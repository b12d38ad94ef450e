package io.mamba.transactions;

import jakarta.jms.JMSConsumer;
import jakarta.jms.Queue;
import jakarta.jms.XAJMSContext;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.XAConnection;
import org.jspecify.annotations.Nullable;

/**
 * One thread's work: takes a payment from Mamba, marks its order as paid in PostgreSQL, sends a shipment to Mamba. Who uses
 * it ends the transaction.
 */
final class Cashier implements AutoCloseable {
    private final TransactionManager transactions;
    private final XAJMSContext messages;
    private final XAConnection database;
    private final Connection rows;
    private final JMSConsumer payments;
    private final Queue shipments;
    private final List<ObservedResource> resources;

    Cashier(
            TransactionManager transactions,
            Payments mamba,
            OrderTable orders,
            boolean mambaFirst,
            ObservedResource.Observer observer)
            throws SQLException {
        this.transactions = transactions;
        messages = mamba.factory().createXAContext();
        database = orders.dataSource().getXAConnection();
        rows = database.getConnection();
        payments = messages.createConsumer(messages.createQueue(Payments.PAYMENTS));
        shipments = messages.createQueue(Payments.SHIPMENTS);
        var inMamba = new ObservedResource("mamba", messages.getXAResource(), observer);
        var inPostgres = new ObservedResource("postgres", database.getXAResource(), observer);
        resources = mambaFirst ? List.of(inMamba, inPostgres) : List.of(inPostgres, inMamba);
    }

    /** Begins a transaction over both. */
    void begin() throws SystemException, NotSupportedException, RollbackException {
        transactions.begin();
        Transaction transaction = transactions.getTransaction();
        for (ObservedResource resource : resources) {
            transaction.enlistResource(resource);
        }
    }

    /** The order whose payment was taken; null if none waits. */
    @Nullable
    String takePayment() throws SQLException {
        String order = payments.receiveBody(String.class, 1_000);
        if (order != null) {
            OrderTable.pay(rows, order);
            messages.createProducer().send(shipments, order);
        }
        return order;
    }

    /** What PostgreSQL refuses only at the end. */
    void chargeNobody() throws SQLException {
        OrderTable.chargeNobody(rows);
    }

    @Override
    public void close() throws SQLException {
        messages.close();
        database.close();
    }
}
