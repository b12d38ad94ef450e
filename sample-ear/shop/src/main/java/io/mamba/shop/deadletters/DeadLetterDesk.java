package io.mamba.shop.deadletters;

import io.mamba.shop.Problem;
import io.mamba.shop.provider.ProviderFigures;
import io.mamba.shop.provider.Redrive;
import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;

/** Shows the dead letters of the shop, and sends them back. Showing takes nothing from a queue. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class DeadLetterDesk {

    private static final String OURS = "shop.";
    private static final String SCHEME_END = "://";

    @Resource(lookup = "jms/CF")
    private ConnectionFactory factory;

    /** The oldest dead letters of each destination, at most so many of each. */
    public List<DeadLetter> oldest(ProviderFigures figures, int mostOfEach) {
        List<String> afflicted = figures.destinations().entrySet().stream()
                .filter(entry -> entry.getValue().deadLettered() > 0)
                .map(Map.Entry::getKey)
                .filter(DeadLetterDesk::ours)
                .sorted()
                .toList();
        if (afflicted.isEmpty()) {
            return List.of();
        }
        List<DeadLetter> letters = new ArrayList<>();
        try (JMSContext context = factory.createContext()) {
            for (String destination : afflicted) {
                browse(context, destination, mostOfEach, letters);
            }
        } catch (JMSException e) {
            throw new JMSRuntimeException("The dead letters cannot be browsed", e.getErrorCode(), e);
        }
        return letters;
    }

    /** Sends the dead letters of a destination, named without its kind, back to it; says how many. */
    public int redrive(String name) {
        String destination = ProviderFigures.read().destinations().keySet().stream()
                .filter(DeadLetterDesk::ours)
                .filter(known -> name(known).equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("The shop has no destination " + name));
        return Redrive.of(destination);
    }

    private static void browse(JMSContext context, String destination, int most, List<DeadLetter> letters)
            throws JMSException {
        try (QueueBrowser browser = context.createBrowser(context.createQueue("DLQ." + name(destination)))) {
            Enumeration<?> messages = browser.getEnumeration();
            for (int n = 0; n < most && messages.hasMoreElements(); n++) {
                letters.add(DeadLetter.of(name(destination), (Message) messages.nextElement()));
            }
        }
    }

    private static boolean ours(String destination) {
        return name(destination).startsWith(OURS);
    }

    private static String name(String destination) {
        return destination.substring(destination.indexOf(SCHEME_END) + SCHEME_END.length());
    }
}
