package io.slicekeep.kms.local;

import io.slicekeep.crypto.KeyWrap;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyProvider;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.kms.local.KeyVersion.State;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Wraps by KWP under the newest version of a key in a keystore file; the slot's info is the version. Thread-safe. */
final class LocalKeyProvider implements KeyProvider {
    private static final int WRAPPED_BYTES = KeyWrap.wrappedBytes(SECRET_BYTES);

    private final KeystoreFile file;
    private final String name;
    private final KeyUri uri;
    private volatile boolean closed;

    LocalKeyProvider(KeystoreFile file, String name, KeyUri uri) {
        this.file = file;
        this.name = name;
        this.uri = uri;
    }

    @Override
    public KeyUri uri() {
        return uri;
    }

    @Override
    public KeySlot wrap(SecretBytes secret, KeyContext context) throws KeyUnavailableException {
        try (Keystore keystore = read()) {
            KeystoreEntry newest = newest(keystore);
            byte[] info = ByteBuffer.allocate(Integer.BYTES)
                    .putInt(newest.about().version())
                    .array();
            return new KeySlot(uri, info, KeyWrap.wrap(newest.key().unsafeBytes(), secret.unsafeBytes()));
        }
    }

    @Override
    public Opened unwrap(KeySlot slot, KeyContext context) throws KeyUnavailableException {
        requireOpen();
        slot.requireUri(uri);
        byte[] info = slot.info();
        byte[] wrapped = slot.wrapped();
        if (info.length != Integer.BYTES || wrapped.length != WRAPPED_BYTES) {
            throw KeyUnavailableException.wrongKey(uri.value());
        }
        try (Keystore keystore = read()) {
            KeystoreEntry entry = version(keystore, ByteBuffer.wrap(info).getInt());
            return new Opened(SecretBytes.owning(KeyWrap.unwrap(entry.key().unsafeBytes(), wrapped)), slot);
        } catch (IntegrityException e) {
            throw KeyUnavailableException.wrongKey(uri.value());
        }
    }

    @Override
    public void checkHealth() throws KeyUnavailableException {
        try (Keystore keystore = read()) {
            newest(keystore);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private KeystoreEntry newest(Keystore keystore) throws KeyUnavailableException {
        return requireEnabled(keystore.newest(name).orElseThrow(() -> noSuchKey("")));
    }

    private KeystoreEntry version(Keystore keystore, int version) throws KeyUnavailableException {
        return requireEnabled(keystore.find(name, version)
                .orElseThrow(() -> noSuchKey(" version " + Integer.toUnsignedString(version))));
    }

    private KeystoreEntry requireEnabled(KeystoreEntry entry) throws KeyUnavailableException {
        if (entry.about().state() != State.ENABLED) {
            throw new KeyUnavailableException(
                    Reason.DISABLED,
                    "the key is not enabled: " + uri + " version "
                            + entry.about().version() + " in " + file.path());
        }
        return entry;
    }

    private KeyUnavailableException noSuchKey(String version) {
        return new KeyUnavailableException(
                Reason.NO_SUCH_KEY, "the keystore has no key " + uri + version + ": " + file.path());
    }

    private Keystore read() throws KeyUnavailableException {
        requireOpen();
        try {
            return file.read();
        } catch (KeyUnavailableException e) {
            throw e;
        } catch (FormatException e) {
            throw new KeyUnavailableException(Reason.NO_SUCH_KEY, "the keystore cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new KeyUnavailableException(Reason.UNREACHABLE, "the keystore cannot be read: " + file.path(), e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
    }
}
