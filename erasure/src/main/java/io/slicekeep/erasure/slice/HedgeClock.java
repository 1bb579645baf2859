package io.slicekeep.erasure.slice;

import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Waits for sites that are being read: first until it is time to ask others too, and again after ever longer times, then until
 * they count as failed. All begins anew when another site is asked. Confined to one thread at a time.
 */
final class HedgeClock {
    private final Workshop workshop;
    private Duration delay;
    private Deadline hedge;
    private Deadline end;

    HedgeClock(Workshop workshop) {
        this.workshop = workshop;
        this.delay = workshop.pace().hedgeDelay();
        this.end = workshop.siteDeadline();
        this.hedge = workshop.tasks().deadline(delay);
    }

    /** Says that a site was asked just now. */
    void asked() {
        end = workshop.siteDeadline();
        delay = workshop.pace().hedgeDelay();
        hedge = workshop.tasks().deadline(delay);
    }

    /** Returns the next outcome; null if those under way are late or, {@link #expired}, failed. */
    @Nullable
    Outcome<Integer> next(TaskGroup<Integer> group) throws InterruptedIOException {
        Outcome<Integer> outcome = group.next(hedge.atNanos() < end.atNanos() ? hedge : end);
        if (outcome == null) {
            delay = delay.multipliedBy(2).plusMillis(1);
            hedge = workshop.tasks().deadline(delay);
        }
        return outcome;
    }

    boolean expired() {
        return end.passed();
    }
}
