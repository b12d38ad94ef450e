package io.mamba.ra.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** That ra.xml and the classes it names agree. */
class DescriptorTest {
    private static Document descriptor;

    @BeforeAll
    static void read() throws Exception {
        descriptor = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("src", "main", "rar", "META-INF", "ra.xml").toFile());
    }

    private static Stream<Element> all(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i));
    }

    private static Stream<Element> all(String name) {
        return all(descriptor.getDocumentElement(), name);
    }

    private static String text(Element parent, String name) {
        return all(parent, name).findFirst().orElseThrow().getTextContent();
    }

    private static Class<?> type(Element parent, String name) throws ClassNotFoundException {
        return Class.forName(text(parent, name));
    }

    @Test
    void everyConfiguredPropertyIsABeanPropertyOfThatType() throws Exception {
        String[][] holders = {
            {"resourceadapter", "resourceadapter-class"},
            {"connection-definition", "managedconnectionfactory-class"},
            {"adminobject", "adminobject-class"}
        };
        for (String[] holder : holders) {
            for (Element element : all(holder[0]).toList()) {
                Class<?> bean = type(element, holder[1]);
                for (Element property : all(element, "config-property").toList()) {
                    if (property.getParentNode() == element) {
                        checkProperty(bean, property);
                    }
                }
            }
        }
    }

    private static void checkProperty(Class<?> bean, Element property) throws Exception {
        String name = text(property, "config-property-name");
        PropertyDescriptor found = Arrays.stream(Introspector.getBeanInfo(bean).getPropertyDescriptors())
                .filter(candidate -> candidate.getName().equals(name))
                .findAny()
                .orElseThrow(() -> new AssertionError(bean + " has no " + name));
        assertThat(found.getPropertyType().getName())
                .as(bean + " " + name)
                .isEqualTo(text(property, "config-property-type"));
        assertThat(found.getWriteMethod()).as(bean + " " + name).isNotNull();
    }

    @Test
    void implementationsImplementTheirInterfaces() throws Exception {
        for (Element definition : all("connection-definition").toList()) {
            assertThat(type(definition, "connectionfactory-interface"))
                    .isAssignableFrom(type(definition, "connectionfactory-impl-class"));
            assertThat(type(definition, "connection-interface"))
                    .isAssignableFrom(type(definition, "connection-impl-class"));
        }
        for (Element object : all("adminobject").toList()) {
            assertThat(type(object, "adminobject-interface")).isAssignableFrom(type(object, "adminobject-class"));
            assertThat(type(object, "adminobject-class")).isAssignableTo(jakarta.resource.Referenceable.class);
            assertThat(type(object, "adminobject-class")).isAssignableTo(java.io.Serializable.class);
        }
        assertThat(jakarta.resource.spi.ActivationSpec.class)
                .isAssignableFrom(type(descriptor.getDocumentElement(), "activationspec-class"));
    }

    @Test
    void whatServersNameByIdHasAnIdOfItsOwn() {
        Set<String> ids = new HashSet<>();
        for (String name :
                new String[] {"resourceadapter", "connection-definition", "messagelistener", "adminobject"}) {
            all(name)
                    .forEach(element -> assertThat(ids.add(element.getAttribute("id")))
                            .as(name + " " + element.getAttribute("id"))
                            .isTrue());
        }
        assertThat(ids).doesNotContain("");
    }

    @Test
    void nothingIsRequiredOfAnActivation() {
        assertThat(all("required-config-property")).isEmpty();
    }

    @Test
    void speaksOfThreeKindsOfFactoriesWithXaAndPasswords() {
        Set<String> factories = new TreeSet<>();
        all("connectionfactory-interface").forEach(element -> factories.add(element.getTextContent()));

        assertThat(factories)
                .containsExactly(
                        "jakarta.jms.ConnectionFactory",
                        "jakarta.jms.QueueConnectionFactory",
                        "jakarta.jms.TopicConnectionFactory");
        assertThat(text(descriptor.getDocumentElement(), "transaction-support")).isEqualTo("XATransaction");
        assertThat(text(descriptor.getDocumentElement(), "authentication-mechanism-type"))
                .isEqualTo("BasicPassword");
        assertThat(text(descriptor.getDocumentElement(), "reauthentication-support"))
                .isEqualTo("false");
        assertThat(text(descriptor.getDocumentElement(), "messagelistener-type"))
                .isEqualTo("jakarta.jms.MessageListener");
    }
}
