package io.slicekeep.kms.local;

import io.slicekeep.crypto.KeyWrap;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyProvider;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.task.RandomSource;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Wraps secrets under a passphrase: KWP under a key that Argon2id makes of it. Deriving that key is slow by intent (about half
 * a second by default), so it is done once for each salt: a provider wraps everything under one salt of its own, and
 * remembers the keys of the last sixteen salts until it is closed. Thread-safe but for closing.
 *
 * <p>The passphrase is taken in Unicode normalization form C, so that the same letters typed on another system open the
 * same slots.
 */
public final class PassphraseProvider implements KeyProvider {
    /** The URI of every passphrase. */
    public static final KeyUri URI = new KeyUri("passphrase:");

    private static final int MAX_CACHED_KEYS = 16;
    private static final int WRAPPED_BYTES = KeyWrap.wrappedBytes(SECRET_BYTES);

    private final SecretBytes passphrase;
    private final PassphraseKdf kdf;
    private final PassphraseSlotInfo own;
    /** Guarded by this. One derivation at a time also bounds the memory that all threads together take. */
    private final Map<PassphraseSlotInfo, SecretBytes> keys = new LinkedHashMap<>();

    PassphraseProvider(SecretBytes passphrase, Argon2Cost cost, RandomSource random, PassphraseKdf kdf) {
        this.passphrase = passphrase;
        this.kdf = kdf;
        this.own = new PassphraseSlotInfo(cost, random.bytes(PassphraseSlotInfo.SALT_BYTES));
    }

    /**
     * Returns the provider of a passphrase, with the default cost.
     *
     * @param passphrase at least one character; copied, so that the caller can wipe it
     * @return the provider
     */
    public static PassphraseProvider of(char[] passphrase) {
        return of(passphrase, Argon2Cost.DEFAULT, RandomSource.secure());
    }

    /**
     * Returns the provider of a passphrase.
     *
     * @param passphrase at least one character; copied, so that the caller can wipe it
     * @param cost of the slots that it makes; slots that it opens say their own
     * @param random where salts come from
     * @return the provider
     */
    public static PassphraseProvider of(char[] passphrase, Argon2Cost cost, RandomSource random) {
        return new PassphraseProvider(normalized(passphrase), cost, random, Argon2id.withinHeap());
    }

    @Override
    public KeyUri uri() {
        return URI;
    }

    @Override
    public KeySlot wrap(SecretBytes secret, KeyContext context) throws KeyUnavailableException {
        try (SecretBytes key = key(own)) {
            return new KeySlot(URI, own.encode(), KeyWrap.wrap(key.unsafeBytes(), secret.unsafeBytes()));
        }
    }

    @Override
    public Opened unwrap(KeySlot slot, KeyContext context) throws KeyUnavailableException {
        checkHealth();
        slot.requireUri(URI);
        byte[] wrapped = slot.wrapped();
        if (wrapped.length != WRAPPED_BYTES) {
            throw KeyUnavailableException.wrongKey(URI.value());
        }
        try (SecretBytes key = key(PassphraseSlotInfo.parse(slot))) {
            return new Opened(SecretBytes.owning(KeyWrap.unwrap(key.unsafeBytes(), wrapped)), slot);
        } catch (IntegrityException e) {
            throw KeyUnavailableException.wrongKey(URI.value());
        }
    }

    /**
     * Checks that the provider is open: nothing else can fail before a slot is seen.
     *
     * @throws IllegalStateException if closed
     */
    @Override
    public void checkHealth() {
        passphrase.unsafeBytes();
    }

    @Override
    public synchronized void close() {
        passphrase.close();
        keys.values().forEach(SecretBytes::close);
        keys.clear();
    }

    /** Returns a copy of the key, since another thread may push the cached one out. */
    private synchronized SecretBytes key(PassphraseSlotInfo info) throws KeyUnavailableException {
        checkHealth();
        SecretBytes cached = keys.get(info);
        if (cached == null) {
            cached = kdf.derive(passphrase, info.salt(), info.cost());
            if (keys.size() == MAX_CACHED_KEYS) {
                forgetOldest();
            }
            keys.put(info, cached);
        }
        return cached.copy();
    }

    private void forgetOldest() {
        PassphraseSlotInfo oldest = keys.keySet().iterator().next();
        SecretBytes key = keys.remove(oldest);
        if (key != null) {
            key.close();
        }
    }

    /**
     * Returns a passphrase as UTF-8 in normalization form C. A passphrase that is not in this form yet passes through a
     * string, which cannot be wiped.
     */
    static SecretBytes normalized(char[] passphrase) {
        if (passphrase.length == 0) {
            throw new IllegalArgumentException("a passphrase must have at least one character");
        }
        CharBuffer chars = CharBuffer.wrap(passphrase);
        boolean isNormal = Normalizer.isNormalized(chars, Normalizer.Form.NFC);
        CharBuffer normal = isNormal ? chars : CharBuffer.wrap(Normalizer.normalize(chars, Normalizer.Form.NFC));
        try (SecretBytes room = SecretBytes.owning(new byte[4 * normal.remaining()])) {
            ByteBuffer utf8 = ByteBuffer.wrap(room.unsafeBytes());
            if (StandardCharsets.UTF_8.newEncoder().encode(normal, utf8, true).isError()) {
                throw new IllegalArgumentException("a passphrase must be well-formed Unicode");
            }
            byte[] exact = new byte[utf8.position()];
            utf8.flip().get(exact);
            return SecretBytes.owning(exact);
        }
    }
}
