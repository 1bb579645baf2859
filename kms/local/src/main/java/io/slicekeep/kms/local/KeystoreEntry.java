package io.slicekeep.kms.local;

import io.slicekeep.key.SecretBytes;
import io.slicekeep.kms.local.KeyVersion.State;
import io.slicekeep.task.RandomSource;

/**
 * One version of a key as it stands in the file. Closing wipes the key.
 *
 * @param about what may be shown
 * @param key 32 bytes; none if destroyed
 */
record KeystoreEntry(KeyVersion about, SecretBytes key) implements AutoCloseable {
    static final int KEY_BYTES = 32;

    /** Draws a new, enabled version. */
    static KeystoreEntry random(String name, int version, RandomSource random) {
        return new KeystoreEntry(new KeyVersion(name, version, State.ENABLED), SecretBytes.random(random, KEY_BYTES));
    }

    boolean is(String name, int version) {
        return about.name().equals(name) && about.version() == version;
    }

    @Override
    public void close() {
        key.close();
    }
}
