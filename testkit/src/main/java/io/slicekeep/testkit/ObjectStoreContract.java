package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.Kind;
import io.slicekeep.object.ObjectStore.ObjectHealth;
import io.slicekeep.object.ObjectStore.ObjectInfo;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.object.ObjectStore.WriteReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ObjectStore} does when all is well. {@link ObjectListingContract} is about listings. Subclasses make a
 * store; each test has one of its own.
 */
public abstract class ObjectStoreContract extends ObjectStoreFixture {
    private static final ObjectName NAME = ObjectName.of("photos/cat.jpg");

    /** Creates the contract. */
    protected ObjectStoreContract() {}

    @Test
    void everyLengthAroundABorderComesBack() throws IOException {
        for (int length : new int[] {0, 1, 15, 16, 17, 16383, 16384, 16385, 32767, 32768, 100_000}) {
            byte[] bytes = bytes(length, length);
            put(NAME, bytes);
            assertThat(get(NAME)).as("%d bytes", length).isEqualTo(bytes);
            assertThat(head(NAME).lengthBytes()).isEqualTo(length);
        }
    }

    @Test
    void anObjectOfManyStripesComesBackInPiecesAndAsAWhole() throws IOException {
        byte[] bytes = bytes(5_000_000, 1);
        try (Sink sink = objects().create(NAME, PutOptions.NONE)) {
            Random random = new Random(2);
            for (int at = 0; at < bytes.length; ) {
                int piece = Math.min(bytes.length - at, random.nextInt(300_000));
                assertThat(sink.write(ByteBuffer.wrap(bytes, at, piece))).isEqualTo(piece);
                at += piece;
            }
            sink.commit();
        }
        assertThat(Arrays.equals(get(NAME), bytes)).isTrue();
        assertThat(health(NAME, Depth.DEEP).kind()).isEqualTo(Kind.SLICED);
    }

    @Test
    void rangesAreThoseOfTheWhole() throws IOException {
        for (int length : new int[] {50_000, 2_500_000}) {
            byte[] bytes = bytes(length, 3);
            put(NAME, bytes);
            try (Source source = objects().open(NAME, Freshness.PROVEN)) {
                assertThat(source.length()).isEqualTo(length);
                Random random = new Random(4);
                for (int i = 0; i < 50; i++) {
                    int offset = random.nextInt(length);
                    ByteBuffer range = ByteBuffer.allocate(random.nextInt(70_000));
                    int expected = Math.min(range.capacity(), length - offset);
                    assertThat(source.readAt(offset, range)).isEqualTo(expected);
                    assertThat(Arrays.equals(range.array(), 0, expected, bytes, offset, offset + expected))
                            .as("%d bytes at %d", expected, offset)
                            .isTrue();
                }
                assertThat(source.readAt(length, ByteBuffer.allocate(1))).isEqualTo(-1);
                assertThat(source.readAt(length, ByteBuffer.allocate(0))).isZero();
            }
        }
    }

    @Test
    void nothingIsVisibleBeforeCommitAndNothingWithoutIt() throws IOException {
        for (int length : new int[] {10, 3_000_000}) {
            ObjectName name = ObjectName.of("aborted/" + length);
            try (Sink sink = objects().create(name, PutOptions.NONE)) {
                sink.write(ByteBuffer.wrap(bytes(length, 5)));
                assertThatThrownBy(() -> head(name)).isInstanceOf(ObjectNotFoundException.class);
            }
            assertThatThrownBy(() -> get(name)).isInstanceOf(ObjectNotFoundException.class);
            assertThat(list("aborted/")).isEmpty();
        }
    }

    @Test
    void anAbortedReplacementLeavesTheOldObject() throws IOException {
        put(NAME, bytes(100, 6));
        try (Sink sink = objects().create(NAME, PutOptions.NONE)) {
            sink.write(ByteBuffer.wrap(bytes(200, 7)));
        }
        assertThat(get(NAME)).isEqualTo(bytes(100, 6));
    }

