package io.mamba.shop.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.shop.run.ShopOptions;
import io.mamba.shop.run.ShopServer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * The page, in a real browser at desktop and phone width. The checks are in {@code src/test/browser/shop-page.mjs}, which runs
 * once; each of its checks is reported here as a test of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShopPageIT {

    private static final Path SCRIPTS = Path.of("src/test/browser").toAbsolutePath();
    private static final Path SHOTS = Path.of("target/screenshots").toAbsolutePath();

    private final List<BrowserReport.Check> checks = new ArrayList<>();
    private ShopOptions options;
    private ShopServer server;
    private int exit = -1;

    @BeforeAll
    void visit() throws IOException, InterruptedException {
        prepare();
        options = Shops.fresh("page");
        server = ShopServer.start(options, System.out::println);
        Process browser = new ProcessBuilder(
                        "node", "shop-page.mjs", server.address().toString(), SHOTS.toString())
                .directory(SCRIPTS.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = browser.inputReader();
                BufferedWriter answers = browser.outputWriter()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                BrowserReport report = BrowserReport.of(line);
                if (report.check() != null) {
                    System.out.println(report.check());
                    checks.add(report.check());
                } else {
                    grant(report.asked());
                    answers.write("done\n");
                    answers.flush();
                }
            }
            exit = browser.waitFor();
        } finally {
            browser.destroyForcibly();
        }
    }

    @AfterAll
    void close() {
        if (server != null) {
            server.stop();
        }
    }

    @TestFactory
    Stream<DynamicTest> page() {
        return checks.stream()
                .map(check -> DynamicTest.dynamicTest(
                        check.name(), () -> assertThat(check.failure()).isNull()));
    }

    @Test
    void runsItsChecksToTheEnd() {
        assertThat(exit).isZero();
        assertThat(checks).hasSizeGreaterThan(15);
    }

    private void grant(String asked) {
        switch (asked) {
            case "stop" -> {
                long begun = System.nanoTime();
                server.stop();
                System.out.printf("Stopped with open pages in %.1f s%n", (System.nanoTime() - begun) / 1e9);
            }
            case "start" -> server = ShopServer.start(options, System.out::println);
            default -> throw new IllegalArgumentException("The browser asks for " + asked);
        }
    }

    private static void prepare() throws IOException, InterruptedException {
        File log = Path.of("target/browser-prepared.log").toFile();
        Process preparing = new ProcessBuilder(
                        "bash", SCRIPTS.resolve("prepare.sh").toString())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        assertThat(preparing.waitFor(10, TimeUnit.MINUTES)).as("see " + log).isTrue();
        assertThat(preparing.exitValue()).as(Files.readString(log.toPath())).isZero();
    }
}
