package io.slicekeep.register;

import io.slicekeep.error.FormatException;

/** What a blob of a register says. */
enum Phase {
    /** Somebody attempts a ballot, and has no value yet. The blob is empty. */
    BID('1'),
    /** This site takes the value of a ballot. */
    ACCEPTED('2'),
    /** The store took the value: where it decides races by itself, and ballots are counted without a gap. */
    CREATED('3');

    private final char code;

    Phase(char code) {
        this.code = code;
    }

    char code() {
        return code;
    }

    static Phase parse(char code) throws FormatException {
        for (Phase phase : values()) {
            if (phase.code == code) {
                return phase;
            }
        }
        throw new FormatException(FormatException.Kind.TOO_NEW, "a register's phase must be 1 to 3: " + code);
    }
}
