package io.slicekeep.key;

import io.slicekeep.crypto.KeyWrap;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.KeyUnavailableException;

/**
 * The wrapping key of an open secret, as the provider of the secrets one level below: a keep's wraps its namespaces' secrets
 * and a namespace's those of its blobs, so that neither costs a call to a KMS. Wraps by KWP. Thread-safe but for closing.
 */
public final class ParentKey implements KeyProvider {
    /** The URI of every slot that a parent key wraps. */
    public static final KeyUri URI = new KeyUri("parent:");

    /** The length of a secret that a parent key wrapped, in bytes. */
    public static final int WRAPPED_BYTES = KeyWrap.wrappedBytes(SECRET_BYTES);

    private static final byte[] NO_INFO = {};

    private final SecretBytes wrappingKey;

    private ParentKey(SecretBytes wrappingKey) {
        this.wrappingKey = wrappingKey;
    }

    /**
     * Derives the wrapping key of a secret.
     *
     * @param parent not kept: it may be closed before the returned key
     * @return the key, to be closed by the caller
     */
    public static ParentKey of(OpenSecret parent) {
        return new ParentKey(parent.derive(KeyPurpose.WRAP));
    }

    /**
     * Returns the slot of a wrapped secret that is stored without its URI.
     *
     * @param wrapped from storage
     * @return its slot
     */
    public static KeySlot slot(byte[] wrapped) {
        return new KeySlot(URI, NO_INFO, wrapped);
    }

    @Override
    public KeyUri uri() {
        return URI;
    }

    @Override
    public KeySlot wrap(SecretBytes secret, KeyContext context) {
        return slot(KeyWrap.wrap(wrappingKey.unsafeBytes(), secret.unsafeBytes()));
    }

    @Override
    public Opened unwrap(KeySlot slot, KeyContext context) throws KeyUnavailableException {
        byte[] key = wrappingKey.unsafeBytes();
        slot.requireUri(URI);
        byte[] wrapped = slot.wrapped();
        if (slot.info().length != 0 || wrapped.length != WRAPPED_BYTES) {
            throw KeyUnavailableException.wrongKey(URI.value());
        }
        try {
            return new Opened(SecretBytes.owning(KeyWrap.unwrap(key, wrapped)), slot);
        } catch (IntegrityException e) {
            throw KeyUnavailableException.wrongKey(URI.value());
        }
    }

    @Override
    public void checkHealth() {
        wrappingKey.unsafeBytes();
    }

    @Override
    public void close() {
        wrappingKey.close();
    }
}
