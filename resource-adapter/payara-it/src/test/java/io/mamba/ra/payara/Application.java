package io.mamba.ra.payara;

import java.io.File;
import java.net.URISyntaxException;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.hamcrest.Matcher;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** An application that is tested: the classes of some packages, and what tests need inside the server. */
public final class Application {
    private Application() {}

    public static WebArchive of(String name, Package... packages) throws URISyntaxException {
        return ShrinkWrap.create(WebArchive.class, name)
                .addPackages(false, packages)
                .addAsLibraries(
                        jarOf(Assertions.class),
                        jarOf(net.bytebuddy.ByteBuddy.class),
                        jarOf(Awaitility.class),
                        jarOf(Matcher.class));
    }

    private static File jarOf(Class<?> type) throws URISyntaxException {
        return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
