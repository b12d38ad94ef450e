package io.mamba.shop.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/lookups.md says of a full server: mamba.rar alone, set up by the commands of that page, and small applications. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class LookupScenario {

    private @Nullable FullServer server;

    abstract FullServer fresh() throws Exception;

    /** Those of that server. */
    abstract Stream<LookupApplication> applications();

    @BeforeAll
    void deploy() throws Exception {
        server = fresh();
        server.deployAdapter();
    }

    @AfterAll
    void end() throws IOException {
        if (server != null) {
            server.kill();
        }
    }

    private FullServer server() {
        if (server == null) {
            throw new IllegalStateException("The server was not set up");
        }
        return server;
    }

    @ParameterizedTest
    @Order(1)
    @MethodSource("applications")
    void findsFactoriesAndQueues(LookupApplication application) throws Exception {
        server().install(application.archive(server().data()));
        try {
            assertThat(page(application)).startsWith("Mamba found in ");
        } finally {
            server().remove(application.name());
        }
    }

    @Test
    @Order(2)
    void theLogWorksInThreadsOfTheServer() throws Exception {
        List<String> threads = ServerJvm.threads(server().pid());

        assertThat(threads)
                .filteredOn(thread -> thread.contains("io.mamba.ra.LentThread.run("))
                .hasSize(6);
        assertThat(threads).noneMatch(thread -> thread.startsWith("\"mamba-"));
    }

    private String page(LookupApplication application) throws IOException, InterruptedException {
        URI page = server().root().resolve(application.name() + "/page");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
