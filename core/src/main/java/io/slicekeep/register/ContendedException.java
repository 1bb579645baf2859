package io.slicekeep.register;

import io.slicekeep.error.SlicekeepException;

/** This attempt did not get through, for others' attempts or for what is being deleted; another one may. */
final class ContendedException extends SlicekeepException {
    private static final long serialVersionUID = 1L;

    private final long number;

    ContendedException(String message, long number) {
        super(message, null);
        this.number = number;
    }

    /** Returns what the next attempt's number must be above. */
    long number() {
        return number;
    }
}
