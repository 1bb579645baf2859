package io.slicekeep.record;

import io.slicekeep.crypto.AesSiv;
import io.slicekeep.key.KeyPurpose;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.ParentKey;
import io.slicekeep.key.SecretBytes;
import java.util.HexFormat;

/**
 * The keys of one namespace, all derived from its secret (docs/FORMAT.md 1): for names, hints, records, notes, and for
 * wrapping the secrets of its blobs. Thread-safe until it is closed; closing wipes them.
 */
public final class NamespaceKeys implements AutoCloseable {
    /** The length of a namespace's id, in bytes. */
    public static final int ID_BYTES = 16;

    private final byte[] namespaceId;
    private final AesSiv names;
    private final AesSiv hints;
    private final SecretBytes longNames;
    private final SecretBytes records;
    private final SecretBytes notes;
    private final KeyRing blobSecrets;

    private NamespaceKeys(byte[] namespaceId, OpenSecret secret) {
        this.namespaceId = namespaceId.clone();
        this.names = siv(secret, KeyPurpose.NAMES);
        this.hints = siv(secret, KeyPurpose.HINTS);
        this.longNames = secret.derive(KeyPurpose.LONG_NAMES);
        this.records = secret.derive(KeyPurpose.RECORDS);
        this.notes = secret.derive(KeyPurpose.NOTES);
        this.blobSecrets = KeyRing.of(ParentKey.of(secret));
    }

    /**
     * Derives the keys of a namespace.
     *
     * @param namespaceId 16 bytes
     * @param secret its secret, not kept
     * @return the keys, to be closed by the caller
     */
    public static NamespaceKeys of(byte[] namespaceId, OpenSecret secret) {
        if (namespaceId.length != ID_BYTES) {
            throw new IllegalArgumentException("a namespace id must have 16 bytes: bytes=" + namespaceId.length);
        }
        return new NamespaceKeys(namespaceId, secret);
    }

    /**
     * Returns what the keys of everything in the namespace begin with.
     *
     * @return {@code n/<namespace id in hex>/}
     */
    public String folder() {
        return "n/" + HexFormat.of().formatHex(namespaceId) + "/";
    }

    /**
     * Returns how names stand in keys.
     *
     * @return the codec, usable until these keys are closed
     */
    public NameCodec names() {
        return new NameCodec(names, longNames);
    }

    /**
     * Returns the ring that wraps and opens the secrets of the namespace's blobs.
     *
     * @return the ring, closed with these keys
     */
    public KeyRing blobSecrets() {
        return blobSecrets;
    }

    /**
     * Returns the namespace's id.
     *
     * @return a copy
     */
    byte[] namespaceId() {
        return namespaceId.clone();
    }

    RecordCodec records() {
        return new RecordCodec(namespaceId, records);
    }

    NoteCodec notes() {
        return new NoteCodec(namespaceId, notes);
    }

    AesSiv hints() {
        return hints;
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {
        names.close();
        hints.close();
        longNames.close();
        records.close();
        notes.close();
        blobSecrets.close();
    }

    private static AesSiv siv(OpenSecret secret, KeyPurpose purpose) {
        try (SecretBytes key = secret.derive(purpose)) {
            return AesSiv.of(key.unsafeBytes());
        }
    }
}
