package io.mamba.shop.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.mamba.DestinationSettings;
import io.mamba.MambaUrl;
import io.mamba.SettingKey;
import io.mamba.queue.QueueSettings;
import io.mamba.ra.inbound.MambaActivationSpec;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * That docs/configuration.md says what the code says. Keys of URLs and destinations and the options of the launcher come from
 * the code with their texts; the texts of bean properties are in the template, src/test/resources/configuration.md, and their
 * names are held against the beans. {@code -Dconfiguration.write=true} writes the page.
 */
class ConfigurationPageTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Path PAGE = ROOT.resolve("docs/configuration.md");
    private static final Path DESCRIPTOR = ROOT.resolve("resource-adapter/rar/src/main/rar/META-INF/ra.xml");
    private static final Pattern CODE = Pattern.compile("`([A-Za-z]+)`");

    @Test
    void thePageIsWhatTheCodeSays() throws IOException {
        String expected = template()
                .replace("{{url}}", table(MambaUrl.ownKeys()))
                .replace("{{destinations}}", table(DestinationSettings.keys()))
                .replace("{{launcher}}", ShopOptions.USAGE);
        if (Boolean.getBoolean("configuration.write")) {
            Files.writeString(PAGE, expected);
        }

        assertThat(PAGE)
                .as("docs/configuration.md is written by: mvn -pl sample-ear/run -am package"
                        + " -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false"
                        + " -Dconfiguration.write=true")
                .hasContent(expected);
    }

    @Test
    void theDefaultsOfRedeliveryAreThoseOfAQueue() {
        QueueSettings queue = QueueSettings.DEFAULT;
        Map<String, SettingKey> keys = DestinationSettings.keys();
        DestinationSettings said = DestinationSettings.NONE;
        for (String key : keys.keySet()) {
            String standard = Objects.requireNonNull(keys.get(key)).standard();
            said = standard.equals("none") ? said : said.with(key, standard);
        }

        assertThat(said.maxDeliveries()).contains(queue.maxDeliveries());
        assertThat(said.initialRedeliveryDelay()).contains(queue.initialRedeliveryDelay());
        assertThat(said.backOffMultiplier()).contains(queue.backOffMultiplier());
        assertThat(said.maximumRedeliveryDelay()).contains(queue.maximumRedeliveryDelay());
        assertThat(said.whenFull()).isEqualTo(DestinationSettings.NONE.whenFull());
        assertThat(said.sendTimeout()).isEqualTo(DestinationSettings.NONE.sendTimeout());
    }

    @Test
    void allActivationPropertiesAreThere() throws Exception {
        SortedSet<String> properties = new TreeSet<>();
        for (PropertyDescriptor property :
                Introspector.getBeanInfo(MambaActivationSpec.class).getPropertyDescriptors()) {
            if (property.getWriteMethod() != null && !property.getName().equals("resourceAdapter")) {
                properties.add(property.getName());
            }
        }

        assertThat(named("Message-driven beans")).isEqualTo(properties);
    }

    @ParameterizedTest
    @CsvSource({
        "Resource adapter, resourceadapter",
        "Connection factories, connection-definition",
        "Queues and topics in a server, adminobject"
    })
    void allPropertiesOfTheDescriptorAreThere(String section, String holder) throws Exception {
        Document descriptor =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(DESCRIPTOR.toFile());
        SortedSet<String> properties = new TreeSet<>();
        NodeList configured = descriptor.getElementsByTagName("config-property");
        IntStream.range(0, configured.getLength())
                .mapToObj(i -> (Element) configured.item(i))
                .filter(property -> property.getParentNode().getNodeName().equals(holder))
                .forEach(property -> properties.add(property.getElementsByTagName("config-property-name")
                        .item(0)
                        .getTextContent()));

        assertThat(named(section)).isEqualTo(properties);
    }

    /** The names in the first two columns of the section's tables; of a table of what has no effect in the first. */
    private static SortedSet<String> named(String section) throws IOException {
        String text = template();
        int begin = text.indexOf("## " + section + "\n");
        int end = text.indexOf("\n## ", begin);
        SortedSet<String> names = new TreeSet<>();
        text.substring(begin, end)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1))
                .flatMap(columns -> Arrays.stream(columns).limit(3))
                .flatMap(cell -> CODE.matcher(cell).results())
                .forEach(name -> names.add(name.group(1)));
        return names;
    }

    private static String table(Map<String, SettingKey> keys) {
        StringBuilder table = new StringBuilder("| key | default | meaning |\n|---|---|---|\n");
        keys.values()
                .forEach(key -> table.append("| `%s` | %s | %s |\n"
                        .formatted(
                                key.name(),
                                key.standard().matches("none|empty") ? key.standard() : "`" + key.standard() + "`",
                                key.meaning())));
        return table.toString();
    }

    private static String template() throws IOException {
        try (InputStream template =
                Objects.requireNonNull(ConfigurationPageTest.class.getResourceAsStream("/configuration.md"))) {
            return new String(template.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
