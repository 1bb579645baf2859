package io.slicekeep.dispersal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a keep spreads data, and the quorums that follow: any k of n slices rebuild, m = n - k are redundant, f faults are
 * survived between two repairs, f_w sites may be away while writing (docs/PROTOCOLS.md 2). Immutable.
 *
 * @param dataSlices k, at least 2 unless there is one site only: a site must not hold k slices
 * @param paritySlices m, at least 0; k + m at most 255
 * @param faults f, sites that may be lost, rotten or lying between two repairs
 * @param awayWhileWriting f_w, sites that may besides be away while writing
 */
public record Profile(int dataSlices, int paritySlices, int faults, int awayWhileWriting) {
    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,3})\\+(\\d{1,3})(?:,f=(\\d{1,3}))?(?:,away=(\\d{1,3}))?");

    /** Checks that the profile can keep what it promises. */
    public Profile {
        require(
                dataSlices >= 1 && paritySlices >= 0 && dataSlices + paritySlices <= 255,
                "k must be >= 1, m >= 0 and k + m <= 255",
                dataSlices,
                paritySlices);
        require(
                dataSlices >= 2 || paritySlices == 0,
                "with k = 1 every site alone could rebuild everything: k must be >= 2 when there is more than one site",
                dataSlices,
                paritySlices);
        require(faults >= 0 && awayWhileWriting >= 0, "f and f_w must be >= 0", dataSlices, paritySlices);
        int sites = dataSlices + paritySlices;
        int mostFaults = Math.min(paritySlices, (sites - 1) / 2);
        require(
                faults <= mostFaults,
                "f = " + faults + " is more than it can survive: f must be at most " + mostFaults + ", or add parity",
                dataSlices,
                paritySlices);
        int write = sites - awayWhileWriting;
        require(
                write >= dataSlices + faults,
                "a write acknowledged by W = " + write + " sites would not survive f = " + faults
                        + " losses: W must be >= k + f = " + (dataSlices + faults) + ", so that at most away="
                        + (paritySlices - faults) + " is possible",
                dataSlices,
                paritySlices);
        require(
                readQuorum(sites, write, dataSlices, faults) <= sites,
                "no read could be sure to meet every acknowledged write: W + R - n - f must be >= max(k, f + 1) with R"
                        + " <= n; lower f or f_w, or add parity",
                dataSlices,
                paritySlices);
    }

    /**
     * Returns the profile with the default f (0 for m below 3, else 1) and f_w (half of m, less where the rules ask).
     *
     * @param dataSlices k
     * @param paritySlices m
     * @return the profile
     */
    public static Profile of(int dataSlices, int paritySlices) {
        int faults = paritySlices < 3 ? 0 : 1;
        return new Profile(dataSlices, paritySlices, faults, paritySlices / 2);
    }

    /**
     * Parses {@code k+m}, {@code k+m,f=F}, {@code k+m,away=A} or {@code k+m,f=F,away=A}.
     *
     * @param text such as {@code 4+2} or {@code 10+6,f=1,away=3}
     * @return the profile
     * @throws IllegalArgumentException if it is malformed or cannot keep its promise, in words
     */
    public static Profile parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a profile must look like 4+2 or 10+6,f=1,away=3: profile=" + text);
        }
        int data = Integer.parseInt(matcher.group(1));
        int parity = Integer.parseInt(matcher.group(2));
        int faults = matcher.group(3) == null ? (parity < 3 ? 0 : 1) : Integer.parseInt(matcher.group(3));
        int away = matcher.group(4) == null ? parity / 2 : Integer.parseInt(matcher.group(4));
        return new Profile(data, parity, faults, away);
    }

    /**
     * Returns the profile of the same k and another m: with the default f and f_w if this one has them, else with those of this
     * one.
     *
     * @param parity m
     * @return the profile
     * @throws IllegalArgumentException if it cannot keep its promise, in words
     */
    public Profile ofParity(int parity) {
        return equals(of(dataSlices, paritySlices))
                ? of(dataSlices, parity)
                : new Profile(dataSlices, parity, faults, awayWhileWriting);
    }

    /**
     * Returns n = k + m.
     *
     * @return the number of sites
     */
    public int sites() {
        return dataSlices + paritySlices;
    }

    /**
     * Returns W: a write is acknowledged when it stands on so many sites.
     *
     * @return n - f_w
     */
    public int writeQuorum() {
        return sites() - awayWhileWriting;
    }

    /**
     * Returns R: a read needs the answer of so many sites.
     *
     * @return the smallest R with R >= W and W + R - n - f >= max(k, f + 1)
     */
    public int readQuorum() {
        return readQuorum(sites(), writeQuorum(), dataSlices, faults);
    }

    /**
     * Returns Q: a register is decided by so many sites, any two such sets of which have more than f in common.
     *
     * @return ceil((n + f + 1) / 2)
     */
    public int registerQuorum() {
        return registerQuorum(sites(), faults);
    }

    /**
     * Returns from how many answering sites without a revision it follows that the revision was not acknowledged.
     *
     * @return n - W + 1 + f
     */
    public int absenceThreshold() {
        return sites() - writeQuorum() + 1 + faults;
    }

    /** Returns the text that {@link #parse} reads, in full. */
    @Override
    public String toString() {
        return dataSlices + "+" + paritySlices + ",f=" + faults + ",away=" + awayWhileWriting;
    }

    static int registerQuorum(int sites, int faults) {
        return (sites + faults + 2) / 2;
    }

    static int readQuorum(int sites, int write, int data, int faults) {
        return Math.max(write, Math.max(data, faults + 1) + sites + faults - write);
    }

    private static void require(boolean holds, String rule, int data, int parity) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ": profile=" + data + "+" + parity);
        }
    }
}
