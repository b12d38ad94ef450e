package io.mamba.transactions;

import jakarta.jms.XAJMSContext;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/** A program that leaves branches behind: two prepared, one only begun; then it halts. Its argument is the URL. */
final class PreparingProgram {
    private PreparingProgram() {}

    public static void main(String[] args) throws XAException {
        Payments mamba = new Payments(args[0]);
        try (XAJMSContext forwarding = mamba.factory().createXAContext();
                XAJMSContext sending = mamba.factory().createXAContext();
                XAJMSContext begun = mamba.factory().createXAContext()) {
            start(forwarding, "forwarding");
            String order = forwarding
                    .createConsumer(forwarding.createQueue(Payments.PAYMENTS))
                    .receiveBody(String.class, 10_000);
            send(forwarding, order);
            prepare(forwarding, "forwarding");

            start(sending, "sending");
            send(sending, "sent");
            prepare(sending, "sending");

            start(begun, "begun");
            send(begun, "never sent");
            System.out.println("took " + order);
            System.out.flush();
            Runtime.getRuntime().halt(99);
        }
    }

    private static void start(XAJMSContext context, String transaction) throws XAException {
        context.getXAResource().start(new BranchName(transaction), XAResource.TMNOFLAGS);
    }

    private static void send(XAJMSContext context, String order) {
        context.createProducer().send(context.createQueue(Payments.SHIPMENTS), order);
    }

    private static void prepare(XAJMSContext context, String transaction) throws XAException {
        context.getXAResource().end(new BranchName(transaction), XAResource.TMSUCCESS);
        context.getXAResource().prepare(new BranchName(transaction));
    }
}
