package io.mamba.ra.fake;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** A server's class loader for one deployment of the archive: Mamba's classes are its own, the rest is the server's. */
public final class ArchiveLoader extends URLClassLoader {
    private static final String OWN = "io.mamba.";
    private static final String SERVER = ArchiveLoader.class.getPackageName();

    private ArchiveLoader(URL[] classes) {
        super(classes, ArchiveLoader.class.getClassLoader());
    }

    private final Set<String> late = new ConcurrentSkipListSet<>();
    private volatile boolean sealed;

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

    /** From here on a server would have closed this loader, and refused what is now only noted. */
    public void seal() {
        sealed = true;
    }

    /** The classes that were loaded after it was sealed. */
    public Set<String> late() {
        return late;
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
            if (loaded != null) {
                return loaded;
            }
            if (sealed) {
                late.add(name);
            }
            return findClass(name);
        }
    }
}
