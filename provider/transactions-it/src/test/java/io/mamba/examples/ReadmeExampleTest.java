package io.mamba.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README shows as code is code that was run. */
class ReadmeExampleTest {
    private static final Path SOURCES = Path.of("src/test/java/io/mamba/examples");

    @ParameterizedTest
    @ValueSource(strings = {"OrderExample", "PaymentExample"})
    void showsTheCodeThatIsTested(String example) throws IOException {
        String readme = Files.readString(readme());
        String marker = "<!-- example: " + example + " -->";
        assertThat(readme)
                .as("README.md, where the code of %s belongs behind the line %s", example, marker)
                .contains(marker);

        assertThat(fencedJava(readme.substring(readme.indexOf(marker) + marker.length()), marker))
                .as("the java block behind %s in README.md, against the source without its package", marker)
                .isEqualTo(withoutPackage(Files.readString(SOURCES.resolve(example + ".java"))));
    }

    @Test
    void itsFirstExampleIsShort() throws IOException {
        assertThat(withoutPackage(Files.readString(SOURCES.resolve("OrderExample.java")))
                        .lines())
                .hasSizeLessThan(25);
    }

    /** At the top of the repository, wherever below it the tests run. */
    private static Path readme() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("provider")) || !Files.isDirectory(directory.resolve("docs"))) {
            directory = Objects.requireNonNull(directory.getParent(), "no folder above has provider and docs");
        }
        Path readme = directory.resolve("README.md");
        assertThat(readme).as("the README, which shows the examples").isRegularFile();
        return readme;
    }

    private static String fencedJava(String text, String marker) {
        String opening = "```java\n";
        String rest = text.stripLeading();
        assertThat(rest).as("what follows %s in README.md", marker).startsWith(opening);
        int end = rest.indexOf("\n```", opening.length());
        assertThat(end).as("where the java block behind %s ends", marker).isPositive();
        return rest.substring(opening.length(), end + 1);
    }

    private static String withoutPackage(String source) {
        return source.substring(source.indexOf("import "));
    }
}
