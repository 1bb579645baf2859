package io.slicekeep.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.store.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class RecordFormatTest {
    private static final BlobKey PLACE = BlobKey.of("x");
    private static final Revision REVISION = new Revision(5, new WriterId(1, 2), 3);
    private static final Hints HINTS = new Hints(RecordKind.SLICED, 255, 254, (1L << 56) - 1, -7, 0x89abcdef);

    private final RecordFormat format = TestNamespace.format(1);
    private final EncodedName name = format.names().encode(bytes("a/b"));

    @Test
    void aKeyTellsItsHints() {
        BlobKey key = format.key(name, REVISION, 77, HINTS);
        assertThat(format.open(key)).contains(new ListedRecord(key, name, REVISION, HINTS));
        assertThat(format.recordsOf(name).matches(key)).isTrue();
        assertThat(format.recordsIn(name.directory()).matches(key)).isTrue();
        assertThat(format.nameIn(key)).contains(name);
    }

    @Test
    void everyAlteredKeyIsIgnored() {
        String key = format.key(name, REVISION, 77, HINTS).value();
        for (int i = 0; i < key.length(); i++) {
            for (char other : "0z/!=".toCharArray()) {
                String altered = key.substring(0, i) + other + key.substring(i + 1);
                if (other != key.charAt(i) && isKey(altered)) {
                    assertThat(format.open(BlobKey.of(altered))).as(altered).isEmpty();
                }
            }
        }
    }

    @Test
    void aNoteTellsItsRevision() {
        BlobKey note = format.note(name, REVISION);
        assertThat(format.openNote(note)).contains(new ListedNote(note, name, REVISION));
        assertThat(format.open(note)).isEmpty();
        assertThat(format.openNote(format.key(name, REVISION, 77, HINTS))).isEmpty();
        assertThat(format.nameIn(note)).contains(name);
        assertThat(format.isRecord(note)).isTrue();
    }

    @Test
    void everyAlteredNoteIsIgnored() {
        String note = format.note(name, REVISION).value();
        for (int i = 0; i < note.length(); i++) {
            for (char other : "0z~/!=".toCharArray()) {
                String altered = note.substring(0, i) + other + note.substring(i + 1);
                if (other != note.charAt(i) && isKey(altered)) {
                    assertThat(format.openNote(BlobKey.of(altered))).as(altered).isEmpty();
                }
            }
        }
        assertThat(format.openNote(BlobKey.of(note.substring(0, note.length() - 1))))
                .isEmpty();
        assertThat(format.openNote(TestNamespace.format(2).note(name, REVISION)))
                .isEmpty();
        assertThat(format.note(name, REVISION.ofGeneration(4)))
                .isNotEqualTo(format.note(name, REVISION.ofGeneration(5)));
    }

    @Test
    void aNoteSortsJustBeforeTheRecordsOfItsRevision() {
        BlobKey note = format.note(name, REVISION);
        assertThat(note).isLessThan(format.key(name, REVISION, 0, HINTS));
        assertThat(note).isGreaterThan(format.key(name, REVISION.ofGeneration(4), Revision.ATTEMPTS - 1, HINTS));
        assertThat(format.recordsOf(name).matches(note)).isTrue();
    }

    @Test
    void aKeyOfAnotherNamespaceIsIgnored() {
        BlobKey key = TestNamespace.format(2).key(name, REVISION, 77, HINTS);
        assertThat(format.open(key)).isEmpty();
    }

    @Test
    void theKeysOfANameSortNewestFirstAndBeforeItsChildren() {
        BlobKey older = format.key(name, REVISION, 1, HINTS);
        BlobKey newer = format.key(name, new Revision(6, WriterId.NONE, 0), 1, HINTS);
        BlobKey child = format.key(format.names().encode(bytes("a/b/c")), REVISION, 1, HINTS);
        assertThat(newer).isLessThan(older);
        assertThat(older).isLessThan(child);
    }

    @Test
    void sliceKeysShareTheVersionOfAllGenerations() {
        BlobKey base = format.slicesBase(name, REVISION, 0);
        assertThat(format.slicesBase(name, new Revision(5, new WriterId(1, 2), 9), 0))
                .isEqualTo(base);
        Revision version = new Revision(5, new WriterId(1, 2), 0);
        for (int placement : new int[] {0, 1, 255}) {
            assertThat(format.placedBlob(name, BlobKey.of(format.slicesBase(name, REVISION, placement) + "/3")))
                    .contains(new PlacedBlob(version, placement));
        }
        String junk = format.slicesOf(name).value() + "junk";
        for (String key : List.of(junk, junk + ".00/3", base.toString(), base + "0/3", base + ".1/3")) {
            assertThat(format.placedBlob(name, BlobKey.of(key))).as(key).isEmpty();
        }
    }

    @Test
    void recordsOfEveryKindComeBack() throws Exception {
        for (RecordSet records : List.of(inline(), sliced(), tombstone())) {
            for (int site = 0; site < 3; site++) {
                byte[] written = written(records, site);
                for (Extent extent : Extent.values()) {
                    StoredRecord read = read(written, site, extent);
                    assertThat(read.common()).isEqualTo(records.common());
                    assertThat(read.authenticated()).isEqualTo(records.authenticated());
                    assertThat(read.slotArea()).isEqualTo(records.slotArea());
                    boolean hasSlice =
                            extent == Extent.WHOLE && !records.slices().isEmpty();
                    assertThat(read.slice())
                            .isEqualTo(hasSlice ? records.slices().get(site).bytes() : null);
                }
            }
        }
    }

    @Test
    void aRecordLongerThanTheFirstReadComesBack() throws Exception {
        RecordSet records = format.seal(
                new CommonPart(
                        name,
                        REVISION,
                        new Placement(0, 2, 1),
                        new Content.Sliced(blob(1 << 30)),
                        Bytes.of(new byte[60000])),
                Bytes.of(new byte[65536]),
                List.of());
        assertThat(read(written(records, 1), 1, Extent.HEAD).slotArea().length())
                .isEqualTo(65536);
    }

    @Test
    void everyFlippedBitIsRefused() {
        for (RecordSet records : List.of(inline(), sliced(), tombstone())) {
            byte[] written = written(records, 1);
            for (int bit = 0; bit < 8 * written.length; bit++) {
                byte[] flipped = written.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                assertThatThrownBy(() -> read(flipped, 1, Extent.WHOLE))
                        .as("bit %d", bit)
                        .isInstanceOfAny(FormatException.class, IntegrityException.class);
            }
        }
    }

    @Test
    void everyFlippedBitOfTheAuthenticatedPartIsRefusedEvenIfChecksumsAreMadeRight() {
        RecordSet records = inline();
        int authenticated = records.authenticated().length();
        for (int bit = 0; bit < 8 * authenticated; bit++) {
            byte[] flipped = records.authenticated().toArray();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            RecordSet forged = new RecordSet(records.common(), Bytes.of(flipped), records.slotArea(), records.slices());
            assertThatThrownBy(() -> read(written(forged, 1), 1, Extent.WHOLE))
                    .as("bit %d", bit)
                    .isInstanceOf(IntegrityException.class);
        }
    }

    @Test
    void aSliceOfAnotherSiteOrContentIsRefused() {
        RecordSet records = inline();
        assertThatThrownBy(() -> read(written(records, 1), 2, Extent.WHOLE)).isInstanceOf(FormatException.class);
        RecordSet.Slice own = records.slices().get(1);
        RecordSet.Slice other = records.slices().get(2);
        requireRefused(records, other);
        requireRefused(records, new RecordSet.Slice(other.bytes(), own.mac()));
        requireRefused(records, new RecordSet.Slice(own.bytes(), other.mac()));
        CommonPart next = new CommonPart(
                name,
                REVISION.ofGeneration(7),
                new Placement(0, 2, 1),
                new Content.Inline(blob(136)),
                Bytes.of(new byte[80]));
        List<ByteBuffer> slices =
                records.slices().stream().map(RecordSet.Slice::bytes).toList();
        requireRefused(
                records, format.seal(next, records.slotArea(), slices).slices().get(1));
    }

    private void requireRefused(RecordSet records, RecordSet.Slice second) {
        List<RecordSet.Slice> slices = new ArrayList<>(records.slices());
        slices.set(1, second);
        RecordSet forged = new RecordSet(records.common(), records.authenticated(), records.slotArea(), slices);
        assertThatThrownBy(() -> read(written(forged, 1), 1, Extent.WHOLE)).isInstanceOf(IntegrityException.class);
    }

    @Test
    void truncatedAndExtendedRecordsAreRefused() {
        byte[] written = written(inline(), 0);
        for (int bytes = 0; bytes < written.length; bytes++) {
            byte[] cut = Arrays.copyOf(written, bytes);
            assertThatThrownBy(() -> read(cut, 0, Extent.HEAD)).isInstanceOf(FormatException.class);
        }
        byte[] longer = Arrays.copyOf(written, written.length + 1);
        assertThatThrownBy(() -> read(longer, 0, Extent.HEAD)).isInstanceOf(FormatException.class);
    }

    @Test
    void commonPartsThatContradictThemselvesAreRefused() {
        ByteBuffer right = inline().common().write();
        int[] unread = {2, 4, 98, 99, 104, 112, 124, 143};
        for (int at : unread) {
            ByteBuffer wrong = ByteBuffer.allocate(right.remaining()).put(right.duplicate());
            wrong.put(at, (byte) (wrong.get(at) + 1)).flip();
            assertThatThrownBy(() -> CommonPart.parse(wrong)).as("byte %d", at).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void theThreeCasesAreToldApart() {
        byte[] written = written(tombstone(), 0);
        assertKind(altered(written, 0), FormatException.Kind.NOT_OURS);
        assertKind(altered(written, 9), FormatException.Kind.CORRUPT);
        assertKind(Arrays.copyOf(written, 31), FormatException.Kind.CORRUPT);
        for (int at : new int[] {9, 11, 27}) {
            byte[] newer = altered(written, at);
            CRC32C crc = new CRC32C();
            crc.update(newer, 0, 28);
            ByteBuffer.wrap(newer).putInt(28, (int) crc.getValue());
            assertKind(newer, FormatException.Kind.TOO_NEW);
        }
        assertKind(altered(written, 13), FormatException.Kind.CORRUPT);
    }

    @Test
    void metadataOpensOnlyForItsRevision() throws Exception {
        OpenSecret secret = TestNamespace.secret(9);
        Metadata.Entry entry = new Metadata.Entry(Bytes.of(bytes("k")), Bytes.of(bytes("v")));
        for (Optional<Bytes> sha256 : List.of(Optional.<Bytes>empty(), Optional.of(Bytes.of(new byte[32])))) {
            Metadata metadata = new Metadata(9, -5, 7, sha256, Bytes.of(bytes("a/b")), List.of(entry));
            Bytes sealed = format.sealMetadata(secret, name, REVISION, metadata);
            CommonPart common =
                    new CommonPart(name, REVISION, new Placement(0, 2, 1), new Content.Sliced(blob(1 << 30)), sealed);
            assertThat(format.openMetadata(secret, common)).isEqualTo(metadata);
            CommonPart other = new CommonPart(
                    name, new Revision(6, new WriterId(1, 2), 3), common.placement(), common.content(), sealed);
            assertThatThrownBy(() -> format.openMetadata(secret, other)).isInstanceOf(IntegrityException.class);
            assertThatThrownBy(() -> format.openMetadata(TestNamespace.secret(8), common))
                    .isInstanceOf(IntegrityException.class);
        }
    }

    private void assertKind(byte[] record, FormatException.Kind kind) {
        assertThatThrownBy(() -> read(record, 0, Extent.WHOLE))
                .isInstanceOfSatisfying(
                        FormatException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static byte[] altered(byte[] written, int at) {
        byte[] altered = written.clone();
        altered[at]++;
        return altered;
    }

    private RecordSet inline() {
        List<ByteBuffer> slices = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ByteBuffer slice = ByteBuffer.allocate(Stripe.cellBytes(136, 2)).put(5, (byte) i);
            slices.add(slice);
        }
        return format.seal(common(new Content.Inline(blob(136))), Bytes.of(new byte[69]), slices);
    }

    private RecordSet sliced() {
        return format.seal(common(new Content.Sliced(blob(1 << 30))), Bytes.of(new byte[69]), List.of());
    }

    private RecordSet tombstone() {
        return format.seal(common(new Content.Tombstone()), Bytes.EMPTY, List.of());
    }

    private CommonPart common(Content content) {
        return new CommonPart(name, REVISION, new Placement(0, 2, 1), content, Bytes.of(new byte[80]));
    }

    private static SealedBlob blob(long sealedBytes) {
        return new SealedBlob(BlobId.of(new byte[16]), Bytes.of(new byte[32]), sealedBytes);
    }

    private StoredRecord read(byte[] written, int site, Extent extent) throws IOException {
        try (MemoryStore store = new MemoryStore()) {
            try (BlobSink sink = store.create(PLACE)) {
                sink.write(ByteBuffer.wrap(written));
                sink.commit();
            }
            try (BlobSource source = store.open(PLACE)) {
                return format.read(source, site, extent);
            }
        }
    }

    private static byte[] written(RecordSet records, int site) {
        ByteBuffer whole = ByteBuffer.allocate(1 << 18);
        for (ByteBuffer part : records.buffers(site)) {
            whole.put(part);
        }
        byte[] bytes = new byte[whole.position()];
        whole.get(0, bytes);
        return bytes;
    }

    private static boolean isKey(String text) {
        try {
            BlobKey.of(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
