package io.slicekeep.register;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.crypto.AesSiv;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.key.KeyPurpose;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.SortableBase64;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * How the registers of one realm are keyed, sealed and read (docs/FORMAT.md 11). Thread-safe until it is closed; closing wipes
 * its key.
 *
 * <pre>{@code
 * key  = <folder>r/<register id>!<ballot 27>!<phase 1>!<digest 22>!<mac 22>
 * }</pre>
 */
public final class RegisterFormat implements AutoCloseable {
    /** The longest blob, in bytes. */
    static final int MAX_BLOB_BYTES = 1 << 16;

    private static final String FOLDER = "r/";
    private static final char SEPARATOR = '!';
    private static final Bytes NO_DIGEST = Bytes.of(new byte[AesSiv.OVERHEAD_BYTES]);
    private static final byte[] KEY = ascii("key");
    private static final byte[] BODY = ascii("body");
    private static final int TAG_LENGTH = SortableBase64.textLength(AesSiv.OVERHEAD_BYTES);
    private static final int BALLOT_LENGTH = 27;
    private static final int PHASE_AT = BALLOT_LENGTH + 1;
    private static final int DIGEST_AT = PHASE_AT + 2;
    private static final int MAC_AT = DIGEST_AT + TAG_LENGTH + 1;

    private final String folder;
    private final AesSiv siv;

    private RegisterFormat(String folder, AesSiv siv) {
        this.folder = folder + FOLDER;
        this.siv = siv;
    }

    /**
     * Derives the format of a realm.
     *
     * @param folder what all keys of the realm begin with: "" or ending with {@code /}
     * @param secret the realm's secret, not kept
     * @return the format, to be closed by the caller
     */
    public static RegisterFormat of(String folder, OpenSecret secret) {
        try (SecretBytes key = secret.derive(KeyPurpose.REGISTERS)) {
            return new RegisterFormat(folder, AesSiv.of(key.unsafeBytes()));
        }
    }

    /** Returns what the keys of all blobs of a register begin with. */
    KeyPrefix blobsOf(RegisterId id) {
        return new KeyPrefix(folder + id + SEPARATOR);
    }

    /** Makes the key of an empty blob, or of one that is found by its ballot alone. */
    RegisterKey key(RegisterId id, Ballot ballot, Phase phase) {
        return key(id, ballot, phase, NO_DIGEST);
    }

    /** Makes the key of a sealed blob, whose first bytes it carries. */
    RegisterKey acceptedKey(RegisterId id, Ballot ballot, byte[] sealed) {
        return key(id, ballot, Phase.ACCEPTED, syntheticIv(sealed));
    }

    /** Reads a key that a site lists. Keys that are not genuine are ignored. */
    Optional<RegisterKey> open(RegisterId id, BlobKey key) {
        String prefix = blobsOf(id).value();
        String tail = key.value().startsWith(prefix) ? key.value().substring(prefix.length()) : "";
        if (tail.length() != MAC_AT + TAG_LENGTH) {
            return Optional.empty();
        }
        try {
            Bytes digest = Bytes.of(SortableBase64.decode(tail.substring(DIGEST_AT, MAC_AT - 1)));
            Phase phase = Phase.parse(tail.charAt(PHASE_AT));
            RegisterKey genuine = key(id, Ballot.parse(tail.substring(0, BALLOT_LENGTH)), phase, digest);
            return Optional.of(genuine).filter(same -> MessageDigest.isEqual(ascii(same.key()), ascii(key)));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    /** Seals what a blob says for its place. */
    byte[] seal(RegisterId id, Ballot ballot, Phase phase, Contents contents) {
        return siv.seal(contents.write(), BODY, ascii(id), ascii(place(ballot, phase)));
    }

    /** Opens a blob that was read under a genuine key. */
    Contents open(RegisterId id, RegisterKey key, byte[] sealed) throws FormatException, IntegrityException {
        String place = place(key.ballot(), key.phase());
        byte[] bytes = siv.open(sealed, BODY, ascii(id), ascii(place));
        if (key.isAccepted() && !syntheticIv(sealed).equals(key.digest())) {
            throw new IntegrityException("another blob than its key says: " + key.key());
        }
        return Contents.parse(bytes);
    }

    /** Wipes the key. Idempotent. */
    @Override
    public void close() {
        siv.close();
    }

    private RegisterKey key(RegisterId id, Ballot ballot, Phase phase, Bytes digest) {
        String place = place(ballot, phase) + SEPARATOR + SortableBase64.encode(digest.toArray());
        Bytes mac = syntheticIv(siv.seal(ascii(place), KEY, ascii(id)));
        String tail = place + SEPARATOR + SortableBase64.encode(mac.toArray());
        return new RegisterKey(ballot, phase, digest, BlobKey.of(blobsOf(id).value() + tail));
    }

    private static String place(Ballot ballot, Phase phase) {
        return ballot.text() + SEPARATOR + phase.code();
    }

    private static Bytes syntheticIv(byte[] sealed) {
        return Bytes.of(Arrays.copyOf(sealed, AesSiv.OVERHEAD_BYTES));
    }

    private static byte[] ascii(Object text) {
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
