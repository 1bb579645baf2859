package io.slicekeep.key;

import io.slicekeep.crypto.KeyWrap;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.KeyUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A provider with a random key in memory under any URI, which counts its calls and can be told to fail. */
final class TestKey implements KeyProvider {
    private final KeyUri uri;
    private final byte[] key;

    final List<KeySlot> unwrapped = new ArrayList<>();
    final List<SecretBytes> handedOut = new ArrayList<>();
    final List<SecretBytes> taken = new ArrayList<>();

    @Nullable
    KeyUnavailableException failure;

    @Nullable
    RuntimeException crash;

    UnaryOperator<Opened> tamper = UnaryOperator.identity();
    boolean closed;

    TestKey(String uri, int seed) {
        this.uri = new KeyUri(uri);
        this.key = new byte[KeyWrap.KEY_BYTES];
        this.key[0] = (byte) seed;
    }

    @Override
    public KeyUri uri() {
        return uri;
    }

    @Override
    public KeySlot wrap(SecretBytes secret, KeyContext context) throws KeyUnavailableException {
        failIfTold();
        taken.add(secret);
        return new KeySlot(uri, new byte[] {1}, KeyWrap.wrap(key, secret.unsafeBytes()));
    }

    @Override
    public Opened unwrap(KeySlot slot, KeyContext context) throws KeyUnavailableException {
        unwrapped.add(slot);
        failIfTold();
        try {
            Opened opened = tamper.apply(new Opened(SecretBytes.owning(KeyWrap.unwrap(key, slot.wrapped())), slot));
            handedOut.add(opened.secret());
            return opened;
        } catch (IntegrityException e) {
            throw KeyUnavailableException.wrongKey(uri.value());
        }
    }

    @Override
    public void checkHealth() throws KeyUnavailableException {
        failIfTold();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void failIfTold() throws KeyUnavailableException {
        if (failure != null) {
            throw failure;
        }
        if (crash != null) {
            throw crash;
        }
    }
}
