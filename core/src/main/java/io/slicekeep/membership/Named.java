package io.slicekeep.membership;

import io.slicekeep.error.FormatException;
import io.slicekeep.record.Bytes;
import io.slicekeep.register.State;
import java.nio.ByteBuffer;

/**
 * Which configuration is meant: what the register holds. The first one of a keep, of which there is one only, is meant as
 * long as the register was never changed. Immutable.
 *
 * @param epoch its epoch
 * @param digest the SHA-256 of its blob; none of the first one
 */
record Named(long epoch, Bytes digest) {
    private static final int BYTES = Long.BYTES + 32;
    private static final Named FIRST = new Named(Founding.FIRST_EPOCH, Bytes.EMPTY);

    static Named of(long epoch, byte[] blob) {
        return epoch == FIRST.epoch ? FIRST : new Named(epoch, Bytes.sha256(ByteBuffer.wrap(blob)));
    }

    static Named read(State state) throws FormatException {
        if (!state.exists()) {
            return FIRST;
        }
        if (state.value().length() != BYTES) {
            throw new FormatException(
                    FormatException.Kind.TOO_NEW,
                    "the configuration's register must hold " + BYTES + " bytes: bytes="
                            + state.value().length());
        }
        ByteBuffer in = state.value().buffer();
        long epoch = in.getLong();
        byte[] digest = new byte[in.remaining()];
        in.get(digest);
        return new Named(epoch, Bytes.of(digest));
    }

    Bytes write() {
        byte[] value =
                ByteBuffer.allocate(BYTES).putLong(epoch).put(digest.buffer()).array();
        return Bytes.of(value);
    }

    /** Tells whether a configuration is the one. The first has no digest: whoever asks must know that what is shown is genuine. */
    boolean names(Stored<Configuration> shown) {
        return of(shown.value().epoch(), shown.blob()).equals(this);
    }

    @Override
    public String toString() {
        return "epoch " + epoch;
    }
}
