package io.mamba.access;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.message.Address;
import java.util.EnumSet;
import java.util.Set;

/**
 * Rights of one user, or of all, for the destinations of a pattern.
 *
 * @param user a name, or {@code *} for everyone who has logged in
 * @param rights at least one
 * @param destinations {@code queue://orders}, {@code topic://prices.*} (all topics whose name starts with {@code prices.}),
 *     or {@code *} for all
 */
public record Grant(String user, Set<Right> rights, String destinations) {
    public static final String ANY = "*";

    public Grant {
        if (rights.isEmpty()) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A grant needs at least one right, but there is none for '" + user + "'.");
        }
        rights = Set.copyOf(rights);
        if (!user.equals(ANY)) {
            Users.checkName(user);
        }
        if (!destinations.equals(ANY)) {
            checkPattern(destinations);
        }
        if (rights.contains(Right.ADMINISTER) && !destinations.equals(ANY)) {
            rights = without(rights, Right.ADMINISTER, destinations);
        }
    }

    private static Set<Right> without(Set<Right> rights, Right right, String destinations) {
        Set<Right> rest = EnumSet.copyOf(rights);
        rest.remove(right);
        if (rest.isEmpty()) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "The right to administer holds for the whole log: grant it for '*', not for " + destinations + ".");
        }
        return Set.copyOf(rest);
    }

    private static void checkPattern(String pattern) {
        boolean control = pattern.chars().anyMatch(Character::isISOControl);
        Address address = Address.parse(pattern);
        if (control || address.kind().isTemporary()) {
            throw new MambaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + pattern + "' does not name destinations that rights are given for: expected queue://<name>,"
                            + " topic://<name>, with * at the end for all that start so, or * alone.");
        }
    }

    boolean covers(String name, Address address) {
        return (user.equals(ANY) || user.equals(name)) && matches(address);
    }

    private boolean matches(Address address) {
        if (destinations.equals(ANY)) {
            return true;
        }
        String given = address.toString();
        return destinations.endsWith(ANY)
                ? given.startsWith(destinations.substring(0, destinations.length() - 1))
                : given.equals(destinations);
    }
}
