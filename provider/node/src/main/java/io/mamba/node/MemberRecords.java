package io.mamba.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mamba.log.LogRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The records of a shared log that speak of its members, as docs/log-format.md (section Members) specifies them. */
final class MemberRecords {
    private static final byte[] KEY = "members".getBytes(UTF_8);
    private static final int JOINED = 1;
    private static final int GONE = 2;
    private static final int WANTED = 3;
    private static final int LET_GO = 4;

    private MemberRecords() {}

    /** Whether a record of the events speaks of members, and not of a lane. */
    static boolean is(LogRecord record) {
        return Arrays.equals(KEY, record.key());
    }

    static LogRecord event(MemberEvent event, long now) {
        byte[] value = StateRecords.write(out -> {
            if (event instanceof MemberEvent.Joined joined) {
                out.writeByte(JOINED);
                out.writeUTF(joined.member());
                out.writeUTF(joined.node());
            } else if (event instanceof MemberEvent.Gone gone) {
                out.writeByte(GONE);
                out.writeLong(gone.number());
            } else if (event instanceof MemberEvent.Wanted wanted) {
                out.writeByte(WANTED);
                out.writeLong(wanted.number());
                out.writeUTF(wanted.name());
                out.writeBoolean(wanted.alone());
            } else if (event instanceof MemberEvent.LetGo gone) {
                out.writeByte(LET_GO);
                out.writeLong(gone.number());
                out.writeUTF(gone.name());
            }
        });
        return new LogRecord(StateRecords.EVENTS, KEY, List.of(), value, now);
    }

    static MemberEvent eventOf(LogRecord record) {
        return StateRecords.read(record, in -> {
            byte kind = in.readByte();
            return switch (kind) {
                case JOINED -> new MemberEvent.Joined(in.readUTF(), in.readUTF());
                case GONE -> new MemberEvent.Gone(in.readLong());
                case WANTED -> new MemberEvent.Wanted(in.readLong(), in.readUTF(), in.readBoolean());
                case LET_GO -> new MemberEvent.LetGo(in.readLong(), in.readUTF());
                default -> throw new IOException("the kind of member event " + kind + " is not known here");
            };
        });
    }

    static LogRecord table(Members.Table table, long now) {
        return new LogRecord(
                StateRecords.STATE,
                KEY,
                List.of(),
                StateRecords.write(out -> {
                    out.writeLong(table.eventsFrom());
                    out.writeInt(table.members().size());
                    for (Members.Member member : table.members()) {
                        out.writeLong(member.number());
                        out.writeUTF(member.member());
                        out.writeUTF(member.node());
                    }
                    out.writeInt(table.names().size());
                    for (MemberEvent.Wanted name : table.names()) {
                        out.writeLong(name.number());
                        out.writeUTF(name.name());
                        out.writeBoolean(name.alone());
                    }
                }),
                now);
    }

    static Members.Table tableOf(LogRecord record) {
        return StateRecords.read(record, in -> {
            long eventsFrom = in.readLong();
            List<Members.Member> members = new ArrayList<>();
            for (int i = in.readInt(); i > 0; i--) {
                members.add(new Members.Member(in.readLong(), in.readUTF(), in.readUTF()));
            }
            List<MemberEvent.Wanted> names = new ArrayList<>();
            for (int i = in.readInt(); i > 0; i--) {
                names.add(new MemberEvent.Wanted(in.readLong(), in.readUTF(), in.readBoolean()));
            }
            return new Members.Table(eventsFrom, members, names);
        });
    }
}
