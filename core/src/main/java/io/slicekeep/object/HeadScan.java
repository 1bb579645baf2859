package io.slicekeep.object;

import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Hints;
import io.slicekeep.record.OpenedRecord;
import io.slicekeep.record.WriterId;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The names of a directory that have a value, in the order of their keys. Confined to one thread. */
interface HeadScan {
    /** Returns the next name, or null at the end. */
    @Nullable
    Entry next() throws IOException;

    /** Tells whether to go on a site must be asked. */
    boolean isBlank();

    /** Goes on behind a directory beneath the one that is scanned. */
    void skip(String directory);

    /** Tells whether enough sites answered all the way that no acknowledged write can have been missed. */
    boolean isProven();

    /**
     * What a listing tells of a name's newest version.
     *
     * @param name the name
     * @param hints what its key tells
     * @param writer who wrote it
     * @param head where the rest can be read
     */
    record Entry(EncodedName name, Hints hints, WriterId writer, Opener head) {
        /** Opens the head, to be closed by the caller; empty if the name was deleted since. */
        Optional<OpenedRecord> open() throws IOException {
            return head.open();
        }
    }

    /** Opens a head that was listed. */
    interface Opener {
        Optional<OpenedRecord> open() throws IOException;
    }
}
