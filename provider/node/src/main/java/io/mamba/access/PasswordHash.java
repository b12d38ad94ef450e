package io.mamba.access;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A salted password hash (PBKDF2, RFC 8018), as text {@code pbkdf2-sha512$<iterations>$<salt>$<hash>}. Slow on purpose:
 * about a tenth of a second.
 */
record PasswordHash(int iterations, String salt, String hash) {
    private static final String SCHEME = "pbkdf2-sha512";
    private static final String ALGORITHM = "PBKDF2WithHmacSHA512";

    /** What OWASP's password storage cheat sheet names for this algorithm. */
    private static final int ITERATIONS = 210_000;

    /** So that a damaged file cannot keep a processor busy for hours. */
    private static final int MOST_ITERATIONS = 10_000_000;

    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 512;
    private static final SecureRandom RANDOM = new SecureRandom();

    static PasswordHash of(String password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return new PasswordHash(ITERATIONS, encode(salt), encode(derive(password, salt, ITERATIONS)));
    }

    /** @throws MambaException INVALID_ARGUMENT */
    static PasswordHash parse(String text) {
        String[] parts = text.split("\\$", -1);
        if (parts.length == 4 && parts[0].equals(SCHEME)) {
            try {
                int iterations = Integer.parseInt(parts[1]);
                boolean complete = Base64.getDecoder().decode(parts[2]).length > 0
                        && Base64.getDecoder().decode(parts[3]).length * 8 == HASH_BITS;
                if (iterations > 0 && iterations <= MOST_ITERATIONS && complete) {
                    return new PasswordHash(iterations, parts[2], parts[3]);
                }
            } catch (IllegalArgumentException malformed) {
                throw refused(malformed);
            }
        }
        throw refused(null);
    }

    boolean matches(String password) {
        byte[] salted = Base64.getDecoder().decode(salt);
        byte[] expected = Base64.getDecoder().decode(hash);
        return MessageDigest.isEqual(expected, derive(password, salted, iterations));
    }

    String text() {
        return String.join("$", SCHEME, Integer.toString(iterations), salt, hash);
    }

    /** Without the hash: this may end up in a log. */
    @Override
    public String toString() {
        return SCHEME;
    }

    private static byte[] derive(String password, byte[] salt, int iterations) {
        char[] characters = password.toCharArray();
        PBEKeySpec spec = new PBEKeySpec(characters, salt, iterations, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException missing) {
            throw new MambaException(
                    ErrorCode.INTERNAL,
                    "This Java has no " + ALGORITHM + ", which every Java 17 should have: " + missing,
                    missing);
        } finally {
            spec.clearPassword();
            Arrays.fill(characters, '\0');
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static MambaException refused(@Nullable Throwable cause) {
        return new MambaException(
                ErrorCode.INVALID_ARGUMENT,
                "The password hash is not " + SCHEME + "$<iterations>$<salt>$<hash>; let MambaAdmin write it.",
                cause);
    }
}
