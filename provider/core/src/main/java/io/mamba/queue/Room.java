package io.mamba.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a destination with limits holds, what has been promised to senders, and who stands in line for more. A sender takes
 * its room before it appends, so that the limits are never passed: what is held and what is promised are one number, which
 * falls when a message is done with, or when the log has refused what was promised.
 *
 * <p>Not thread-safe; pure.
 */
public final class Room {
    /** A sender in line. */
    public static final class Place {
        private final Load growth;
        private final Load load;
        private boolean served;

        private Place(Load load, Load frees) {
            this.load = load;
            this.growth = load.minus(frees);
        }

        /** Whether it has its room, and stands in line no more. */
        public boolean isServed() {
            return served;
        }
    }

    private final long maxMessages;
    private final long maxBytes;
    private final Deque<Place> line = new ArrayDeque<>();
    private Load used;

    /** @param used what is there already, which may be more than the limits */
    public Room(long maxMessages, long maxBytes, Load used) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.used = used;
    }

    /** What is held and promised. */
    public Load used() {
        return used;
    }

    /** Whether the limits allow as much in an empty destination. */
    public boolean couldEverFit(Load load, Load frees) {
        return fits(load.minus(frees), Load.NONE);
    }

    /**
     * Takes room if there is some and nobody stands in line for it.
     *
     * @param frees what of this destination the same batch finishes. A batch that brings no more than it finishes always
     *     gets its room: those in line wait for just such ones.
     */
    public boolean take(Load load, Load frees) {
        Load growth = load.minus(frees);
        if (grows(growth) && !(line.isEmpty() && fits(growth, used))) {
            return false;
        }
        used = used.plus(load);
        return true;
    }

    /** Takes room whether there is some or not. */
    public void takeAnyway(Load load) {
        used = used.plus(load);
    }

    /** Stands in line, after {@link #take} was refused. */
    public Place queue(Load load, Load frees) {
        Place place = new Place(load, frees);
        line.add(place);
        return place;
    }

    /** Messages are done with, or were refused by the log. @return who is served by that */
    public List<Place> free(Load load) {
        used = used.minus(load);
        return serve();
    }

    /** Leaves the line. @return who is served by that */
    public List<Place> leave(Place place) {
        line.remove(place);
        return serve();
    }

    /** How much has to go so that this place is served: those before it come first. */
    public Load missing(Place place) {
        Load wanted = used;
        for (Place before : line) {
            wanted = wanted.plus(before.growth);
            if (before == place) {
                break;
            }
        }
        return new Load(Math.max(0, wanted.messages() - maxMessages), Math.max(0, wanted.bytes() - maxBytes));
    }

    /** Whether there is clearly room again: a tenth of each limit is free. */
    public boolean isRelaxed() {
        return used.messages() <= maxMessages - maxMessages / 10 - 1 && used.bytes() <= maxBytes - maxBytes / 10 - 1;
    }

    private List<Place> serve() {
        List<Place> served = new ArrayList<>();
        while (!line.isEmpty() && fits(line.element().growth, used)) {
            Place first = line.remove();
            used = used.plus(first.load);
            first.served = true;
            served.add(first);
        }
        return served;
    }

    private boolean fits(Load growth, Load used) {
        return (growth.messages() <= 0 || growth.messages() <= maxMessages - used.messages())
                && (growth.bytes() <= 0 || growth.bytes() <= maxBytes - used.bytes());
    }

    private static boolean grows(Load growth) {
        return growth.messages() > 0 || growth.bytes() > 0;
    }
}
