package io.slicekeep.testkit.crash;

/** A promise was not kept. */
final class Broken extends AssertionError {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
        super(message);
    }
}
