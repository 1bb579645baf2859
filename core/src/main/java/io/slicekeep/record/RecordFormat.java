package io.slicekeep.record;

import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.crypto.AesSiv;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyPurpose;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.key.SlotArea;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** How the records of one namespace are keyed, written and read. Thread-safe. */
public final class RecordFormat {
    private static final String RECORDS_FOLDER = RecordKey.FOLDER;
    private static final String SLICES_FOLDER = "b/";
    private static final int PLACEMENT_LENGTH = 2;
    private static final int VERSION_BYTES = Long.BYTES + WriterId.BYTES + Short.BYTES;

    private final String folder;
    private final byte[] namespaceId;
    private final NameCodec names;
    private final AesSiv hints;
    private final RecordCodec codec;
    private final NoteCodec notes;
    private final KeyRing blobSecrets;

    /**
     * Creates the format of a namespace.
     *
     * @param keys its keys, which must outlive this object
     */
    public RecordFormat(NamespaceKeys keys) {
        folder = keys.folder();
        namespaceId = keys.namespaceId();
        names = keys.names();
        hints = keys.hints();
        codec = keys.records();
        notes = keys.notes();
        blobSecrets = keys.blobSecrets();
    }

    /**
     * Returns how names stand in keys.
     *
     * @return the codec
     */
    public NameCodec names() {
        return names;
    }

    /**
     * Returns the prefix of all keys of records.
     *
     * @param directory an encoded directory, "" for the root
     * @return the prefix of all records of the directory and those beneath it
     */
    public KeyPrefix recordsIn(String directory) {
        return new KeyPrefix(folder + RECORDS_FOLDER + (directory.isEmpty() ? "" : directory + "/"));
    }

    /**
     * Returns the prefix of the keys of long names that stand in a directory.
     *
     * @param directory an encoded directory, "" for the root
     * @return the prefix
     */
    public KeyPrefix longNamesIn(String directory) {
        return new KeyPrefix(recordsIn(directory).value() + EncodedName.LONG_MARK);
    }

    /**
     * Tells records and the notes beside them from slices.
     *
     * @param key of any
     * @return false for the key of a slice
     */
    public boolean isRecord(BlobKey key) {
        return key.value().startsWith(folder + RECORDS_FOLDER);
    }

    /**
     * Returns a key behind all records of a directory, and before all that follow.
     *
     * @param directory an encoded directory that is not the root
     * @return a key that no record has
     */
    BlobKey lastIn(String directory) {
        return BlobKey.of(folder + RECORDS_FOLDER + directory + (char) ('/' + 1));
    }

    /**
     * Returns the prefix of the keys of all revisions of a name.
     *
     * @param name the name
     * @return the prefix
     */
    public KeyPrefix recordsOf(EncodedName name) {
        return new KeyPrefix(folder + RecordKey.prefixOf(name));
    }

    /**
     * Returns the prefix of the keys of all slices.
     *
     * @return the prefix
     */
    public KeyPrefix slices() {
        return new KeyPrefix(folder + SLICES_FOLDER);
    }

    /**
     * Returns the encoded name in the key of a slice.
     *
     * @param key any key
     * @return the name, or empty if it is no slice's key
     */
    public Optional<EncodedName> nameOfSlice(BlobKey key) {
        return EncodedName.in(key.value(), slices().value());
    }

    /**
     * Returns the prefix of the keys of all slices of all versions of a name.
     *
     * @param name the name
     * @return the prefix
     */
    public KeyPrefix slicesOf(EncodedName name) {
        return new KeyPrefix(folder + SLICES_FOLDER + name + "!");
    }

    /**
     * Returns what the keys of a blob's slices begin with.
     *
     * @param name the name of the object
     * @param revision its revision; all generations share the slices
     * @param placementNumber which placement of the blob
     * @return the base, to which {@code /index} is added
     */
    public BlobKey slicesBase(EncodedName name, Revision revision, int placementNumber) {
        StringBuilder base = new StringBuilder(slicesOf(name).value())
                .append(revision.versionText())
                .append('.');
        SortableBase64.appendNumber(base, placementNumber, PLACEMENT_LENGTH);
        return BlobKey.of(base.toString());
    }

