package io.mamba.access;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.message.Address;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The users of a log and what they are granted: the content of a users file, immutable. What nobody granted is refused.
 *
 * <pre>
 * user alice pbkdf2-sha512$210000$...$...
 * grant alice send,receive queue://orders
 * grant * browse topic://prices.*
 * </pre>
 */
final class Users {
    static final Users NONE = new Users(Map.of(), List.of());

    private final SortedMap<String, PasswordHash> hashes;
    private final List<Grant> grants;

    private Users(Map<String, PasswordHash> hashes, Collection<Grant> grants) {
        this.hashes = new TreeMap<>(hashes);
        this.grants = List.copyOf(grants);
    }

    /** @throws MambaException INVALID_ARGUMENT that names the line */
    static Users parse(List<String> lines) {
        Map<String, PasswordHash> hashes = new TreeMap<>();
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                String[] words = line.split("\\s+", 4);
                if (words.length == 3 && words[0].equals("user")) {
                    checkName(words[1]);
                    if (hashes.put(words[1], PasswordHash.parse(words[2])) != null) {
                        throw refused("User '" + words[1] + "' is there twice.");
                    }
                } else if (words.length == 4 && words[0].equals("grant")) {
                    grants.add(new Grant(words[1], Right.parse(words[2]), words[3]));
                } else {
                    throw refused("Expected 'user <name> <hash>' or 'grant <name or *> <rights> <destinations or *>'.");
                }
            } catch (MambaException bad) {
                throw new MambaException(bad.code(), "Line " + (i + 1) + ": " + bad.getMessage(), bad);
            }
        }
        return new Users(hashes, grants);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "# Users of a Mamba log and what they may do; what is not granted is refused. MambaAdmin writes this");
        lines.add("# file and leaves out comments; it may be edited by hand, and takes effect within a second.");
        hashes.forEach((name, hash) -> lines.add("user " + name + " " + hash.text()));
        for (Grant grant : grants) {
            lines.add("grant " + grant.user() + " " + Right.text(grant.rights()) + " " + grant.destinations());
        }
        return lines;
    }

    List<String> names() {
        return List.copyOf(hashes.keySet());
    }

    List<Grant> grants() {
        return grants;
    }

    @Nullable
    PasswordHash hash(String name) {
        return hashes.get(name);
    }

    /** False for who is not a user (any more), whatever is granted to everyone. */
    boolean allows(String name, Right right, Address destination) {
        if (!hashes.containsKey(name)) {
            return false;
        }
        for (Grant grant : grants) {
            if (grant.rights().contains(right) && grant.covers(name, destination)) {
                return true;
            }
        }
        return false;
    }

    boolean allowsAdministration(String name) {
        return hashes.containsKey(name)
                && grants.stream()
                        .anyMatch(grant -> grant.rights().contains(Right.ADMINISTER)
                                && (grant.user().equals(name) || grant.user().equals(Grant.ANY)));
    }

    Users with(String name, PasswordHash hash) {
        checkName(name);
        Map<String, PasswordHash> changed = new TreeMap<>(hashes);
        changed.put(name, hash);
        return new Users(changed, grants);
    }

    /** Without the user and what was granted to him. */
    Users without(String name) {
        checkKnown(name);
        Map<String, PasswordHash> changed = new TreeMap<>(hashes);
        changed.remove(name);
        return new Users(
                changed,
                grants.stream().filter(grant -> !grant.user().equals(name)).toList());
    }

    /** Instead of what the user had for the same pattern. */
    Users with(Grant grant) {
        if (!grant.user().equals(Grant.ANY)) {
            checkKnown(grant.user());
        }
        List<Grant> changed = new ArrayList<>(without(grant.user(), grant.destinations()).grants);
        changed.add(grant);
        return new Users(hashes, changed);
    }

    Users without(String user, String destinations) {
        return new Users(
                hashes,
                grants.stream()
                        .filter(grant -> !grant.user().equals(user)
                                || !grant.destinations().equals(destinations))
                        .toList());
    }

    static void checkName(String name) {
        boolean bad = name.isEmpty()
                || name.equals(Grant.ANY)
                || name.startsWith("#")
                || name.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c));
        if (bad) {
            throw refused("'" + name + "' cannot be a user's name: expected one word, not '*', no '#' in front.");
        }
    }

    private void checkKnown(String name) {
        if (!hashes.containsKey(name)) {
            throw refused("There is no user '" + name + "'.");
        }
    }

    private static MambaException refused(String message) {
        return new MambaException(ErrorCode.INVALID_ARGUMENT, message);
    }
}
