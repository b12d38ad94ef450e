package io.mamba.shop.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Payara Micro unpacked once below the data directory. Packed it would unpack itself below the temporary directory at each
 * start, leave that behind when it is killed, and use the older H2 that it brings. Its configuration is made afresh at each start,
 * from the boot files alone.
 */
record PayaraRoot(Path directory) {

    static PayaraRoot prepare(ShopOptions options, Path java) throws IOException, InterruptedException {
        PayaraRoot root = new PayaraRoot(options.data().resolve("server"));
        Path jar = options.home().resolve("payara-micro.jar");
        Path library = options.home().resolve(options.database().library());
        String stamp = stamp(jar) + "\n" + stamp(library);
        Path stampFile = root.directory.resolve("unpacked-from");
        if (!Files.exists(stampFile) || !Files.readString(stampFile).equals(stamp)) {
            delete(root.directory);
            root.unpack(jar, library, java);
            copy(root.directory.resolve("config"), root.pristine());
            Files.writeString(stampFile, stamp);
        }
        delete(root.directory.resolve("config"));
        copy(root.pristine(), root.directory.resolve("config"));
        Files.copy(
                options.home().resolve("h2.jar"),
                root.directory.resolve("runtime").resolve("h2.jar"),
                StandardCopyOption.REPLACE_EXISTING);
        delete(root.temporary());
        Files.createDirectories(root.temporary());
        return root;
    }

    private static String stamp(Path file) throws IOException {
        return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
    }

    Path launcher() {
        return directory.resolve("launch-micro.jar");
    }

    Path temporary() {
        return directory.resolve("tmp");
    }

    private Path pristine() {
        return directory.resolve("config-as-unpacked");
    }

    private void unpack(Path jar, Path library, Path java) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path output = directory.resolve("unpack.log");
        Process unpacking = new ProcessBuilder(List.of(
                        java.toString(),
                        "-jar",
                        jar.toString(),
                        "--rootdir",
                        directory.toString(),
                        "--addlibs",
                        library.toString(),
                        "--outputlauncher"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!unpacking.waitFor(2, TimeUnit.MINUTES)) {
            unpacking.destroyForcibly();
            throw new ShopException("Payara Micro did not unpack itself within two minutes, see " + output);
        }
        if (unpacking.exitValue() != 0 || !Files.exists(launcher())) {
            throw new ShopException("Payara Micro could not be unpacked, see " + output);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(from.relativize(file)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
