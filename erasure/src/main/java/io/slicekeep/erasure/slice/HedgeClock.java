package io.slicekeep.erasure.slice;

import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for sites that are being read: first until it is time to ask others too, then until they count as failed. Both
 * times begin anew when another site is asked. Confined to one thread at a time.
 */
final class HedgeClock {
    private final Workshop workshop;
    private Deadline hedge;
    private Deadline end;

    HedgeClock(Workshop workshop) {
        this.workshop = workshop;
        this.end = workshop.siteDeadline();
        this.hedge = end;
    }

    /** Says that a site was asked just now. */
    void asked() {
        end = workshop.siteDeadline();
        hedge = workshop.tasks().deadline(workshop.patience().hedgeDelay());
    }

    /** Returns the next outcome; null if those under way are slow or, {@link #expired}, late. */
    @Nullable
    Outcome<Integer> next(TaskGroup<Integer> group) throws InterruptedIOException {
        Outcome<Integer> outcome = group.next(hedge.atNanos() < end.atNanos() ? hedge : end);
        if (outcome == null) {
            hedge = end;
        }
        return outcome;
    }

    boolean expired() {
        return end.passed();
    }
}
