package io.slicekeep.erasure.slice;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Memory lent by a {@link MemoryPool} to any number of holders at once; it goes back when the last one lets go. A task that
 * outlives its caller's patience is such a holder: the memory that it still reads or fills is not lent again before it
 * ends. Thread-safe; what is done with the memory is not.
 *
 * @param <T> what is lent
 */
final class Lease<T> {
    private final T memory;
    private final Consumer<T> giveBack;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** Begins with one holder, the caller. */
    Lease(T memory, Consumer<T> giveBack) {
        this.memory = memory;
        this.giveBack = giveBack;
    }

    /** Returns the memory, to one who holds the lease. */
    T memory() {
        return memory;
    }

    /**
     * Adds a holder, unless the memory has gone back already: then the work for which it was lent is no longer wanted.
     *
     * @return true if added
     */
    boolean hold() {
        return holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /** Lets go. Once per holder. */
    void release() {
        int left = holders.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("released more often than held");
        }
        if (left == 0) {
            giveBack.accept(memory);
        }
    }
}