    /**
     * Reads the key of a slice.
     *
     * @param name the name of the object
     * @param key a key that begins with {@link #slicesOf}
     * @return whose slice it is, or empty if it is no key of ours
     */
    public Optional<PlacedBlob> placedBlob(EncodedName name, BlobKey key) {
        String rest = key.value().substring(slicesOf(name).value().length());
        int versionEnd = rest.indexOf('.');
        int end = rest.indexOf('/');
        try {
            return versionEnd < 0 || end != versionEnd + 1 + PLACEMENT_LENGTH
                    ? Optional.empty()
                    : Optional.of(new PlacedBlob(Revision.parseVersion(rest.substring(0, versionEnd), 0), (int)
                            SortableBase64.number(rest.substring(versionEnd + 1, end))));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Makes the key of a record.
     *
     * @param name the name
     * @param revision which version
     * @param attempt from {@link #drawAttempt}
     * @param told what the key shall tell
     * @return the key
     */
    public BlobKey key(EncodedName name, Revision revision, int attempt, Hints told) {
        String revisionText = revision.text(attempt);
        String hintsText = told.seal(hints, namespaceId, name, revisionText);
        return BlobKey.of(folder + new RecordKey(name, revisionText, hintsText).text());
    }

    /**
     * Draws the part of a key that makes each attempt's key fresh.
     *
     * @param random where from
     * @return the attempt
     */
    public static int drawAttempt(RandomSource random) {
        return ByteBuffer.wrap(random.bytes(Integer.BYTES)).getInt() & (Revision.ATTEMPTS - 1);
    }

    /** Returns another attempt, for where a record stands under this one. */
    static int attemptAfter(int attempt) {
        return (attempt + 1) & (Revision.ATTEMPTS - 1);
    }

    /**
     * Reads a key that a site lists. Keys that are not genuine are ignored: a site can replay what was written, and make up
     * nothing.
     *
     * @param key any key
     * @return what it tells, or empty if it is not genuine
     */
    public Optional<ListedRecord> open(BlobKey key) {
        if (!key.value().startsWith(folder)) {
            return Optional.empty();
        }
        try {
            RecordKey parts = RecordKey.parse(key.value().substring(folder.length()));
            Hints told = Hints.open(hints, namespaceId, parts.name(), parts.revisionText(), parts.hintsText());
            return Optional.of(new ListedRecord(key, parts.name(), parts.revision(), told));
        } catch (FormatException | IntegrityException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the key of the note that says of a revision that it is final.
     *
     * @param name the name
     * @param revision which version
     * @return the key of an empty blob
     */
    public BlobKey note(EncodedName name, Revision revision) {
        return BlobKey.of(folder + notes.key(name, revision));
    }

    /**
     * Reads a key that a site lists, if it is that of a note.
     *
     * @param key any key
     * @return what it tells, or empty if it is not genuine
     */
    public Optional<ListedNote> openNote(BlobKey key) {
        return key.value().startsWith(folder)
                ? notes.open(key, key.value().substring(folder.length()))
                : Optional.empty();
    }

    /**
     * Returns the encoded name in a listed key, without looking whether the key is genuine.
     *
     * @param key any key
     * @return the name, or empty if it is no key of a record or a note
     */
    public Optional<EncodedName> nameIn(BlobKey key) {
        try {
            return Optional.of(RecordKey.nameIn(key.value().substring(folder.length())));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Makes the records of a revision.
     *
     * @param common what they share
     * @param slotArea the encoded slots, empty for a tombstone
     * @param slices the n slices of an inline object, else none
     * @return the records
     */
    public RecordSet seal(CommonPart common, Bytes slotArea, List<ByteBuffer> slices) {
        return codec.seal(common, slotArea, slices);
    }

    /** Makes the records of a revision from one of them, whose common part and slots stay as they are. */
    RecordSet seal(StoredRecord model, List<ByteBuffer> slices) {
        return codec.seal(model, slices);
    }

    /**
     * Reads a record.
     *
     * @param source its bytes
     * @param slice which slice lies at the site that holds it
     * @param extent how much to read
     * @return the record, its common part authenticated and, if read whole, its slice too
     * @throws IOException if it cannot be read or is not genuine
     */
    public StoredRecord read(BlobSource source, int slice, Extent extent) throws IOException {
        return codec.read(source, slice, extent);
    }

    /**
     * Reads a record that is kept elsewhere than at a site.
     *
     * @param record its bytes, as for site 0
     * @return the record, its common part authenticated
     * @throws FormatException if it is damaged, or another release wrote it
     * @throws IntegrityException if it is not genuine
     */
    public StoredRecord parse(Bytes record) throws FormatException, IntegrityException {
        return codec.parse(record.buffer(), 0);
    }

    /**
     * Opens the secret of a record's blob by the record's slots. They stand outside the MAC: right are those whose secret
     * opens the sealed metadata, which is authentic.
     *
     * @param stored a record that is no tombstone
     * @return the record with its secret, to be closed by the caller
     * @throws FormatException if the slots are damaged
     * @throws IntegrityException if they open to nothing or to another secret
     */
    public OpenedRecord openSecret(StoredRecord stored) throws FormatException, IntegrityException {
        if (!(stored.common().content() instanceof Content.Stored content)) {
            throw new IllegalArgumentException("a tombstone has no secret");
        }
        KeyContext context = secretContext(content.blob().id());
        try {
            OpenSecret secret = blobSecrets.open(
                    SlotArea.parse(stored.slotArea().buffer()), context, candidate -> opens(candidate, stored));
            return new OpenedRecord(stored, secret, openMetadata(secret, stored.common()));
        } catch (KeyUnavailableException e) {
            throw new IntegrityException("the slots of a record do not open to its blob's secret", e);
        }
    }

    /**
     * Draws the secret of a new blob.
     *
     * @param blobId the blob's fresh id
     * @param random where from
     * @return the secret, to be closed by the caller
     */
    public static OpenSecret drawSecret(BlobId blobId, RandomSource random) {
        return OpenSecret.random(secretContext(blobId), random);
    }

    /**
     * Wraps the secret of a blob for its record.
     *
     * @param secret the secret
     * @return the slot area
     */
    public Bytes wrap(OpenSecret secret) {
        try {
            List<KeySlot> slots = blobSecrets.wrap(secret);
            return Bytes.of(SlotArea.encode(slots, SlotArea.bytesFor(slots)));
        } catch (KeyUnavailableException e) {
            throw new IllegalStateException("a namespace's own key is always there", e);
        }
    }

    private static KeyContext secretContext(BlobId blobId) {
        return KeyContext.EMPTY.withReserved("blob", blobId.toString());
    }

    private boolean opens(OpenSecret candidate, StoredRecord stored) {
        try {
            openMetadata(candidate, stored.common());
            return true;
        } catch (FormatException | IntegrityException e) {
            return false;
        }
    }

    /**
     * Seals an object's metadata for its record.
     *
     * @param blobSecret the secret of the object's blob
     * @param name the encoded name
     * @param revision the record's
     * @param metadata what to seal
     * @return the sealed bytes
     */
    public Bytes sealMetadata(OpenSecret blobSecret, EncodedName name, Revision revision, Metadata metadata) {
        try (SecretBytes key = blobSecret.derive(KeyPurpose.META);
                AesSiv siv = AesSiv.of(key.unsafeBytes())) {
            return Bytes.of(siv.seal(metadata.write(), associated(name, revision)));
        }
    }

    /**
     * Opens the metadata of a record.
     *
     * @param blobSecret the secret of the object's blob
     * @param common the record's common part
     * @return the metadata
     * @throws FormatException if it was sealed by another release
     * @throws IntegrityException if the secret is not the one that it was sealed with
     */
    public Metadata openMetadata(OpenSecret blobSecret, CommonPart common) throws FormatException, IntegrityException {
        try (SecretBytes key = blobSecret.derive(KeyPurpose.META);
                AesSiv siv = AesSiv.of(key.unsafeBytes())) {
            byte[] sealed = common.metadata().toArray();
            return Metadata.parse(siv.open(sealed, associated(common.name(), common.revision())));
        }
    }

    /**
     * Seals what a tombstone keeps: the name, under the key of hints, since there is no blob.
     *
     * @param plainName the name
     * @param name the encoded name
     * @param revision the record's
     * @return the sealed bytes
     */
    public Bytes sealTombstone(Bytes plainName, EncodedName name, Revision revision) {
        return Bytes.of(hints.seal(Metadata.writeTombstone(plainName), associated(name, revision)));
    }

    private byte[][] associated(EncodedName name, Revision revision) {
        ByteBuffer version = ByteBuffer.allocate(VERSION_BYTES);
        version.putLong(0, revision.counter());
        revision.writer().write(version, Long.BYTES);
        version.putShort(Long.BYTES + WriterId.BYTES, (short) revision.generation());
        return new byte[][] {namespaceId, name.value().getBytes(StandardCharsets.US_ASCII), version.array()};
    }
}
