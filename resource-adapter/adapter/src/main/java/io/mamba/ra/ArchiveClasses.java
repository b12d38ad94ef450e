package io.mamba.ra;

import io.mamba.client.Client;
import io.mamba.jms.MambaConnectionFactory;
import io.mamba.message.Address;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The classes of the adapter's archive. Payara closes the adapter's class loader before it stops the adapter when an application
 * has failed to load, and closing a log takes a checkpoint, which is more than a few classes. So all are loaded while that is possible.
 */
final class ArchiveClasses {
    private static final Logger LOG = System.getLogger(ArchiveClasses.class.getName());
    private static final String SUFFIX = ".class";
    /** One of each library. */
    private static final List<String> KNOWN = List.of(
            ArchiveClasses.class.getName(),
            MambaConnectionFactory.class.getName(),
            Client.class.getName(),
            Address.class.getName(),
            "io.mamba.log.file.FileLog");

    private ArchiveClasses() {}

    /** Loads, but doesn't initialize them. Where the server keeps its archives in no file, nothing happens. */
    static void load() {
        Set<Path> libraries = new HashSet<>();
        for (String name : KNOWN) {
            Path library = library(type(name));
            if (library != null && libraries.add(library)) {
                load(library);
            }
        }
    }

    private static @Nullable Class<?> type(String name) {
        try {
            return Class.forName(name, false, ArchiveClasses.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) { // of an API that this server has not
            LOG.log(Level.DEBUG, "{0} cannot be loaded: {1}", name, e.toString());
            return null;
        }
    }

    private static @Nullable Path library(@Nullable Class<?> type) {
        CodeSource source = type == null ? null : type.getProtectionDomain().getCodeSource();
        URL place = source == null ? null : source.getLocation();
        try {
            return place != null && place.getProtocol().equals("file") ? Path.of(place.toURI()) : null;
        } catch (URISyntaxException | IllegalArgumentException e) {
            LOG.log(Level.DEBUG, "{0} names no file", place);
            return null;
        }
    }

    private static void load(Path library) {
        try {
            if (Files.isDirectory(library)) {
                loadBelow(library);
            } else {
                try (FileSystem archive = FileSystems.newFileSystem(library)) {
                    loadBelow(archive.getPath("/"));
                }
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "The classes in " + library + " are not loaded ahead.", e);
        }
    }

    private static void loadBelow(Path root) throws IOException {
        Path own = root.resolve("io").resolve("mamba");
        if (!Files.exists(own)) {
            return;
        }
        try (Stream<Path> files = Files.walk(own)) {
            files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(SUFFIX) && !file.endsWith("-info" + SUFFIX))
                    .map(file -> file.substring(0, file.length() - SUFFIX.length())
                            .replace(root.getFileSystem().getSeparator(), "."))
                    .forEach(ArchiveClasses::type);
        }
    }
}
