package io.mamba.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import io.mamba.message.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersFileTest {
    private static final Address ORDERS = Address.queue("orders");
    private static final Address PAYMENTS = Address.queue("payments");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private UsersFile users;

    private long now;

    @BeforeEach
    void addTheFirstUser() {
        users = new UsersFile(directory.resolve("users"), () -> now);
        users.put("root", "r00t");
    }

    @Test
    void theFirstUserMayDoEverythingAndTheNextNothing() {
        users.put("alice", "wonder");

        Access root = users.login("root", "r00t");
        Access alice = users.login("alice", "wonder");

        assertThatCode(() -> {
                    root.check(Right.SEND, ORDERS);
                    root.checkAdministration();
                })
                .doesNotThrowAnyException();
        refused("User 'alice' may not send to queue://orders", () -> alice.check(Right.SEND, ORDERS));
        refused("User 'alice' may not administer", alice::checkAdministration);
    }

    @Test
    void aWrongPasswordIsRefusedBeforeAndAfterARightOne() {
        refused("Wrong name or password", () -> users.login("root", "wrong"));
        users.login("root", "r00t");
        users.login("root", "r00t");
        refused("Wrong name or password", () -> users.login("root", "wrong"));
        refused("Wrong name or password", () -> users.login("nobody", ""));
        refused("give a name and a password", () -> users.login(null, null));
    }

    @Test
    void anotherPasswordReplacesTheFirst() {
        users.login("root", "r00t");
        users.put("root", "new");

        refused("Wrong name or password", () -> users.login("root", "r00t"));
        users.login("root", "new").checkAdministration();
    }

    @Test
    void patternsCoverWhatStartsSo() {
        users.put("alice", "wonder");
        users.put(new Grant("alice", EnumSet.of(Right.SEND), "queue://pay*"));
        users.put(new Grant(Grant.ANY, EnumSet.of(Right.BROWSE), "*"));
        Access alice = users.login("alice", "wonder");

        assertThatCode(() -> {
                    alice.check(Right.SEND, PAYMENTS);
                    alice.check(Right.BROWSE, Address.topic("prices"));
                })
                .doesNotThrowAnyException();
        refused("may not send to topic://payments", () -> alice.check(Right.SEND, Address.topic("payments")));
        refused("may not receive from queue://payments", () -> alice.check(Right.RECEIVE, PAYMENTS));
    }

    @Test
    void temporaryDestinationsNeedNoRight() {
        users.put("alice", "wonder");
        Access alice = users.login("alice", "wonder");

        assertThatCode(() -> alice.check(Right.SEND, new Address(Address.Kind.TEMPORARY_QUEUE, "reply")))
                .doesNotThrowAnyException();
    }

    @Test
    void whoIsRemovedLosesEveryRight() {
        users.put("alice", "wonder");
        users.put(new Grant("alice", EnumSet.of(Right.SEND), "*"));
        users.put(new Grant(Grant.ANY, EnumSet.of(Right.BROWSE, Right.ADMINISTER), "*"));
        Access alice = users.login("alice", "wonder");
        alice.check(Right.SEND, ORDERS);
        alice.check(Right.BROWSE, ORDERS);
        alice.checkAdministration();

        users.remove("alice");

        refused("may not send", () -> alice.check(Right.SEND, ORDERS));
        refused("may not browse", () -> alice.check(Right.BROWSE, ORDERS));
        refused("may not administer", alice::checkAdministration);
        assertThat(users.names()).containsExactly("root");
        assertThat(users.grants()).extracting(Grant::user).containsExactlyInAnyOrder("root", Grant.ANY);
    }

    @Test
    void theFileHoldsNoPasswordAndIsTheOwnersAlone() throws IOException {
        Path file = users.path();

        assertThat(Files.readString(file)).doesNotContain("r00t").contains("user root pbkdf2-sha512$");
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void anEditByHandTakesEffect() throws IOException {
        users.put("alice", "wonder");
        Access alice = users.login("alice", "wonder");

        Files.writeString(
                users.path(),
                Files.readString(users.path()) + "\n# by hand\n  grant alice  send,receive  queue://orders\n");

        refused("may not receive", () -> alice.check(Right.RECEIVE, ORDERS));
        now += Duration.ofSeconds(2).toNanos();
        alice.check(Right.RECEIVE, ORDERS);
    }

    @Test
    void aDamagedEditLeavesWhatHeldBefore() throws IOException {
        Access root = users.login("root", "r00t");

        Files.writeString(users.path(), "grant root everything *");
        now += Duration.ofSeconds(2).toNanos();

        UsersFile fresh = new UsersFile(users.path());
        assertThatThrownBy(() -> fresh.login("root", "r00t"))
                .isInstanceOfSatisfying(
                        MambaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("Line 1: 'everything' is not a right");
        assertThatCode(() -> root.check(Right.SEND, ORDERS)).doesNotThrowAnyException();
    }

    @Test
    void damagedLinesAreNamed() {
        for (String line : List.of(
                "user root",
                "user * pbkdf2-sha512$1$AA==$AA==",
                "user root md5$x",
                "user root pbkdf2-sha512$99999999999$AA==$AA==",
                "grant root send orders",
                "grant root send temporary-queue://x",
                "grant root administer queue://orders",
                "group root")) {
            assertThatThrownBy(() -> Users.parse(List.of("# a comment", line)))
                    .as(line)
                    .isInstanceOf(MambaException.class)
                    .hasMessageStartingWith("Line 2: ");
        }
    }

    private static void refused(String text, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MambaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SECURITY))
                .hasMessageContaining(text);
    }
}
