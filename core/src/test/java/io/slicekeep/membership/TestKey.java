package io.slicekeep.membership;

import io.slicekeep.crypto.KeyWrap;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyProvider;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.SecretBytes;
import java.util.Arrays;

/** A wrapping key in memory. */
final class TestKey implements KeyProvider {
    private final KeyUri uri;
    private final byte[] key = new byte[KeyWrap.KEY_BYTES];

    /** Keys with the same URI and different contents stand for a right and a wrong passphrase. */
    TestKey(String uri, int content) {
        this.uri = new KeyUri(uri);
        Arrays.fill(key, (byte) content);
    }

    static KeyRing ring(String uri, int content) {
        return KeyRing.of(new TestKey(uri, content));
    }

    @Override
    public KeyUri uri() {
        return uri;
    }

    @Override
    public KeySlot wrap(SecretBytes secret, KeyContext context) {
        return new KeySlot(uri, new byte[0], KeyWrap.wrap(key, secret.unsafeBytes()));
    }

    @Override
    public Opened unwrap(KeySlot slot, KeyContext context) throws KeyUnavailableException {
        try {
            return new Opened(SecretBytes.owning(KeyWrap.unwrap(key, slot.wrapped())), slot);
        } catch (IntegrityException e) {
            throw KeyUnavailableException.wrongKey(uri.value());
        }
    }

    @Override
    public void checkHealth() {}

    @Override
    public void close() {}
}
