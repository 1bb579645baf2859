package io.slicekeep.key;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.task.RandomSource;

/**
 * One wrapping key in a KMS, an HSM, a file or a head. Implementations are thread-safe, keep no secret that they hand out,
 * and map every foreign failure to {@link KeyUnavailableException}; the contract is {@code KeyProviderContract} in the
 * testkit.
 *
 * <p>A provider that has no associated data of its own may ignore the context: Slicekeep binds it when deriving keys.
 */
public interface KeyProvider extends AutoCloseable {
    /** The length of every wrapped secret, in bytes. */
    int SECRET_BYTES = 32;

    /**
     * Returns which key this is. Only slots with this URI reach {@link #unwrap} and {@link #rewrap}.
     *
     * @return the URI
     */
    KeyUri uri();

    /**
     * Draws a secret and wraps it. Providers that can draw it inside the KMS override this.
     *
     * @param context what the secret is for
     * @param random where the secret comes from
     * @return the secret, to be closed by the caller, and its slot
     * @throws KeyUnavailableException if the key cannot be used
     */
    default Opened generate(KeyContext context, RandomSource random) throws KeyUnavailableException {
        SecretBytes secret = SecretBytes.random(random, SECRET_BYTES);
        try {
            return new Opened(secret, wrap(secret, context));
        } catch (KeyUnavailableException | RuntimeException e) {
            secret.close();
            throw e;
        }
    }

    /**
     * Wraps a secret.
     *
     * @param secret 32 bytes, not kept
     * @param context what it is for
     * @return the slot
     * @throws KeyUnavailableException if the key cannot be used
     */
    KeySlot wrap(SecretBytes secret, KeyContext context) throws KeyUnavailableException;

    /**
     * Opens a slot.
     *
     * @param slot one with this provider's URI, from storage that is not trusted
     * @param context what the secret is for
     * @return the secret, to be closed by the caller, and the slot: the same, or a fresher one worth storing
     * @throws KeyUnavailableException if it does not open; a wrong key and a tampered slot look alike
     */
    Opened unwrap(KeySlot slot, KeyContext context) throws KeyUnavailableException;

    /**
     * Wraps the same secret under the key's newest version. Providers that can do so inside the KMS override this.
     *
     * @param slot one with this provider's URI
     * @param context what the secret is for
     * @return a slot that opens to the same secret
     * @throws KeyUnavailableException if it does not open or the key cannot be used
     */
    default KeySlot rewrap(KeySlot slot, KeyContext context) throws KeyUnavailableException {
        try (SecretBytes secret = unwrap(slot, context).secret()) {
            return wrap(secret, context);
        }
    }

    /**
     * Checks that the key can be used now, as cheaply as the provider allows.
     *
     * @throws KeyUnavailableException if it cannot, saying why
     */
    void checkHealth() throws KeyUnavailableException;

    /** Wipes what the provider holds. Idempotent. */
    @Override
    void close();

    /**
     * A secret and the slot that opens to it. Closing wipes the secret.
     *
     * @param secret the secret
     * @param slot its slot
     */
    record Opened(SecretBytes secret, KeySlot slot) implements AutoCloseable {
        @Override
        public void close() {
            secret.close();
        }
    }
}
