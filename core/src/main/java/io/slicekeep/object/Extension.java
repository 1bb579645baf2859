package io.slicekeep.object;

import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.record.Content;
import io.slicekeep.record.Current;
import io.slicekeep.record.Reasons;
import io.slicekeep.record.Revision;
import io.slicekeep.record.Target;
import java.io.IOException;

/**
 * Brings a write that began under one layout up to what the one asks for that holds when it is to be acknowledged
 * (docs/PROTOCOLS.md 10). Its revision stays: with another counter it might be applied twice. One object per write, confined to
 * one thread.
 */
final class Extension {
    private final RecordNamespace written;
    private final Target target;
    private final Revision revision;

    /** What is done under each newer layout. */
    @FunctionalInterface
    interface Step {
        void extendTo(Namespace now) throws IOException;
    }

    /** Begins with the layout under which the revision was recorded. */
    Extension(RecordNamespace written, Target target, Revision revision) {
        this.written = written;
        this.target = target;
        this.revision = revision;
    }

    /**
     * Returns once the revision, or a newer one, stands as the layout asks that holds then.
     *
     * @throws OutcomeUnknownException if that cannot be had
     */
    void run() throws OutcomeUnknownException {
        follow(written, target, now -> extendTo(written.under(now.layout())));
    }

    /**
     * Takes the step to each newer layout than that of the write, until none is newer.
     *
     * @throws OutcomeUnknownException if that cannot be had
     */
    static void follow(Namespace written, Target target, Step step) throws OutcomeUnknownException {
        try {
            Namespace before = written;
            Namespace now = before.confirmed();
            while (!now.agreesWith(before)) {
                step.extendTo(now);
                before = now;
                now = before.confirmed();
            }
        } catch (IOException e) {
            throw new OutcomeUnknownException(
                    target + " may or may not have been written: while it was, the sites of the keep changed; "
                            + Reasons.of(e),
                    e);
        }
    }

    /**
     * Reading the name puts what is found on W sites, whatever was noted before. A newer revision that stands hides this one as
     * it would have anyway.
     */
    private void extendTo(RecordNamespace now) throws IOException {
        try (Current current = now.read(target, records -> records.readStanding(target))) {
            if (current.revision()
                    .filter(found -> found.compareTo(revision) >= 0)
                    .isEmpty()) {
                throw new UnavailableException("too few of those of today hold it");
            }
            if (current.found().isPresent()) {
                Current.Value value = current.found().get();
                boolean own = value.revision().equals(revision);
                if (own && value.record().stored().common().content() instanceof Content.Sliced) {
                    new SliceRepair(SlicedBlob.of(now, value), value.record().secret()).complete(target.name());
                }
            }
        }
    }
}
