package io.slicekeep.record;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * What a reading found: the newest value of a name, or that there is none.
 *
 * @param found the value; empty if the name has none or a tombstone
 * @param revision which version was found, a tombstone's too; empty if there is none
 * @param proven whether R sites answered and the value stands on W
 */
public record Current(Optional<Value> found, Optional<Revision> revision, boolean proven) implements AutoCloseable {
    /**
     * A value.
     *
     * @param revision which version
     * @param hints what its keys tell
     * @param record one record of it, opened
     * @param slices the slices that were read, by the number of the slice: k of them if the body of an inline object was wanted
     */
    public record Value(Revision revision, Hints hints, OpenedRecord record, Map<Integer, ByteBuffer> slices) {
        /** Copies the map. */
        public Value {
            slices = Map.copyOf(slices);
        }
    }

    static Current absent(boolean proven) {
        return new Current(Optional.empty(), Optional.empty(), proven);
    }

    static Current deleted(Revision tombstone, boolean proven) {
        return new Current(Optional.empty(), Optional.of(tombstone), proven);
    }

    static Current of(Value value, boolean proven) {
        return new Current(Optional.of(value), Optional.of(value.revision()), proven);
    }

    /** Wipes the value's secret. Idempotent. */
    @Override
    public void close() {
        found.ifPresent(value -> value.record().close());
    }
}
