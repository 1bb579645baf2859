package io.slicekeep.key;

import io.slicekeep.crypto.Hkdf;
import io.slicekeep.task.RandomSource;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * A secret that is open: of a keep, a namespace or one blob. It is never used as a key itself; every key is derived from it
 * for one {@linkplain KeyPurpose purpose} and bound to the secret's context (docs/FORMAT.md section 1). It comes from a
 * {@link KeyRing} together with the slots that open it. Closing wipes it; the derived keys live on until they are closed.
 * Thread-safe but for closing.
 */
public final class OpenSecret implements AutoCloseable {
    private static final int MIN_COMMITMENT_BYTES = 16;
    private static final byte[] NO_SALT = {};

    private final SecretBytes secret;
    private final KeyContext context;
    private final List<KeySlot> slots;

    OpenSecret(SecretBytes secret, KeyContext context, List<KeySlot> slots) {
        this.secret = secret;
        this.context = context;
        this.slots = List.copyOf(slots);
    }

    /**
     * Draws a secret that no slot opens yet: {@link KeyRing#wrap} makes them.
     *
     * @param context what it is for
     * @param random where from
     * @return the secret, to be closed by the caller
     */
    public static OpenSecret random(KeyContext context, RandomSource random) {
        return new OpenSecret(SecretBytes.random(random, KeyProvider.SECRET_BYTES), context, List.of());
    }

    /**
     * Returns the check that {@link KeyRing#open} needs where the commitment is the one derived for
     * {@link KeyPurpose#COMMIT}.
     *
     * @param commitment its first 16 to 32 bytes, from where they cannot be changed together with the slots
     * @return accepts the one secret with this commitment
     */
    public static Predicate<OpenSecret> committedTo(byte[] commitment) {
        if (commitment.length < MIN_COMMITMENT_BYTES || commitment.length > KeyPurpose.COMMIT.keyBytes()) {
            throw new IllegalArgumentException("a commitment must have 16 to 32 bytes: bytes=" + commitment.length);
        }
        byte[] expected = commitment.clone();
        return candidate -> MessageDigest.isEqual(Arrays.copyOf(candidate.commitment(), expected.length), expected);
    }

    /**
     * Returns what the secret is for.
     *
     * @return the context that every derived key is bound to
     */
    public KeyContext context() {
        return context;
    }

    /**
     * Returns the slots that the secret came with.
     *
     * @return 1 to 16 slots, with a fresher one where a provider gave it; none for a secret that was never wrapped
     */
    public List<KeySlot> slots() {
        return slots;
    }

    /**
     * Derives the key for one purpose.
     *
     * @param purpose what it will be used for
     * @return the key, to be closed by the caller
     * @throws IllegalStateException if closed
     */
    public SecretBytes derive(KeyPurpose purpose) {
        return SecretBytes.owning(derivedBytes(purpose));
    }

    /**
     * Returns the commitment: whoever finds it again has the same secret and context.
     *
     * @return 32 bytes, not secret
     * @throws IllegalStateException if closed
     */
    public byte[] commitment() {
        return derivedBytes(KeyPurpose.COMMIT);
    }

    /**
     * Returns a second holder of the same secret, to be closed on its own.
     *
     * @return the copy
     * @throws IllegalStateException if closed
     */
    public OpenSecret copy() {
        return new OpenSecret(secret.copy(), context, slots);
    }

    /** Wipes the secret. Idempotent. */
    @Override
    public void close() {
        secret.close();
    }

    @Override
    public String toString() {
        return "OpenSecret" + context;
    }

    SecretBytes secret() {
        return secret;
    }

    private byte[] derivedBytes(KeyPurpose purpose) {
        byte[] prefix = purpose.infoPrefix();
        byte[] digest = context.digest();
        byte[] info = Arrays.copyOf(prefix, prefix.length + digest.length);
        System.arraycopy(digest, 0, info, prefix.length, digest.length);
        return Hkdf.SHA256.derive(NO_SALT, secret.unsafeBytes(), info, purpose.keyBytes());
    }
}
