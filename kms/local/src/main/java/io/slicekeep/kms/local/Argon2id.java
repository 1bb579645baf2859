package io.slicekeep.kms.local;

import io.slicekeep.crypto.KeyWrap;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import io.slicekeep.key.SecretBytes;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Argon2id, version 0x13 (RFC 9106), by BouncyCastle, whose memory is Java heap. A cost that the heap cannot bear is refused
 * before any work. Immutable.
 *
 * @param heapBytes how much heap there is at most
 */
record Argon2id(long heapBytes) implements PassphraseKdf {
    /** A block of 1 KiB takes an object, an array header and a reference besides. */
    private static final long HEAP_BYTES_PER_KIB = 1024 + 64;

    /** The part of the heap that may be asked for, in quarters: the rest of the program needs some too. */
    private static final long USABLE_QUARTERS = 3;

    /** Returns the derivation within the heap of this JVM. */
    static Argon2id withinHeap() {
        return new Argon2id(Runtime.getRuntime().maxMemory());
    }

    @Override
    public SecretBytes derive(SecretBytes passphrase, byte[] salt, Argon2Cost cost) throws KeyUnavailableException {
        if (cost.memoryKib() * HEAP_BYTES_PER_KIB > heapBytes / 4 * USABLE_QUARTERS) {
            throw refused(cost, null);
        }
        SecretBytes key = SecretBytes.owning(new byte[KeyWrap.KEY_BYTES]);
        try {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(parameters(salt, cost));
            generator.generateBytes(passphrase.unsafeBytes(), key.unsafeBytes());
            return key;
        } catch (RuntimeException | OutOfMemoryError e) {
            key.close();
            throw refused(cost, e);
        }
    }

    private static Argon2Parameters parameters(byte[] salt, Argon2Cost cost) {
        return new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withSalt(salt)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.passes())
                .withParallelism(cost.lanes())
                .build();
    }

    private KeyUnavailableException refused(Argon2Cost cost, @Nullable Throwable cause) {
        return new KeyUnavailableException(
                Reason.DENIED,
                "Argon2id with " + cost.memoryKib() / 1024 + " MiB does not run in a heap of " + heapBytes / 1024 / 1024
                        + " MiB: give the JVM a larger -Xmx",
                cause);
    }
}
