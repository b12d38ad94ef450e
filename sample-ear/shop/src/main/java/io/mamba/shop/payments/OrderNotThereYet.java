package io.mamba.shop.payments;

/** A payment overtook its order: it comes again later, and in the end becomes a dead letter. */
class OrderNotThereYet extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OrderNotThereYet(String orderId) {
        super("There is no order " + orderId + " to be paid");
    }
}
