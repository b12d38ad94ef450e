package io.mamba.access;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.message.Address;
import org.jspecify.annotations.Nullable;

/** Who is logged in, and what that user may do now. Thread-safe. */
public final class Access {
    /** Of everyone, where no users are configured. */
    public static final Access UNRESTRICTED = new Access("", null);

    private final String user;
    private final @Nullable UsersFile file;

    Access(String user, @Nullable UsersFile file) {
        this.user = user;
        this.file = file;
    }

    /** Whether there is nothing to check. */
    public boolean isUnrestricted() {
        return file == null;
    }

    /** @throws MambaException SECURITY that names user, right and destination */
    public void check(Right right, Address destination) {
        UsersFile users = file;
        if (users == null || destination.kind().isTemporary()) {
            return;
        }
        if (!users.current().allows(user, right, destination)) {
            throw new MambaException(
                    ErrorCode.SECURITY,
                    "User '" + user + "' may not " + right.deed() + " " + destination + ": grant it in " + users.path()
                            + " or by MambaAdmin.");
        }
    }

    /** @throws MambaException SECURITY */
    public void checkAdministration() {
        UsersFile users = file;
        if (users != null && !users.current().allowsAdministration(user)) {
            throw new MambaException(
                    ErrorCode.SECURITY,
                    "User '" + user + "' may not administer this log: the right 'administer' for '*' is missing in "
                            + users.path() + ".");
        }
    }
}
