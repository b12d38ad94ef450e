package io.mamba.shop.live;

import io.mamba.shop.Problem;
import io.mamba.shop.deadletters.DeadLetterDesk;
import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.JsonText;
import io.mamba.shop.notifications.CustomerNews;
import io.mamba.shop.provider.ProviderFigures;
import io.mamba.shop.replay.LatestReplay;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state of the shop once a second for all pages together. Without pages only the queues are read, so that their
 * charts have a past. Its threads are the server's: at the end the schedule is cancelled and every page's stream closed.
 */
@Singleton
@Startup
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Sampler {

    private static final System.Logger LOG = System.getLogger(Sampler.class.getName());
    private static final int MOST_VIEWERS = 64;
    private static final int DEAD_LETTERS_SHOWN = 20;

    private final Board board = new Board();
    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    private final Map<String, QueueHistory> histories = new LinkedHashMap<>();
    private volatile JsonObject past = JsonValue.EMPTY_JSON_OBJECT;
    private Map<String, Long> deadLettersRead = Map.of();
    private @Nullable String problem;
    private @Nullable ScheduledFuture<?> schedule;
    private volatile boolean closing;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    @Resource
    private ManagedExecutorService executor;

    @Inject
    private StoredState stored;

    @Inject
    private DeadLetterDesk deadLetters;

    @Inject
    private CustomerNews news;

    @Inject
    private LatestReplay replay;

    @PostConstruct
    void start() {
        Destinations.QUEUES.forEach(queue -> histories.put(queue, new QueueHistory()));
        schedule = scheduler.scheduleWithFixedDelay(this::tick, 0, 1, TimeUnit.SECONDS);
    }

    @PreDestroy
    void stop() {
        closing = true;
        if (schedule != null) {
            schedule.cancel(false);
        }
        viewers.forEach(Viewer::close);
    }

    /** The page gets the whole state with the next reading, and from then on what changes. */
    public void admit(SseEventSink sink, Sse sse) {
        if (viewers.size() >= MOST_VIEWERS) {
            throw Problem.unavailable(MOST_VIEWERS + " pages are watching already, which is the most");
        }
        Viewer viewer = new Viewer(sse, sink, board, past);
        viewers.add(viewer);
        if (closing) {
            viewer.close();
        }
    }

    private void tick() {
        viewers.removeIf(Viewer::gone);
        long nanos = System.nanoTime();
        try {
            ProviderFigures figures = ProviderFigures.read();
            histories.forEach((queue, history) -> history.add(figures.of(queue), nanos));
            past = past();
            if (!viewers.isEmpty()) {
                read(figures, nanos);
                problem(null);
            }
        } catch (RuntimeException e) {
            problem(String.valueOf(e.getMessage()));
        }
        viewers.forEach(viewer -> viewer.wake(executor, nanos));
    }

    private void read(ProviderFigures figures, long nanos) {
        JsonObjectBuilder queues = JsonText.object();
        histories.forEach((queue, history) -> queues.add(queue, history.now()));
        board.set("queues", queues.build());
        board.set("inDoubt", JsonText.number(figures.inDoubt()));
        board.set("replay", replay.toJson(Instant.now()));
        board.setEach("orders", news.latest());
        readDeadLetters(figures);
        stored.read(board, figures, nanos);
    }

    private void readDeadLetters(ProviderFigures figures) {
        Map<String, Long> counts = new HashMap<>();
        figures.destinations().forEach((name, of) -> {
            if (of.deadLettered() > 0) {
                counts.put(name, of.deadLettered());
            }
        });
        if (counts.equals(deadLettersRead) && board.has("deadLetters")) {
            return;
        }
        JsonArrayBuilder letters = JsonText.array();
        deadLetters.oldest(figures, DEAD_LETTERS_SHOWN).forEach(letter -> letters.add(letter.toJson()));
        board.set("deadLetters", letters.build());
        deadLettersRead = counts;
    }

    private JsonObject past() {
        JsonObjectBuilder all = JsonText.object();
        histories.forEach((queue, history) -> all.add(queue, history.past()));
        return all.build();
    }

    /** What keeps the state from being read is shown on the page, and logged when it begins. */
    private void problem(@Nullable String message) {
        if (message != null && !message.equals(problem)) {
            LOG.log(System.Logger.Level.WARNING, "The page shows old figures: {0}", message);
        }
        problem = message;
        board.set("problem", message == null ? JsonValue.NULL : JsonText.string(message));
    }
}
