package io.mamba.shop.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That docs/troubleshooting.md quotes messages as the code says them. */
class TroubleshootingPageTest {

    private static final Path ROOT = Path.of("..", "..");
    /** Begins a row of the table by messages. */
    private static final Pattern QUOTED = Pattern.compile("(?m)^\\| `([^`]+)` \\|");
    /** Between two literals of one text: a line break, or a value. */
    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");

    @Test
    void everyMessageIsOneThatTheCodeSays() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/troubleshooting.md"));
        String byMessage =
                page.substring(page.indexOf("## By message"), page.indexOf("## Messages come again, or are missing"));
        List<String> quoted =
                QUOTED.matcher(byMessage).results().map(row -> row.group(1)).toList();
        List<String> sources = sources();

        assertThat(quoted)
                .hasSizeGreaterThan(20)
                .allSatisfy(message -> assertThat(sources)
                        .as("A source that says: %s", message)
                        .anyMatch(source -> says(source, message)));
    }

    /** Whether one source has every piece of the message that is no value. */
    private static boolean says(String source, String message) {
        return Arrays.stream(message.split("…"))
                .map(String::strip)
                .filter(piece -> piece.length() > 1)
                .allMatch(source::contains);
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> provider = Files.walk(ROOT.resolve("provider"));
                Stream<Path> adapter = Files.walk(ROOT.resolve("resource-adapter"))) {
            return Stream.concat(provider, adapter)
                    .filter(file -> file.toString().contains("src/main/java")
                            && file.toString().endsWith(".java"))
                    .map(TroubleshootingPageTest::text)
                    .collect(Collectors.toList());
        }
    }

    private static String text(Path source) {
        try {
            return JOINED.matcher(Files.readString(source)).replaceAll("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
