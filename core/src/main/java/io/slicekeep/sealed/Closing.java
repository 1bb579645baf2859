package io.slicekeep.sealed;

import java.io.Closeable;
import java.io.IOException;

/** Closes what was opened for an operation that then failed. */
final class Closing {
    private Closing() {}

    /** Closes; a failure to do so is attached to the one before. */
    static void after(Exception failure, Closeable opened) {
        try {
            opened.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
