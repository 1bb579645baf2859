package io.slicekeep.register;

import io.slicekeep.error.FormatException;
import io.slicekeep.record.Revision;
import io.slicekeep.record.WriterId;
import java.util.Comparator;

/**
 * One attempt at deciding what a register holds; the greater one wins. A proposer is drawn for each attempt, so two attempts
 * never share a ballot, and a ballot never has two values. Immutable.
 *
 * @param number 0 to 2^62 - 1
 * @param proposer who attempts
 */
record Ballot(long number, WriterId proposer) implements Comparable<Ballot> {
    static final long MAX_NUMBER = Revision.MAX_COUNTER;

    private static final Comparator<Ballot> ORDER =
            Comparator.comparingLong(Ballot::number).thenComparing(Ballot::proposer);

    Ballot {
        if (number < 0 || number > MAX_NUMBER) {
            throw new IllegalArgumentException("a ballot's number must be 0 to 2^62 - 1: number=" + number);
        }
    }

    /** Returns the 27 characters that stand in keys, of which the greater ballot's sorts first. */
    String text() {
        return new Revision(number, proposer, 0).versionText();
    }

    static Ballot parse(String text) throws FormatException {
        Revision version = Revision.parseVersion(text, 0);
        return new Ballot(version.counter(), version.writer());
    }

    boolean isAbove(Ballot other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Ballot other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return number + "-" + proposer;
    }
}
