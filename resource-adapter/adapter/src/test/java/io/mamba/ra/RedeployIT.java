package io.mamba.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mamba.jms.MambaConnectionFactory;
import io.mamba.ra.fake.ArchiveLoader;
import io.mamba.ra.fake.FakeConnections;
import io.mamba.ra.fake.FakeEndpoints;
import io.mamba.ra.fake.FakeRecovery;
import io.mamba.ra.fake.FakeServer;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter deployed again and again in one server, each time from a class loader of its own, under traffic. */
class RedeployIT {
    private static final int DEPLOYMENTS = 20;
    private static final int BEFORE_STOPPING = 25;

    @TempDir
    Path directory;

    private final FakeServer server = new FakeServer();
    private final Set<String> sent = java.util.concurrent.ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Throwable> faults = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void installRecovery() {
        FakeRecovery.install();
    }

    @AfterEach
    void shutDown() throws InterruptedException {
        FakeRecovery.remove();
        server.shutDown();
    }

    @Test
    void leavesNoClassLoaderThreadFileOrBeanAndLosesNothing() throws Exception {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int deployment = 1; deployment <= DEPLOYMENTS; deployment++) {
            loaders.add(deployAndUndeploy(deployment));

            assertThat(beans()).isEmpty();
            assertThat(openFiles()).isEmpty();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(ownThreads()).isEmpty());
        }

        takeThePlaceOfTheLastLoader();
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            System.gc();
            assertThat(loaders).allMatch(loader -> loader.refersTo(null));
        });
        assertThat(FakeRecovery.registered())
                .hasSize(DEPLOYMENTS)
                .allSatisfy(registered -> assertThatThrownBy(() -> registered.recover(XAResource.TMSTARTRSCAN))
                        .isInstanceOfSatisfying(
                                XAException.class, e -> assertThat(e.errorCode).isEqualTo(XAException.XAER_RMFAIL)));
        assertThat(faults).isEmpty();
        assertThat(sent).hasSizeGreaterThanOrEqualTo(DEPLOYMENTS * BEFORE_STOPPING);
        assertEverySentMessageWasForwardedOnce();
    }

    /** Payara closes the class loader first when an application has failed to load: what stopping needs must be there before. */
    @Test
    void stoppingLoadsNoClass() throws Exception {
        ArchiveLoader archive = ArchiveLoader.open();
        ResourceAdapter adapter = archive.create("io.mamba.ra.MambaResourceAdapter", ResourceAdapter.class);
        set(adapter, "setUrl", "mamba:file:" + directory);
        adapter.start(server);
        FakeConnections pool = new FakeConnections();
        ConnectionFactory connections = connections(archive, adapter, pool);
        ActivationSpec spec = archive.create("io.mamba.ra.inbound.MambaActivationSpec", ActivationSpec.class);
        set(spec, "setDestination", "in");
        CountDownLatch received = new CountDownLatch(1);
        FakeEndpoints endpoints = FakeEndpoints.transacted(message -> received.countDown());
        adapter.endpointActivation(endpoints, spec);
        try (JMSContext context = connections.createContext()) {
            context.createProducer().send(context.createQueue("in"), "sent");
        }
        assertThat(received.await(1, TimeUnit.MINUTES)).isTrue();

        archive.seal();
        adapter.endpointDeactivation(endpoints, spec);
        adapter.stop();

        assertThat(archive.late()).isEmpty();
        assertThat(beans()).isEmpty();
        assertThat(openFiles()).isEmpty();
        archive.close();
    }

    /** So it is where the adapter was started and did nothing. */
    @Test
    void stoppingAnUnusedAdapterLoadsNoClass() throws Exception {
        ArchiveLoader archive = ArchiveLoader.open();
        ResourceAdapter adapter = archive.create("io.mamba.ra.MambaResourceAdapter", ResourceAdapter.class);
        set(adapter, "setUrl", "mamba:file:" + directory);
        adapter.start(server);

        archive.seal();
        adapter.stop();

        assertThat(archive.late()).isEmpty();
        archive.close();
    }

    /** Java 17 keeps, for all records together, the last type that it made a record's {@code equals} for. */
    private void takeThePlaceOfTheLastLoader() {
        record Place(FakeServer type) {}
        assertThat(new Place(server)).isEqualTo(new Place(server)).hasSameHashCodeAs(new Place(server));
    }

    /** Stops while the application still sends and the server's pool still holds what it sends over. */
    private WeakReference<ClassLoader> deployAndUndeploy(int deployment) throws Exception {
        ArchiveLoader archive = ArchiveLoader.open();
        ResourceAdapter adapter = archive.create("io.mamba.ra.MambaResourceAdapter", ResourceAdapter.class);
        set(adapter, "setUrl", "mamba:file:" + directory);
        adapter.start(server);
        XAResource registered = FakeRecovery.registered().get(deployment - 1);
        assertThat(registered.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN))
                .isEmpty();
        assertThat(registered.isSameRM(registered)).isTrue();
        FakeConnections pool = new FakeConnections();
        ConnectionFactory connections = connections(archive, adapter, pool);
        ActivationSpec spec = archive.create("io.mamba.ra.inbound.MambaActivationSpec", ActivationSpec.class);
        set(spec, "setDestination", "in");
        CountDownLatch received = new CountDownLatch(1);
        FakeEndpoints endpoints = FakeEndpoints.transacted(message -> {
            forward(connections, message);
            received.countDown();
        });
        adapter.endpointActivation(endpoints, spec);
        CountDownLatch underWay = new CountDownLatch(BEFORE_STOPPING);
        Thread sender = new Thread(() -> send(connections, deployment, underWay));
        sender.start();
        assertThat(underWay.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(received.await(1, TimeUnit.MINUTES)).isTrue();

        adapter.endpointDeactivation(endpoints, spec);
        pool.clear();
        adapter.stop();

        sender.join(60_000);
        assertThat(sender.isAlive()).isFalse();
        assertThat(endpoints.open()).isZero();
        archive.close();
        return new WeakReference<>(archive);
    }

    private static ConnectionFactory connections(ArchiveLoader archive, ResourceAdapter adapter, FakeConnections pool)
            throws Exception {
        ManagedConnectionFactory factory =
                archive.create("io.mamba.ra.outbound.MambaManagedConnectionFactory", ManagedConnectionFactory.class);
        ((ResourceAdapterAssociation) factory).setResourceAdapter(adapter);
        return (ConnectionFactory) factory.createConnectionFactory(pool);
    }

    private static void set(Object bean, String setter, String value) throws ReflectiveOperationException {
        bean.getClass().getMethod(setter, String.class).invoke(bean, value);
    }

    /** Sends until the adapter is gone; what a send did not refuse counts as sent. */
    private void send(ConnectionFactory connections, int deployment, CountDownLatch underWay) {
        try (JMSContext context = connections.createContext()) {
            for (int n = 0; ; n++) {
                String text = deployment + "-" + n;
                context.createProducer().send(context.createQueue("in"), text);
                sent.add(text);
                underWay.countDown();
            }
        } catch (JMSRuntimeException stopped) {
            if (underWay.getCount() > 0) {
                faults.add(stopped);
            }
        }
    }

    private static void forward(ConnectionFactory connections, Message message) throws jakarta.jms.JMSException {
        try (JMSContext context = connections.createContext()) {
            context.createProducer().send(context.createQueue("out"), message.getBody(String.class));
        }
    }

    private void assertEverySentMessageWasForwardedOnce() {
        List<String> there = new ArrayList<>();
        try (JMSContext context = new MambaConnectionFactory("mamba:file:" + directory).createContext()) {
            for (String queue : List.of("in", "out", "DLQ.in")) {
                var consumer = context.createConsumer(context.createQueue(queue));
                for (@Nullable Message m = consumer.receiveNoWait(); m != null; m = consumer.receiveNoWait()) {
                    there.add(m.getBody(String.class));
                }
            }
        } catch (jakarta.jms.JMSException e) {
            throw new AssertionError(e);
        }
        assertThat(there).doesNotHaveDuplicates().containsAll(sent);
    }

    private static Set<ObjectName> beans() throws MalformedObjectNameException {
        return ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("io.mamba:*"), null);
    }

    private static List<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("mamba-"))
                .toList();
    }

    /** Where the system tells. */
    private List<Path> openFiles() throws IOException {
        Path handles = Path.of("/proc/self/fd");
        if (!Files.isDirectory(handles)) {
            return List.of();
        }
        Path log = directory.toRealPath();
        try (Stream<Path> open = Files.list(handles)) {
            return open.flatMap(RedeployIT::target)
                    .filter(file -> file.startsWith(log))
                    .toList();
        }
    }

    private static Stream<Path> target(Path handle) {
        try {
            return Stream.of(Files.readSymbolicLink(handle));
        } catch (java.nio.file.NoSuchFileException closed) {
            return Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
