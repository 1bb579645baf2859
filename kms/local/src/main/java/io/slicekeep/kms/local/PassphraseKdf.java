package io.slicekeep.kms.local;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.key.SecretBytes;

/** Makes a wrapping key from a passphrase, slowly by intent. */
@FunctionalInterface
interface PassphraseKdf {
    /**
     * Derives a key of 32 bytes.
     *
     * @param passphrase as bytes
     * @param salt 16 bytes
     * @param cost what one derivation takes
     * @return the key, to be closed by the caller
     * @throws KeyUnavailableException if this machine cannot bear the cost
     */
    SecretBytes derive(SecretBytes passphrase, byte[] salt, Argon2Cost cost) throws KeyUnavailableException;
}
