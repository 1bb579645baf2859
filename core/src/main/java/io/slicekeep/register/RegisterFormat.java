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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How the registers of one realm are keyed, sealed and read (docs/FORMAT.md 11). Thread-safe until it is closed; closing wipes
 * its key.
 *
 * <pre>{@code
 * key  = <folder>r/<register id>!<ballot 27>!<phase 1>!<sealed note>
 * }</pre>
 *
 * A note is what an accepted value begins with, so that a listing tells it; it is sealed for its key, which is also how a listed
 * key is known to be genuine. A ballot never has two values, so nothing else has to bind the key to its blob.
 */
public final class RegisterFormat implements AutoCloseable {
    /** The longest blob, in bytes. */
    static final int MAX_BLOB_BYTES = 1 << 16;

    /** The longest note, in bytes: a key holds no more behind the longest name. */
    static final int MAX_NOTE_BYTES = 34;

    private static final String FOLDER = "r/";
    private static final char SEPARATOR = '!';
    private static final byte[] KEY = ascii("key");
    private static final byte[] BODY = ascii("body");
    private static final int BALLOT_LENGTH = 27;
    private static final int PHASE_AT = BALLOT_LENGTH + 1;
    private static final int NOTE_AT = PHASE_AT + 2;

    private final String folder;
    private final AesSiv siv;
    private final int noteBytes;

    private RegisterFormat(String folder, AesSiv siv, int noteBytes) {
        this.folder = folder + FOLDER;
        this.siv = siv;
        this.noteBytes = noteBytes;
    }

    /**
     * Derives the format of a realm whose values stand in no key.
     *
     * @param folder what all keys of the realm begin with: "" or ending with {@code /}
     * @param secret the realm's secret, not kept
     * @return the format, to be closed by the caller
     */
    public static RegisterFormat of(String folder, OpenSecret secret) {
        return of(folder, secret, 0);
    }

    /**
     * Derives the format of a realm.
     *
     * @param folder what all keys of the realm begin with: "" or ending with {@code /}
     * @param secret the realm's secret, not kept
     * @param noteBytes how many of a value's first bytes its key tells, 0 to 34
     * @return the format, to be closed by the caller
     */
    public static RegisterFormat of(String folder, OpenSecret secret, int noteBytes) {
        if (noteBytes < 0 || noteBytes > MAX_NOTE_BYTES) {
            throw new IllegalArgumentException("a note must have 0 to 34 bytes: noteBytes=" + noteBytes);
        }
        try (SecretBytes key = secret.derive(KeyPurpose.REGISTERS)) {
            return new RegisterFormat(folder, AesSiv.of(key.unsafeBytes()), noteBytes);
        }
    }

    /** Returns what the keys of all registers begin with whose ids begin alike. */
    KeyPrefix registersAt(String beginning) {
        return new KeyPrefix(folder + beginning);
    }

    /** Returns a key behind those of all registers of a directory that is not the root, and before all that follow. */
    BlobKey lastIn(String directory) {
        return BlobKey.of(folder + directory + (char) ('/' + 1));
    }

    /** Returns the register in a listed key, without looking whether the key is genuine. */
    Optional<RegisterId> idIn(BlobKey key) {
        int end = key.value().indexOf(SEPARATOR);
        if (!key.value().startsWith(folder) || end <= folder.length()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new RegisterId(key.value().substring(folder.length(), end)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns what the keys of all blobs of a register begin with. */
    KeyPrefix blobsOf(RegisterId id) {
        return new KeyPrefix(folder + id + SEPARATOR);
    }

    /** Makes the key of an empty blob, or of one that is found by its ballot alone. */
    RegisterKey key(RegisterId id, Ballot ballot, Phase phase) {
        return key(id, ballot, phase, Bytes.EMPTY);
    }

    /** Makes the key of an accepted value. */
    RegisterKey acceptedKey(RegisterId id, Ballot ballot, Contents contents) {
        return key(id, ballot, Phase.ACCEPTED, note(contents));
    }

    /** Returns what the key of a value tells of it. */
    Bytes note(Contents contents) {
        Bytes value = contents.value();
        return value.first(Math.min(noteBytes, value.length()));
    }

    /** Reads a key that a site lists. Keys that are not genuine are ignored. */
    Optional<RegisterKey> open(RegisterId id, BlobKey key) {
        String prefix = blobsOf(id).value();
        String tail = key.value().startsWith(prefix) ? key.value().substring(prefix.length()) : "";
        if (tail.length() <= NOTE_AT || tail.charAt(NOTE_AT - 1) != SEPARATOR) {
            return Optional.empty();
        }
        try {
            String place = tail.substring(0, NOTE_AT - 1);
            byte[] sealed = SortableBase64.decode(tail.substring(NOTE_AT));
            Bytes note =
                    Bytes.of(siv.open(sealed, KEY, ascii(id), ascii(place))).from(1);
            Ballot ballot = Ballot.parse(place.substring(0, BALLOT_LENGTH));
            Phase phase = Phase.parse(place.charAt(PHASE_AT));
            return Optional.of(new RegisterKey(ballot, phase, note, key));
        } catch (FormatException | IntegrityException e) {
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
        Contents contents = Contents.parse(bytes);
        if (key.isAccepted() && !note(contents).equals(key.note())) {
            throw new IntegrityException("another blob than its key says: " + key.key());
        }
        return contents;
    }

    /** Wipes the key. Idempotent. */
    @Override
    public void close() {
        siv.close();
    }

    private RegisterKey key(RegisterId id, Ballot ballot, Phase phase, Bytes note) {
        String place = place(ballot, phase);
        ByteBuffer counted =
                ByteBuffer.allocate(1 + note.length()).put((byte) note.length()).put(note.buffer());
        String sealed = SortableBase64.encode(siv.seal(counted.array(), KEY, ascii(id), ascii(place)));
        BlobKey key = BlobKey.of(blobsOf(id).value() + place + SEPARATOR + sealed);
        return new RegisterKey(ballot, phase, note, key);
    }

    private static String place(Ballot ballot, Phase phase) {
        return ballot.text() + SEPARATOR + phase.code();
    }

    private static byte[] ascii(Object text) {
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
