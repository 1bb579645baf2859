package io.slicekeep.erasure.slice;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lends memory of any shape and keeps a bounded amount of what comes back, so that a steady flow allocates nothing.
 * Thread-safe.
 *
 * @param <S> the shape, by value
 * @param <T> the memory
 */
final class MemoryPool<S, T> {
    private final long maxIdleBytes;
    private final Function<S, T> maker;
    private final ToLongFunction<S> bytes;

    // Under this object's lock.
    private final Deque<Idle<S, T>> idle = new ArrayDeque<>();
    private long idleBytes;
    private int lent;

    MemoryPool(long maxIdleBytes, Function<S, T> maker, ToLongFunction<S> bytes) {
        this.maxIdleBytes = maxIdleBytes;
        this.maker = maker;
        this.bytes = bytes;
    }

    /** Lends memory of a shape, holding whatever was left in it. */
    Lease<T> lend(S shape) {
        T known = take(shape);
        T memory = known == null ? maker.apply(shape) : known;
        count(1);
        return new Lease<>(memory, returned -> giveBack(shape, returned));
    }

    /** Returns how many leases are held. */
    synchronized int lent() {
        return lent;
    }

    synchronized long idleBytes() {
        return idleBytes;
    }

    private synchronized void count(int more) {
        lent += more;
    }

    /** The one that came back last is the likeliest to be in a cache. */
    private synchronized @Nullable T take(S shape) {
        Iterator<Idle<S, T>> latestFirst = idle.descendingIterator();
        while (latestFirst.hasNext()) {
            Idle<S, T> candidate = latestFirst.next();
            if (candidate.shape.equals(shape)) {
                latestFirst.remove();
                idleBytes -= bytes.applyAsLong(shape);
                return candidate.memory;
            }
        }
        return null;
    }

    private synchronized void giveBack(S shape, T memory) {
        lent--;
        idle.addLast(new Idle<>(shape, memory));
        idleBytes += bytes.applyAsLong(shape);
        while (idleBytes > maxIdleBytes) {
            idleBytes -= bytes.applyAsLong(idle.removeFirst().shape);
        }
    }

    private record Idle<S, T>(S shape, T memory) {}
}
