package io.mamba.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ejb.MessageDriven;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The descriptor that binds the beans to the adapter inside shop.ear. */
class EarDescriptorTest {

    private static final Path DESCRIPTOR = Path.of("src/main/ear/WEB-INF/glassfish-ejb-jar.xml");
    private static final Pattern BOUND =
            Pattern.compile("<ejb-name>(\\w+)</ejb-name>\\s*<mdb-resource-adapter><resource-adapter-mid>shop#mamba<");

    @Test
    void bindsEveryMessageDrivenBean() throws IOException {
        List<String> beans = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.mamba.shop").stream()
                        .filter(type -> type.isAnnotatedWith(MessageDriven.class))
                        .map(JavaClass::getSimpleName)
                        .toList();

        List<String> bound = BOUND.matcher(Files.readString(DESCRIPTOR))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();

        assertThat(beans).isNotEmpty();
        assertThat(bound).containsExactlyInAnyOrderElementsOf(beans);
    }
}
