package io.slicekeep.kms.local;

import io.slicekeep.key.KeyProvider;
import io.slicekeep.task.RandomSource;
import io.slicekeep.testkit.KeyProviderContract;

class PassphraseProviderContractTest extends KeyProviderContract {
    /** With too little heap for what a flipped bit of the memory cost may ask for. */
    private static final Argon2id LITTLE_HEAP = new Argon2id(1 << 20);

    @Override
    protected KeyProvider create() {
        return provider("correct horse");
    }

    @Override
    protected KeyProvider createStranger() {
        return provider("battery staple");
    }

    private static KeyProvider provider(String passphrase) {
        return new PassphraseProvider(
                PassphraseProvider.normalized(passphrase.toCharArray()),
                new Argon2Cost(16, 1, 1),
                RandomSource.secure(),
                LITTLE_HEAP);
    }
}
