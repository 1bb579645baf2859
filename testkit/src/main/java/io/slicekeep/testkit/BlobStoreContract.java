package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.error.BlobNotFoundException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BlobStore} must do. Test a store by a subclass that makes one:
 *
 * <pre>{@code
 * class MyStoreTest extends BlobStoreContract {
 *     protected BlobStore newStore() {
 *         return new MyStore(...);
 *     }
 * }
 * }</pre>
 */
public abstract class BlobStoreContract extends BlobReadingContract {
    private static final int[] EDGE_LENGTHS = {0, 1, 2, 4095, 4096, 4097, 65_535, 65_536, 65_537, 200_000};

    private static final String LEGAL = "!+-.0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";

    /** Creates the contract. */
    protected BlobStoreContract() {}

    // Writing

    @Test
    void committedBlobsAreReadBack() throws Exception {
        for (int length : EDGE_LENGTHS) {
            byte[] content = bytes(length, length);
            put("k" + length, content);
            assertThat(get("k" + length)).isEqualTo(content);
            try (BlobSource source = store().open(key("k" + length))) {
                assertThat(source.length()).isEqualTo(length);
            }
        }
    }

    @Test
    void aBlobIsInvisibleUntilItsCommit() throws Exception {
        try (BlobSink sink = store().create(key("a/b"))) {
            assertAbsent("a/b");
            sink.write(ByteBuffer.wrap(bytes(1, 100_000)));
            assertAbsent("a/b");
            assertThat(list()).isEmpty();
            sink.commit();
            assertThat(get("a/b")).isEqualTo(bytes(1, 100_000));
        }
    }

    @Test
    void closingWithoutCommitLeavesNothing() throws Exception {
        try (BlobSink sink = store().create(key("a"))) {
            sink.write(ByteBuffer.wrap(bytes(1, 100_000)));
        }
        assertAbsent("a");
        assertThat(list()).isEmpty();
        put("a", bytes(2, 10));
        assertThat(get("a")).isEqualTo(bytes(2, 10));
    }

    @Test
    void closingIsIdempotent() throws Exception {
        BlobSink aborted = store().create(key("a"));
        aborted.close();
        aborted.close();
        assertAbsent("a");
        BlobSink committed = store().create(key("b"));
        committed.commit();
        committed.close();
        committed.close();
        assertThat(get("b")).isEmpty();
        BlobSource source = store().open(key("b"));
        source.close();
        source.close();
    }

    @Test
    void aSinkIsOpenUntilItIsClosed() throws Exception {
        BlobSink sink = store().create(key("a"));
        assertThat(sink.isOpen()).isTrue();
        sink.close();
        assertThat(sink.isOpen()).isFalse();
    }

    @Test
    void nothingFollowsACommit() throws Exception {
        try (BlobSink sink = store().create(key("a"))) {
            sink.write(ByteBuffer.wrap(bytes(1, 10)));
            sink.commit();
            assertThatThrownBy(sink::commit).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> sink.write(ByteBuffer.allocate(1))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> sink.write(new ByteBuffer[] {ByteBuffer.allocate(1)}, 1))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(get("a")).isEqualTo(bytes(1, 10));
    }

