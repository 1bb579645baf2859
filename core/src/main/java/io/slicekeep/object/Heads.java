package io.slicekeep.object;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.Current;
import io.slicekeep.record.Hints;
import io.slicekeep.record.Need;
import io.slicekeep.record.RecordSet;
import io.slicekeep.record.Revision;
import io.slicekeep.record.Target;
import java.io.IOException;

/** Where it stands which version of each name is the newest, and how another takes its place. Thread-safe. */
interface Heads {
    /** Returns the longest sealed blob, in bytes, that a head can carry in its own slices. */
    int maxInlineBytes();

    /** Refuses a condition that writes could not hold. */
    void require(Condition condition) throws IOException;

    /** Returns the newest version of a name, to be closed by the caller. */
    Current read(Target target, Need need, Certainty certainty) throws IOException;

    /** Begins a write that takes effect if a condition holds then. */
    Write begin(Target target, Condition condition) throws IOException;

    /** Begins a deletion, which hides even what a put left that was killed, wherever it can be reached. */
    default Write beginDeletion(Target target, Condition condition) throws IOException {
        return begin(target, condition);
    }

    /** Lists a directory, "" for the root, and what lies beneath it; or only its names that are too long for a key. */
    HeadScan scan(String directory, Names names, Certainty certainty) throws IOException;

    /** Which names of a directory are listed. */
    enum Names {
        ALL,
        LONG
    }

    /** One write under way. Confined to one thread at a time. */
    interface Write {
        Target target();

        /** Returns the version that is written; its slices lie under its counter and writer. */
        Revision revision();

        /** Tells that slices become visible from now on, so that the time runs in which a head must name them. */
        void slicesAppear();

        /** Tells that the slices stand as another layout asks. */
        void extendedTo(Layout layout);

        /**
         * Gives it more time to be committed if less than half is left; returns whether it did. Then the layout has to be confirmed
         * again: others count with its being committed within D of that.
         *
         * @throws IOException if it may not be committed any more
         */
        boolean renew() throws IOException;

        /**
         * Makes the version the newest one; a tombstone only if there is anything to delete.
         *
         * @param head of this version
         * @param hints what listings shall tell of it
         * @return what became of it
         * @throws io.slicekeep.error.OutcomeUnknownException if it may or may not have become the newest
         * @throws IOException if it has not and never will
         */
        ObjectStore.WriteReport commit(RecordSet head, Hints hints) throws IOException;
    }
}
