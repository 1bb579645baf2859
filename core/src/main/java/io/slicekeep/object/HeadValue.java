package io.slicekeep.object;

import io.slicekeep.error.FormatException;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Hints;
import io.slicekeep.record.PlacedBlob;
import io.slicekeep.record.RecordKind;
import io.slicekeep.record.RecordSet;
import io.slicekeep.record.WriterId;
import io.slicekeep.register.State;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the register of a name holds (docs/FORMAT.md 11.1). The first 34 bytes stand in the register's keys too, so that a listing
 * tells them. Immutable.
 *
 * <pre>{@code
 * off len
 *   0  22  hints
 *  22  12  writer
 *  34      the head: a record as site 0 would hold it, without a slice
 * }</pre>
 *
 * @param hints what listings tell of the version
 * @param writer who wrote it
 */
record HeadValue(Hints hints, WriterId writer) {
    static final int NOTE_BYTES = Hints.BYTES + WriterId.BYTES;

    /** Returns the value of a head. */
    static Bytes of(RecordSet head, Hints hints) {
        ByteBuffer[] parts = head.buffers(0);
        int headBytes = Arrays.stream(parts).mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer value = ByteBuffer.allocate(NOTE_BYTES + headBytes);
        value.put(hints.write().buffer());
        head.common().revision().writer().write(value, Hints.BYTES);
        value.position(NOTE_BYTES);
        for (ByteBuffer part : parts) {
            value.put(part);
        }
        return Bytes.of(value.array());
    }

    /** Reads the beginning of a value, which may be all there is. */
    static HeadValue parse(Bytes note) throws FormatException {
        if (note.length() < NOTE_BYTES) {
            throw new FormatException(FormatException.Kind.CORRUPT, "a head's register holds too few bytes");
        }
        return new HeadValue(Hints.parse(note.buffer()), WriterId.read(note.buffer(), Hints.BYTES));
    }

    /** Reads the beginning of what a register holds; empty if it was never written. */
    static Optional<HeadValue> parse(State state) throws FormatException {
        return state.exists() ? Optional.of(parse(state.value())) : Optional.empty();
    }

    /** Returns the head out of a whole value. */
    static Bytes head(Bytes value) {
        return value.from(NOTE_BYTES);
    }

    /** Tells whether a blob is the one that this is the head of. */
    boolean names(PlacedBlob blob) {
        return writer.equals(blob.version().writer()) && hints.placement() == blob.placement();
    }

    boolean isTombstone() {
        return hints.kind() == RecordKind.TOMBSTONE;
    }
}