    @Test
    void aClosedSinkRefusesEverything() throws Exception {
        BlobSink sink = store().create(key("a"));
        sink.close();
        ByteBuffer src = ByteBuffer.allocate(1);
        assertThatThrownBy(() -> sink.write(src)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> sink.write(new ByteBuffer[] {src}, 1)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(sink::commit).isInstanceOf(ClosedChannelException.class);
        assertThat(src.remaining()).isEqualTo(1);
        assertAbsent("a");
    }

    @Test
    void everyShapeOfBufferIsWrittenFromPositionToLimit() throws Exception {
        int number = 0;
        for (Supplier<ByteBuffer> shape : SHAPES) {
            for (boolean readOnly : new boolean[] {false, true}) {
                ByteBuffer src = readOnly ? shaped(shape).asReadOnlyBuffer() : shaped(shape);
                ByteOrder order = src.order();
                String key = "k" + number++;
                try (BlobSink sink = store().create(key(key))) {
                    assertThat(sink.write(src)).isEqualTo(100);
                    sink.commit();
                }
                assertThat(src.position()).isEqualTo(107);
                assertThat(src.limit()).isEqualTo(107);
                assertThat(src.order()).isEqualTo(order);
                assertThat(get(key)).isEqualTo(Arrays.copyOfRange(bytes(5, 120), 7, 107));
            }
        }
    }

    @Test
    void buffersAreNeitherKeptNorChanged() throws Exception {
        byte[] content = bytes(1, 70_000);
        byte[] lent = content.clone();
        try (BlobSink sink = store().create(key("a"))) {
            sink.write(ByteBuffer.wrap(lent));
            assertThat(lent).isEqualTo(content);
            Arrays.fill(lent, (byte) 0);
            sink.commit();
        }
        assertThat(get("a")).isEqualTo(content);
    }

    @Test
    void manySmallWritesMakeOneBlob() throws Exception {
        byte[] content = bytes(1, 3000);
        try (BlobSink sink = store().create(key("a"))) {
            for (int from = 0; from < content.length; ) {
                int count = Math.min(from % 7, content.length - from);
                assertThat(sink.write(ByteBuffer.wrap(content, from, count))).isEqualTo(count);
                from += Math.max(count, 0);
                sink.write(ByteBuffer.wrap(content, from, Math.min(1, content.length - from)));
                from = Math.min(content.length, from + 1);
            }
            sink.commit();
        }
        assertThat(get("a")).isEqualTo(content);
    }

    @Test
    void gatheringWritesAppendTheFirstBuffersInOrder() throws Exception {
        byte[] content = bytes(1, 200_000);
        for (boolean direct : new boolean[] {true, false}) {
            ByteBuffer[] srcs = pieces(content, direct);
            try (BlobSink sink = store().create(key("direct-" + direct))) {
                sink.write(srcs, 0);
                sink.write(srcs, srcs.length - 1);
                assertThat(srcs[srcs.length - 1].position()).isZero();
                assertThat(srcs).filteredOn(ByteBuffer::hasRemaining).hasSize(1);
                sink.write(srcs, srcs.length);
                sink.commit();
            }
            assertThat(get("direct-" + direct)).isEqualTo(content);
        }
    }

    /** More buffers than systems gather at once, some of them empty. */
    private static ByteBuffer[] pieces(byte[] content, boolean direct) {
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int from = 0; from < content.length; ) {
            int count = Math.min(pieces.size() % 190, content.length - from);
            ByteBuffer piece =
                    direct || pieces.size() % 3 == 0 ? ByteBuffer.allocateDirect(count) : ByteBuffer.allocate(count);
            pieces.add(piece.put(content, from, count).flip());
            from += count;
        }
        return pieces.toArray(ByteBuffer[]::new);
    }