    @Test
    void aSinkIsUsedOnce() throws IOException {
        Sink sink = objects().create(NAME, PutOptions.NONE);
        sink.commit();
        assertThatIllegalStateException().isThrownBy(sink::commit);
        assertThatIllegalStateException().isThrownBy(() -> sink.write(ByteBuffer.allocate(1)));
        sink.close();
        sink.close();
        assertThat(sink.isOpen()).isFalse();
        assertThatThrownBy(() -> sink.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void theLastOfSeveralPutsStays() throws IOException {
        String revision = "";
        for (int i = 0; i < 5; i++) {
            WriteReport report = put(NAME, bytes(100 + i, i));
            assertThat(report.missing()).containsOnlyKeys(outOfReach());
            assertThat(report.etag()).isNotEqualTo(revision);
            revision = report.etag();
            assertThat(get(NAME)).isEqualTo(bytes(100 + i, i));
            assertThat(head(NAME).etag()).isEqualTo(revision);
        }
        assertThat(health(NAME, Depth.LIGHT).oldRevisions()).isEqualTo(4);
    }

    @Test
    void anOpenSourceGoesOnReadingItsRevision() throws IOException {
        for (int length : new int[] {100, 3_000_000}) {
            byte[] old = bytes(length, 8);
            put(NAME, old);
            try (Source source = objects().open(NAME, Freshness.PROVEN)) {
                put(NAME, bytes(length, 9));
                ByteBuffer read = ByteBuffer.allocate(length);
                source.readFullyAt(0, read);
                assertThat(Arrays.equals(read.array(), old)).isTrue();
            }
        }
    }

    @Test
    void whatIsStoredBesideTheBytesComesBack() throws Exception {
        byte[] bytes = bytes(1000, 10);
        Instant modified = Instant.parse("1969-07-20T20:17:40.123456Z");
        Map<String, String> metadata = Map.of("mode", "0644", "ü", "é", "", "");
        put(NAME, bytes, new PutOptions(modified, metadata, true));
        ObjectInfo info = head(NAME);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        assertThat(info.name()).isEqualTo(NAME);
        assertThat(info.lengthBytes()).isEqualTo(1000);
        assertThat(info.modified()).isEqualTo(modified);
        assertThat(info.crc32c()).isEqualTo((int) crc.getValue());
        assertThat(info.sha256()).contains(sha256);
        assertThat(info.metadata()).isEqualTo(metadata);
        assertThat(info.proven()).isTrue();
        try (Source source = objects().open(NAME, Freshness.POSSIBLY_STALE)) {
            assertThat(source.info()).isEqualTo(info);
        }
    }

    /** At once, and not when all the bytes have been sent. */
    @Test
    void metadataBeyondItsLimitIsRefused() {
        for (Map<String, String> metadata : List.of(Map.of("k", "x".repeat(32 * 1024)), entries(5462))) {
            PutOptions options = new PutOptions(null, metadata, false);
            assertThatIllegalArgumentException().isThrownBy(() -> objects().create(NAME, options));
        }
    }

    @Test
    void metadataUpToItsLimitIsKept() throws IOException {
        for (Map<String, String> metadata : List.of(Map.of("k", "x".repeat(32 * 1024 - 5)), entries(5461))) {
            put(NAME, bytes(10, 1), new PutOptions(null, metadata, true));
            assertThat(head(NAME).metadata()).isEqualTo(metadata);
        }
    }

    /** Returns entries of six bytes each: names of two, no values, and four for both lengths. */
    private static Map<String, String> entries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "" + (char) (i / 128) + (char) (i % 128))
                .collect(Collectors.toMap(name -> name, name -> ""));
    }

    @Test
    void deletingHidesAndAnotherPutShowsAgain() throws IOException {
        put(NAME, bytes(10, 11));
        assertThat(objects().delete(NAME).missing()).containsOnlyKeys(outOfReach());
        assertThatThrownBy(() -> get(NAME)).isInstanceOf(ObjectNotFoundException.class);
        assertThatThrownBy(() -> health(NAME, Depth.LIGHT)).isInstanceOf(ObjectNotFoundException.class);
        assertThat(list("")).isEmpty();
        put(NAME, bytes(20, 12));
        assertThat(get(NAME)).isEqualTo(bytes(20, 12));
    }

