package io.mamba.shop.run;

/** The shop cannot start, for a reason that the one who started it can understand. */
public class ShopException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ShopException(String message) {
        super(message);
    }

    public ShopException(String message, Throwable cause) {
        super(message, cause);
    }
}
