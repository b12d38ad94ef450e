package io.mamba.shop.tests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A small application that uses what it looks up in one way, and its archive.
 *
 * @param page the servlet that tells what it found
 * @param others the classes that it needs
 */
record LookupApplication(Class<?> page, List<Class<?>> others) {

    /** All see what beans are; WildFly shows an application neither the API nor an adapter's classes unless it asks. */
    private static final String BEANS =
            "<beans xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"4.0\" bean-discovery-mode=\"all\"/>";

    private static final String MODULES = """
            <jboss-deployment-structure xmlns="urn:jboss:deployment-structure:1.3">
              <deployment>
                <dependencies><module name="jakarta.jms.api"/><module name="deployment.mamba.rar"/></dependencies>
              </deployment>
            </jboss-deployment-structure>
            """;

    static LookupApplication of(Class<?> page, Class<?>... others) {
        return new LookupApplication(page, List.of(others));
    }

    String name() {
        return page.getSimpleName();
    }

    Path archive(Path directory) throws IOException {
        Path archive = directory.resolve(name() + ".war");
        try (OutputStream file = Files.newOutputStream(archive);
                ZipOutputStream war = new ZipOutputStream(file)) {
            add(war, page.getSuperclass());
            add(war, page);
            for (Class<?> other : others) {
                add(war, other);
            }
            add(war, "WEB-INF/beans.xml", BEANS.getBytes(StandardCharsets.UTF_8));
            add(war, "WEB-INF/jboss-deployment-structure.xml", MODULES.getBytes(StandardCharsets.UTF_8));
        }
        return archive;
    }

    private static void add(ZipOutputStream war, Class<?> type) throws IOException {
        String file = type.getName().replace('.', '/') + ".class";
        try (InputStream bytes = Objects.requireNonNull(type.getClassLoader().getResourceAsStream(file))) {
            add(war, "WEB-INF/classes/" + file, bytes.readAllBytes());
        }
    }

    private static void add(ZipOutputStream war, String name, byte[] bytes) throws IOException {
        war.putNextEntry(new ZipEntry(name));
        war.write(bytes);
        war.closeEntry();
    }

    @Override
    public String toString() {
        return name();
    }
}
