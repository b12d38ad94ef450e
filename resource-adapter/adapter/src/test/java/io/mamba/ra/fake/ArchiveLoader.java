package io.mamba.ra.fake;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

/** A server's class loader for one deployment of the archive: Mamba's classes are its own, the rest is the server's. */
public final class ArchiveLoader extends URLClassLoader {
    private static final String OWN = "io.mamba.";
    private static final String SERVER = ArchiveLoader.class.getPackageName();

    private ArchiveLoader(URL[] classes) {
        super(classes, ArchiveLoader.class.getClassLoader());
    }

    /** Over the class path of the tests. */
    public static ArchiveLoader open() {
        return new ArchiveLoader(
                Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1))
                        .map(ArchiveLoader::url)
                        .toArray(URL[]::new));
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(entry, e);
        }
    }

    /** A new one of a class of the archive. */
    public <T> T create(String name, Class<T> type) throws ReflectiveOperationException {
        return type.cast(loadClass(name).getConstructor().newInstance());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OWN) || name.startsWith(SERVER)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }
}
