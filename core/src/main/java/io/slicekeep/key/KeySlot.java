package io.slicekeep.key;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import java.util.Arrays;

/**
 * A secret wrapped by one provider's key. Slots stand outside every MAC: a slot is right if and only if what it opens to
 * matches the commitment that stands with the immutable ciphertext. Immutable.
 */
public final class KeySlot {
    /** The longest {@link #info()}, in bytes. */
    public static final int MAX_INFO_BYTES = 1024;

    /** The longest {@link #wrapped()}, in bytes. */
    public static final int MAX_WRAPPED_BYTES = 8192;

    private final KeyUri uri;
    private final byte[] info;
    private final byte[] wrapped;

    /**
     * Creates a slot.
     *
     * @param uri which key wraps
     * @param info what the provider needs besides: a key version, a salt and costs; up to 1024 bytes
     * @param wrapped the wrapped secret, 1 to 8192 bytes
     */
    public KeySlot(KeyUri uri, byte[] info, byte[] wrapped) {
        if (info.length > MAX_INFO_BYTES) {
            throw new IllegalArgumentException("info must have at most 1024 bytes: bytes=" + info.length);
        }
        if (wrapped.length < 1 || wrapped.length > MAX_WRAPPED_BYTES) {
            throw new IllegalArgumentException("wrapped must have 1 to 8192 bytes: bytes=" + wrapped.length);
        }
        this.uri = uri;
        this.info = info.clone();
        this.wrapped = wrapped.clone();
    }

    /**
     * Returns which key wraps.
     *
     * @return the URI
     */
    public KeyUri uri() {
        return uri;
    }

    /**
     * Returns what the provider needs besides the URI.
     *
     * @return a copy
     */
    public byte[] info() {
        return info.clone();
    }

    /**
     * Returns the wrapped secret.
     *
     * @return a copy
     */
    public byte[] wrapped() {
        return wrapped.clone();
    }

    /**
     * Checks that this slot is a provider's own, before the provider looks further.
     *
     * @param expected the provider's URI
     * @throws KeyUnavailableException if the slot names another key
     */
    public void requireUri(KeyUri expected) throws KeyUnavailableException {
        if (!uri.equals(expected)) {
            throw new KeyUnavailableException(
                    Reason.NO_SUCH_KEY,
                    "the slot names another key than the provider: slot=" + uri + ", provider=" + expected);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeySlot that
                && that.uri.equals(uri)
                && Arrays.equals(that.info, info)
                && Arrays.equals(that.wrapped, wrapped);
    }

    @Override
    public int hashCode() {
        return 31 * uri.hashCode() + Arrays.hashCode(wrapped);
    }

    @Override
    public String toString() {
        return "KeySlot[" + uri + "]";
    }
}