    @Test
    void aGatheringWriteOfTooManyBuffersIsRefused() throws Exception {
        try (BlobSink sink = store().create(key("a"))) {
            ByteBuffer[] srcs = {ByteBuffer.allocate(1)};
            assertThatThrownBy(() -> sink.write(srcs, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    // One blob per key

    @Test
    void aKeyThatStandsIsRefusedAndKeepsItsBlob() throws Exception {
        put("a/b", bytes(1, 10));
        assertThatThrownBy(() -> put("a/b", bytes(2, 10))).isInstanceOf(BlobExistsException.class);
        assertThat(get("a/b")).isEqualTo(bytes(1, 10));
    }

    @Test
    void ofTwoSinksForOneKeyTheFirstToCommitWins() throws Exception {
        try (BlobSink first = store().create(key("a/b"));
                BlobSink second = store().create(key("a/b"))) {
            first.write(ByteBuffer.wrap(bytes(1, 10)));
            second.write(ByteBuffer.wrap(bytes(2, 10)));
            second.commit();
            assertThatThrownBy(first::commit).isInstanceOf(BlobExistsException.class);
            assertThatThrownBy(first::commit).isInstanceOf(BlobExistsException.class);
        }
        assertThat(get("a/b")).isEqualTo(bytes(2, 10));
    }

    @Test
    void ofManyConcurrentCreatesOfAKeyExactlyOneWins() throws Exception {
        for (int round = 0; round < 20; round++) {
            String key = "race/" + round;
            List<Callable<Integer>> work = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                byte[] content = bytes(writer, 1000 + writer);
                work.add(() -> {
                    try {
                        put(key, content);
                        return content.length - 1000;
                    } catch (BlobExistsException e) {
                        return -1;
                    }
                });
            }
            List<Integer> winners =
                    together(work).stream().filter(writer -> writer >= 0).toList();
            assertThat(winners).hasSize(1);
            assertThat(get(key)).isEqualTo(bytes(winners.get(0), 1000 + winners.get(0)));
        }
    }

    // Keys

    @Test
    void everyLegalByteMakesAKeyOfItsOwn() throws Exception {
        List<String> keys = new ArrayList<>();
        for (String c : LEGAL.chars().mapToObj(Character::toString).toList()) {
            keys.addAll(c.equals(".") ? List.of("x.", ".x", ".x/y") : List.of(c, c + "/y", "x" + c));
        }
        for (String key : keys) {
            put(key);
        }
        for (String key : keys) {
            assertThat(get(key)).asString().isEqualTo(key);
        }
        assertThat(list()).containsExactlyInAnyOrderElementsOf(keys).isSorted();
    }

    @Test
    void longestAndDeepestKeysAreKept() throws Exception {
        String segment = "~".repeat(BlobKey.MAX_SEGMENT_BYTES);
        String dotted = "." + "x".repeat(BlobKey.MAX_SEGMENT_BYTES - 1);
        String longest = segment + "/" + dotted + "/" + segment + "/" + "y".repeat(247);
        String deepest = "d/".repeat(499) + "dd";
        List<String> keys = List.of(dotted, segment, longest, deepest);
        for (String key : keys) {
            put(key);
        }
        assertThat(longest).hasSize(BlobKey.MAX_KEY_BYTES);
        assertThat(deepest).hasSize(BlobKey.MAX_KEY_BYTES);
        assertThat(list()).containsExactlyInAnyOrderElementsOf(keys).isSorted();
        assertThat(list("", deepest, 1)).containsExactly(segment, longest);
        for (String key : keys) {
            assertThat(get(key)).asString().isEqualTo(key);
            store().delete(key(key));
        }
        assertThat(list()).isEmpty();
    }

    @Test
    void aKeyAndKeysBelowItAreDifferentBlobs() throws Exception {
        for (String key : List.of("a/b/c", "a", "a/b", "a/b/c/d")) {
            put(key);
        }
        store().delete(key("a/b"));
        assertAbsent("a/b");
        for (String key : List.of("a", "a/b/c", "a/b/c/d")) {
            assertThat(get(key)).asString().isEqualTo(key);
        }
    }

    @Test
    void whatOnlyBeginsKeysIsNoBlob() throws Exception {
        put("a/b/c");
        assertAbsent("a");
        assertAbsent("a/b");
        assertAbsent("a/b/c/d");
        assertAbsent("a/b/cc");
    }

    // Deleting

    @Test
    void aDeletedBlobIsGone() throws Exception {
        put("a/b/c");
        store().delete(key("a/b/c"));
        assertAbsent("a/b/c");
        assertThat(list()).isEmpty();
    }

    @Test
    void deletingWhatIsNotThereSucceeds() throws Exception {
        store().delete(key("a"));
        store().delete(key("x/y/z"));
        put("a/b");
        store().delete(key("a"));
        store().delete(key("a/b/c"));
        store().delete(key("a/b"));
        store().delete(key("a/b"));
        assertThat(list()).isEmpty();
    }

    @Test
    void anOpenSourceOutlivesItsBlobOrSaysThatItIsGone() throws Exception {
        byte[] content = bytes(1, 100_000);
        put("a/b", content);
        try (BlobSource source = store().open(key("a/b"))) {
            store().delete(key("a/b"));
            ByteBuffer dst = ByteBuffer.allocate(content.length);
            try {
                source.readFullyAt(0, dst);
                assertThat(dst.array()).isEqualTo(content);
            } catch (BlobNotFoundException e) {
                assertThat(dst.position()).isZero();
            }
        }
    }

    @Test
    void createsAndDeletesInOneDirectoryDoNotDisturbEachOther() throws Exception {
        List<Callable<Void>> work = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            String mine = "w" + w;
            work.add(() -> {
                for (int i = 0; i < 50; i++) {
                    String key = "p/q/" + mine + i;
                    put(key);
                    assertThat(get(key)).asString().isEqualTo(key);
                    store().delete(key(key));
                    assertAbsent(key);
                }
                return null;
            });
        }
        together(work);
        assertThat(list()).isEmpty();
    }

    // The whole

    @Test
    void aClosedStoreRefusesEverything() throws Exception {
        BlobStore store = newStore();
        store.close();
        store.close();
        assertClosed(() -> store.create(key("a")));
        assertClosed(() -> store.open(key("a")));
        assertClosed(() -> store.delete(key("a")));
        assertClosed(() -> store.list(KeyPrefix.ALL, null, 1));
    }

    @Test
    void randomOperationsDoWhatAMapDoes() throws Exception {
        for (long seed = 0; seed < 2; seed++) {
            Random random = new Random(seed);
            SortedMap<String, byte[]> model = new TreeMap<>();
            eachOf(list(), key -> store().delete(key(key)));
            for (int i = 0; i < 150; i++) {
                String key = randomKey(random);
                if (model.containsKey(key) && random.nextInt(3) > 0) {
                    store().delete(key(key));
                    model.remove(key);
                } else if (model.containsKey(key)) {
                    assertThatThrownBy(() -> put(key)).isInstanceOf(BlobExistsException.class);
                } else {
                    model.put(key, bytes(i, random.nextInt(100)));
                    put(key, model.get(key));
                }
            }
            assertThat(list("", null, 5)).as("seed %d", seed).containsExactlyElementsOf(model.keySet());
            for (Map.Entry<String, byte[]> entry : model.entrySet()) {
                assertThat(get(entry.getKey())).as("seed %d", seed).isEqualTo(entry.getValue());
            }
        }
    }

    private static String randomKey(Random random) {
        StringBuilder key = new StringBuilder();
        for (int segments = random.nextInt(3); segments >= 0; segments--) {
            key.append("ab!~".charAt(random.nextInt(4))).append(segments > 0 ? "/" : "");
        }
        return key.toString();
    }
}
