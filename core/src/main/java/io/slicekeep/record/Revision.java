package io.slicekeep.record;

import io.slicekeep.error.FormatException;
import java.nio.ByteBuffer;
import java.util.Comparator;

/**
 * Which version of a named value a record is; greater is newer. An operation chooses (counter, writer) once; upkeep that
 * changes nothing for the user raises the generation and so stays below every later write. Immutable.
 *
 * <p>In a key the revision is 32 characters in which every number is inverted, so that the newest sorts first:
 *
 * <pre>{@code
 * inverse(counter) 11 | inverse(writer) 16 | inverse(generation) 2 | attempt 3
 * }</pre>
 *
 * The attempt is random and no part of the revision: it keeps two attempts at one revision from sharing a key.
 *
 * @param counter 0 to 2^62 - 1
 * @param writer who wrote
 * @param generation 0 to 4095
 */
public record Revision(long counter, WriterId writer, int generation) implements Comparable<Revision> {
    /** The greatest counter. */
    public static final long MAX_COUNTER = (1L << 62) - 1;

    static final int MAX_GENERATION = 4095;
    static final int ATTEMPTS = 1 << 18;
    static final int TEXT_LENGTH = 32;

    private static final int COUNTER_LENGTH = 11;
    private static final int WRITER_LENGTH = 16;
    private static final int VERSION_LENGTH = COUNTER_LENGTH + WRITER_LENGTH;

    /** The length of {@link #text()}. */
    static final int REVISION_LENGTH = VERSION_LENGTH + 2;

    private static final Comparator<Revision> ORDER = Comparator.comparingLong(Revision::counter)
            .thenComparing(Revision::writer)
            .thenComparingInt(Revision::generation);

    /** Checks the ranges. */
    public Revision {
        if (counter < 0 || counter > MAX_COUNTER) {
            throw new IllegalArgumentException("counter must be 0 to 2^62 - 1: counter=" + counter);
        }
        if (generation < 0 || generation > MAX_GENERATION) {
            throw new IllegalArgumentException("generation must be 0 to 4095: generation=" + generation);
        }
    }

    /**
     * Returns the 27 characters that all generations, and their slices' keys, share.
     *
     * @return text of which the newer version's sorts first
     */
    public String versionText() {
        ByteBuffer inverse = ByteBuffer.allocate(WriterId.BYTES);
        new WriterId(~writer.high(), ~writer.low()).write(inverse, 0);
        StringBuilder text = new StringBuilder(TEXT_LENGTH);
        SortableBase64.appendNumber(text, MAX_COUNTER - counter, COUNTER_LENGTH);
        return text.append(SortableBase64.encode(inverse.array())).toString();
    }

    /** Returns the 32 characters of one attempt. */
    String text(int attempt) {
        StringBuilder text = new StringBuilder(text());
        SortableBase64.appendNumber(text, attempt, 3);
        return text.toString();
    }

    /** Returns the 29 characters that all attempts share. */
    String text() {
        StringBuilder text = new StringBuilder(versionText());
        SortableBase64.appendNumber(text, MAX_GENERATION - generation, 2);
        return text.toString();
    }

    /** Reads the revision out of 32 characters of a key. */
    static Revision parse(String text) throws FormatException {
        if (text.length() != TEXT_LENGTH) {
            throw new FormatException(FormatException.Kind.CORRUPT, "a revision must have 32 characters");
        }
        SortableBase64.number(text.substring(REVISION_LENGTH));
        return parseRevision(text.substring(0, REVISION_LENGTH));
    }

    /** Reads the 29 characters of {@link #text()}. */
    static Revision parseRevision(String text) throws FormatException {
        if (text.length() != REVISION_LENGTH) {
            throw new FormatException(FormatException.Kind.CORRUPT, "a revision must have 29 characters");
        }
        int inverseGeneration = (int) SortableBase64.number(text.substring(VERSION_LENGTH));
        return parseVersion(text.substring(0, VERSION_LENGTH), MAX_GENERATION - inverseGeneration);
    }

    /**
     * Reads the 27 characters of {@link #versionText}.
     *
     * @param text any text
     * @param generation which generation to give it
     * @return the revision
     * @throws FormatException if the text is none
     */
    public static Revision parseVersion(String text, int generation) throws FormatException {
        if (text.length() != VERSION_LENGTH) {
            throw new FormatException(FormatException.Kind.CORRUPT, "a version must have 27 characters");
        }
        long inverse = SortableBase64.number(text.substring(0, COUNTER_LENGTH));
        if (inverse > MAX_COUNTER) {
            throw new FormatException(FormatException.Kind.CORRUPT, "a counter must be below 2^62");
        }
        WriterId writer = WriterId.read(ByteBuffer.wrap(SortableBase64.decode(text.substring(COUNTER_LENGTH))), 0);
        return new Revision(MAX_COUNTER - inverse, new WriterId(~writer.high(), ~writer.low()), generation);
    }

    /**
     * Returns the revision of the same write in another generation.
     *
     * @param other 0 to 4095
     * @return the revision
     */
    public Revision ofGeneration(int other) {
        return new Revision(counter, writer, other);
    }

    /**
     * Tells whether there can be no further generation.
     *
     * @return true for the last one
     */
    public boolean isLast() {
        return generation == MAX_GENERATION;
    }

    @Override
    public int compareTo(Revision other) {
        return ORDER.compare(this, other);
    }

    /** Tells whether this one is newer. */
    boolean isNewerThan(Revision other) {
        return compareTo(other) > 0;
    }

    /** Returns the text that users see: equal texts, equal versions. */
    @Override
    public String toString() {
        return counter + "-" + writer + (generation == 0 ? "" : "." + generation);
    }
}
