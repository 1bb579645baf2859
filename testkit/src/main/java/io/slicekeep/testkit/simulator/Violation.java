package io.slicekeep.testkit.simulator;

/** A promise that a run has seen broken. */
public final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final Promise promise;

    Violation(Promise promise, String message) {
        super(promise + ": " + message);
        this.promise = promise;
    }

    Violation(Promise promise, String message, Throwable cause) {
        super(promise + ": " + message, cause);
        this.promise = promise;
    }

    /** What is promised. */
    public enum Promise {
        /** An acknowledged write is returned by every later read. */
        NOT_LOST,
        /** What is returned was written, byte for byte. */
        NOT_WRONG,
        /** What was deleted stays deleted. */
        NOT_RESURRECTED,
        /** No read returns something older than a read before it. */
        NOT_BACKWARD,
        /** A register changes step by step, each change made of the one before it, each version one value. */
        NOT_FORKED,
        /** A site holds no plaintext, and fewer slices of a blob than rebuild it. */
        NOT_LEAKED,
        /** A key never has two contents. */
        NO_KEY_TWICE,
        /** When faults have ended, everything can be read. */
        READABLE,
        /** When faults have ended, a repair makes everything whole at all sites that are there. */
        REDUNDANT,
        /** What was shredded leaves nothing but a tombstone; what was collected, nothing but what stands. */
        NO_GARBAGE,
        /** No record is put later than the deadline of its operation: others count on it. */
        NOT_LATE,
        /** Who has no keys deletes nothing and records nothing. */
        NO_TRESPASS,
        /** Data that is well is never called damaged. */
        NOT_ACCUSED,
        /** Every source and sink is closed in the end, and every task has come to its end. */
        ALL_CLOSED,
        /** Nothing is thrown but what is documented. */
        NO_DEFECT
    }

    /**
     * Returns what was promised.
     *
     * @return the promise
     */
    public Promise promise() {
        return promise;
    }
}
