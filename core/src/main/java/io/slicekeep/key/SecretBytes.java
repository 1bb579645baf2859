package io.slicekeep.key;

import io.slicekeep.task.RandomSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Secret bytes with a lifetime: wiped when closed, never printed, never serialized, equal only to themselves. Not
 * thread-safe against closing: the owner closes when no other thread uses it.
 *
 * <p>Wiping is best effort: the garbage collector may have moved the array before, and providers keep key schedules of
 * their own (docs/THREAT-MODEL.md).
 */
public final class SecretBytes implements AutoCloseable {
    private byte @Nullable [] bytes;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Takes ownership of an array.
     *
     * @param owned wiped on close; the caller must not keep it
     * @return the secret
     */
    public static SecretBytes owning(byte[] owned) {
        return new SecretBytes(owned);
    }

    /**
     * Draws a random secret.
     *
     * @param random where from
     * @param count its length in bytes
     * @return the secret
     */
    public static SecretBytes random(RandomSource random, int count) {
        return new SecretBytes(random.bytes(count));
    }

    /**
     * Returns the secret array itself, not a copy, for handing to a cipher. Neither keep nor change it.
     *
     * @return the live array
     * @throws IllegalStateException if closed
     */
    public byte[] unsafeBytes() {
        if (bytes == null) {
            throw new IllegalStateException("closed");
        }
        return bytes;
    }

    /**
     * Returns a second holder with a copy, to be closed on its own.
     *
     * @return the copy
     */
    public SecretBytes copy() {
        return new SecretBytes(unsafeBytes().clone());
    }

    /** Wipes the bytes. Idempotent. */
    @Override
    public void close() {
        byte[] live = bytes;
        bytes = null;
        if (live != null) {
            Arrays.fill(live, (byte) 0);
        }
    }

    @Override
    public String toString() {
        return "SecretBytes[...]";
    }
}
