package io.mamba.failures;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.jms.MambaConnectionFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One of the JVMs: sends, passes on by transacted sessions and by XA, and says what becomes of it on its standard output. Told
 * what to do by lines on its standard input, and halts when that ends, as it does when its starter is gone.
 */
final class Traffic {
    static final String IN = "in";
    static final String MIDDLE = "middle";
    static final String OUT = "out";
    static final String SEEN = "seen";

    private Traffic() {}

    /** @param arguments the URL, the node's name and the file of its decisions */
    public static void main(String[] arguments) throws IOException {
        MambaConnectionFactory factory = new MambaConnectionFactory(arguments[0]);
        String node = arguments[1];
        Decisions decisions = new Decisions(Path.of(arguments[2]));
        Holding holding = new Holding();
        Sending sending = new Sending(factory, node);
        new Thread(
                        () -> {
                            // What an earlier process of this name left prepared, by what it had decided.
                            Finishing.ofPredecessor(factory, decisions, node).run();
                            start("sending", sending);
                            for (int i = 1; i <= 2; i++) {
                                start("passing-" + i, new Passing(factory, holding));
                                start("deciding-" + i, new Deciding(factory, decisions, holding, node + ":" + i));
                            }
                        },
                        "starting")
                .start();
        obey(factory, sending, holding);
        Runtime.getRuntime().halt(1);
    }

    private static void obey(MambaConnectionFactory factory, Sending sending, Holding holding) throws IOException {
        AtomicBoolean finishing = new AtomicBoolean();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "send" -> sending.goOn();
                case "rest" -> sending.rest();
                case "hold" -> holding.hold(Holding.Where.valueOf(words[1]));
                case "go" -> holding.go();
                case "finish" -> {
                    finishing.set(true);
                    start(
                            "finishing",
                            Finishing.ofOther(factory, new Decisions(Path.of(words[2])), words[1], finishing));
                }
                case "finished" -> finishing.set(false);
                default -> throw new IllegalArgumentException("unknown command: " + line);
            }
        }
    }

    private static void start(String name, Runnable work) {
        new Thread(work, name).start();
    }

    /** A line to the starter. */
    static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }

    /** For the log file: what was refused, which the starter judges by its consequences. */
    static void note(String what, Exception why) {
        String thread = Thread.currentThread().getName();
        System.err.println(java.time.Instant.now() + " " + thread + " " + what + ": " + why);
    }
}