    @Test
    void deletingWhatIsNotThereSucceeds() throws IOException {
        assertThat(objects().delete(NAME).missing()).isEmpty();
        put(NAME, bytes(10, 13));
        objects().delete(NAME);
        assertThat(objects().delete(NAME).etag()).isEmpty();
    }

    @Test
    void namesMayHoldAnyByteButNul() throws IOException {
        for (int b = 1; b < 256; b++) {
            ObjectName name = ObjectName.ofBytes(new byte[] {(byte) b, 'x', (byte) b});
            put(name, new byte[] {(byte) b});
            assertThat(get(name)).isEqualTo(new byte[] {(byte) b});
        }
    }

    @Test
    void namesOfEveryLengthAreKept() throws IOException {
        for (int length : new int[] {1, 15, 16, 95, 96, 255, 256, 1000, 4096}) {
            ObjectName flat = ObjectName.of("n".repeat(length));
            put(flat, bytes(length, 14));
            assertThat(get(flat)).isEqualTo(bytes(length, 14));
            String deep = "d/".repeat(length / 2) + "e";
            ObjectName nested = ObjectName.of(deep.substring(0, length));
            put(nested, bytes(length, 15));
            assertThat(get(nested)).isEqualTo(bytes(length, 15));
        }
    }

    @Test
    void aNameAndOneBeneathItAreTwoObjects() throws IOException {
        List<String> names = List.of("a", "a/", "a/b", "a//b", "/a", "/", "a/b/c");
        for (String name : names) {
            put(ObjectName.of(name), name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        for (String name : names) {
            assertThat(get(ObjectName.of(name))).asString().isEqualTo(name);
        }
    }

    @Test
    void aCopyIsAnObjectOfItsOwn() throws IOException {
        ObjectName copy = ObjectName.of("other/copy");
        for (int length : new int[] {100, 3_000_000}) {
            byte[] bytes = bytes(length, 16);
            put(NAME, bytes, new PutOptions(Instant.EPOCH, Map.of("k", "v"), true));
            objects().copy(NAME, copy);
            ObjectInfo original = head(NAME);
            put(NAME, bytes(5, 17));
            objects().delete(NAME);
            assertThat(Arrays.equals(get(copy), bytes)).isTrue();
            ObjectInfo info = head(copy);
            assertThat(info.metadata()).isEqualTo(original.metadata());
            assertThat(info.modified()).isEqualTo(original.modified());
            assertThat(info.sha256()).isEqualTo(original.sha256());
            assertThat(health(copy, Depth.DEEP).bad().keySet()).isEqualTo(outOfReach());
        }
    }

    @Test
    void aCopyOntoItselfChangesNothingThatIsRead() throws IOException {
        put(NAME, bytes(3_000_000, 18));
        objects().copy(NAME, NAME);
        assertThat(Arrays.equals(get(NAME), bytes(3_000_000, 18))).isTrue();
    }

    @Test
    void copyingWhatIsNotThereFails() {
        assertThatThrownBy(() -> objects().copy(NAME, ObjectName.of("x"))).isInstanceOf(ObjectNotFoundException.class);
    }

    @Test
    void renamingMoves() throws IOException {
        ObjectName to = ObjectName.of("renamed");
        put(NAME, bytes(100, 19));
        objects().rename(NAME, to);
        assertThat(get(to)).isEqualTo(bytes(100, 19));
        assertThatThrownBy(() -> get(NAME)).isInstanceOf(ObjectNotFoundException.class);
        objects().rename(to, to);
        assertThat(get(to)).isEqualTo(bytes(100, 19));
    }

    @Test
    void healthyObjectsAreWhole() throws IOException {
        for (int length : new int[] {100, 3_000_000}) {
            put(NAME, bytes(length, 20));
            for (Depth depth : Depth.values()) {
                ObjectHealth health = health(NAME, depth);
                assertThat(health.bad()).containsOnlyKeys(outOfReach());
                assertThat(health.goodSlices()).isGreaterThanOrEqualTo(health.neededSlices());
                assertThat(health.info().lengthBytes()).isEqualTo(length);
            }
        }
    }

    @Test
    void randomOperationsAgreeWithAModel() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ObjectModel model = new ObjectModel(objects());
        for (int i = 0; i < 300; i++) {
            model.step(random, "seed " + seed + " step " + i);
        }
    }
}
