package io.slicekeep.register;

import io.slicekeep.error.FormatException;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.WriterId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What a register's blob says: the value, and the ballots of the last changes, by which whoever made one and did not learn
 * its outcome finds it. Immutable.
 *
 * <pre>{@code
 * off len
 *   0   1  layout = 1
 *   1   1  count = min(version, 64)
 *   2   8  version: how many changes there were
 *  10      count x ( number u64 | proposer 12 ), newest first
 *          value
 * }</pre>
 *
 * @param version how many changes there were
 * @param changes the ballots of the last of them, newest first
 * @param value what the last one gave; no bytes if there was none
 */
record Contents(long version, List<Ballot> changes, Bytes value) {
    /** How many changes are remembered. */
    static final int WINDOW = 64;

    /** What a register holds that was never changed. */
    static final Contents NOTHING = new Contents(0, List.of(), Bytes.EMPTY);

    private static final byte LAYOUT = 1;
    private static final int COUNT_AT = 1;
    private static final int VERSION_AT = 2;
    private static final int HEADER_BYTES = 10;
    private static final int CHANGE_BYTES = Long.BYTES + WriterId.BYTES;

    Contents {
        changes = List.copyOf(changes);
        if (version < 0 || changes.size() != Math.min(version, WINDOW) || (version == 0 && value.length() > 0)) {
            throw new IllegalArgumentException("a register must remember its last " + WINDOW + " changes: version="
                    + version + " changes=" + changes.size());
        }
    }

    State state() {
        return new State(version, value);
    }

    Sighting sighted(Sighting.Grade grade) {
        return new Sighting(state(), grade);
    }

    /** Returns what one more change makes of this. */
    Contents changed(Ballot by, Bytes changedValue) {
        List<Ballot> window = new ArrayList<>(List.of(by));
        window.addAll(changes.subList(0, Math.min(changes.size(), WINDOW - 1)));
        return new Contents(version + 1, window, changedValue);
    }

    /** Tells whether this, in which the last change of {@code attempt} is not found, proves that it was not made. */
    boolean rulesOut(Contents attempt) {
        return version <= WINDOW || !Collections.disjoint(changes, attempt.changes());
    }

    byte[] write() {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + changes.size() * CHANGE_BYTES + value.length());
        out.put(LAYOUT).put((byte) changes.size()).putLong(version);
        for (Ballot change : changes) {
            out.putLong(change.number());
            change.proposer().write(out, out.position());
            out.position(out.position() + WriterId.BYTES);
        }
        return out.put(value.buffer()).array();
    }

    static Contents parse(byte[] bytes) throws FormatException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length > 0 && bytes[0] != LAYOUT) {
            throw new FormatException(FormatException.Kind.TOO_NEW, "a register's layout must be 1: " + bytes[0]);
        }
        int valueAt = bytes.length < HEADER_BYTES ? Integer.MAX_VALUE : HEADER_BYTES + in.get(COUNT_AT) * CHANGE_BYTES;
        if (valueAt < HEADER_BYTES || valueAt > bytes.length) {
            throw new FormatException(FormatException.Kind.CORRUPT, "a register's blob is cut short");
        }
        try {
            Bytes value = Bytes.of(Arrays.copyOfRange(bytes, valueAt, bytes.length));
            return new Contents(in.getLong(VERSION_AT), changes(in, in.get(COUNT_AT)), value);
        } catch (IllegalArgumentException e) {
            throw new FormatException(
                    FormatException.Kind.CORRUPT, "a register's blob cannot be: " + e.getMessage(), e);
        }
    }

    private static List<Ballot> changes(ByteBuffer in, int count) {
        List<Ballot> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = HEADER_BYTES + i * CHANGE_BYTES;
            changes.add(new Ballot(in.getLong(at), WriterId.read(in, at + Long.BYTES)));
        }
        return changes;
    }
}
