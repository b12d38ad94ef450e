package io.mamba.jms.joram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.tomcat.jakartaee.EESpecProfiles;
import org.apache.tomcat.jakartaee.Migration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;
import org.objectweb.jtests.jms.admin.Admin;

/**
 * The whole suite; an engine's test extends it and says where each of its tests finds an empty log. It is converted from {@code
 * javax.jms} to {@code jakarta.jms} and loaded, with our administration for it, by a loader that prefers the converted classes.
 */
abstract class JoramSuite {
    private static final String SUITE = "org.objectweb.";

    /** The URL of an empty log. */
    abstract String begin() throws IOException;

    /** Nobody uses the last log any more. */
    abstract void end();

    @Test
    void all196TestsPass(@TempDir Path directory) throws Exception {
        File suite = location(Admin.class);
        File converted = directory.resolve("joram-jakarta.jar").toFile();
        convert(suite, converted);
        Path settings = Files.createDirectory(directory.resolve("settings"));
        Files.writeString(
                settings.resolve("provider.properties"),
                "jms.provider.admin.class=" + MambaAdministration.class.getName() + "\n");
        URL[] places = {
            converted.toURI().toURL(),
            settings.toUri().toURL(),
            location(JoramSuite.class).toURI().toURL()
        };

        Result result;
        try (Loader loader = new Loader(places)) {
            List<Class<?>> tests = new ArrayList<>();
            for (String name : testClasses(converted)) {
                tests.add(loader.loadClass(name));
            }
            JUnitCore runner = new JUnitCore();
            runner.addListener(new LogOfEach());
            result = runner.run(Request.classes(tests.toArray(Class<?>[]::new)));
        }

        assertThat(result.getFailures()).map(Failure::getTrace).isEmpty();
        assertThat(result.getRunCount()).isEqualTo(196);
    }

    private final class LogOfEach extends RunListener {
        @Override
        public void testStarted(Description test) throws IOException {
            System.setProperty(MambaAdministration.URL, begin());
        }

        @Override
        public void testFinished(Description test) {
            end();
        }
    }

    private static File location(Class<?> type) throws Exception {
        return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static void convert(File from, File to) throws IOException {
        Migration migration = new Migration();
        migration.setEESpecProfile(EESpecProfiles.EE);
        migration.setSource(from);
        migration.setDestination(to);
        migration.execute();
    }

    private static List<String> testClasses(File jar) throws IOException {
        try (JarFile file = new JarFile(jar)) {
            return file.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith("Test.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }

    /** Loads the suite and what implements its interfaces itself, all else as usual. */
    private static final class Loader extends URLClassLoader {
        private Loader(URL[] places) {
            super(places, JoramSuite.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(SUITE) && !name.equals(MambaAdministration.class.getName())) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }
}
