package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.Patience;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Tasks;
import java.nio.ByteBuffer;

/** What all sinks and sources of one dispersal share: tasks, patience, what is known of the sites' speed, and memory. Thread-safe. */
public final class Workshop {
    /** Idle memory kept of each kind: a few stripes, whatever the number of blobs open. */
    private static final long MAX_IDLE_BYTES = 8L << 20;

    private final Tasks tasks;
    private final Patience patience;
    private final ReadPace pace;
    private final MemoryPool<StripeBuffer.Shape, StripeBuffer> stripes =
            new MemoryPool<>(MAX_IDLE_BYTES, StripeBuffer::new, StripeBuffer.Shape::bytes);
    private final MemoryPool<Integer, ByteBuffer> ranges =
            new MemoryPool<>(MAX_IDLE_BYTES, ByteBuffer::allocateDirect, Integer::longValue);

    /**
     * Creates a workshop.
     *
     * @param tasks forks and waits
     * @param patience how long it waits
     */
    public Workshop(Tasks tasks, Patience patience) {
        this.tasks = tasks;
        this.patience = patience;
        this.pace = new ReadPace(tasks, patience.hedgeDelay());
    }

    Tasks tasks() {
        return tasks;
    }

    Patience patience() {
        return patience;
    }

    ReadPace pace() {
        return pace;
    }

    /** Returns until when a site has time for one step that begins now. */
    Deadline siteDeadline() {
        return tasks.deadline(patience.siteTimeout());
    }

    /** Lends cells of a length, all n of a stripe. */
    Lease<StripeBuffer> lendStripe(int cellCount, int cellBytes) {
        return stripes.lend(new StripeBuffer.Shape(cellCount, cellBytes));
    }

    /** Lends room for a part of a slice. */
    Lease<ByteBuffer> lendRange(int capacityBytes) {
        return ranges.lend(capacityBytes);
    }

    /**
     * Returns how many leases are held by sinks, sources and their tasks.
     *
     * @return 0 when all are closed and no task is late
     */
    public int lent() {
        return stripes.lent() + ranges.lent();
    }
}
