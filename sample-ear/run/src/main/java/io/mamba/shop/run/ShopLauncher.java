package io.mamba.shop.run;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** The program: starts the shop, prints its address, and stops it when it is told to end. */
public final class ShopLauncher {

    private ShopLauncher() {}

    public static void main(String[] arguments) throws InterruptedException {
        List<String> given = List.of(arguments);
        if (given.contains("--help")) {
            System.out.println(ShopOptions.USAGE);
            return;
        }
        int exit = run(given);
        if (exit != 0) {
            System.exit(exit);
        }
    }

    private static int run(List<String> arguments) throws InterruptedException {
        ShopServer server;
        try {
            ShopOptions options = ShopOptions.parse(home(), arguments);
            server = ShopServer.launch(options, ShopLauncher::say);
            Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "shop-stop"));
            server.awaitReady(ShopLauncher::say);
        } catch (ShopException e) {
            System.err.println("The shop cannot start. " + e.getMessage());
            return 1;
        }
        say("The shop is open: " + server.address());
        say("Ctrl-C closes it; orders and messages are kept.");
        int exit = server.process().waitFor();
        say("Payara Micro ended (exit code " + exit + ").");
        return exit == 0 || exit == 130 || exit == 143 ? 0 : 1;
    }

    /** The directory {@code shop} beside the launcher's jar, or beside its classes in a build. */
    private static Path home() {
        try {
            Path code = Path.of(ShopLauncher.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return code.resolveSibling("shop");
        } catch (URISyntaxException e) {
            throw new ShopException("The launcher cannot tell where it is", e);
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
