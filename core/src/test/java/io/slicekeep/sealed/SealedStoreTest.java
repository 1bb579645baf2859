package io.slicekeep.sealed;

import static io.slicekeep.sealed.Fixtures.plaintext;
import static io.slicekeep.sealed.Fixtures.readAll;
import static io.slicekeep.sealed.Fixtures.ring;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.store.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code BlobStoreContract} cannot know of a sealed store. */
class SealedStoreTest {
    private static final BlobKey A = BlobKey.of("a");
    private static final BlobKey B = BlobKey.of("folder/b");
    private static final BlobKey C = BlobKey.of("folder/c");

    private final KeyRing ring = ring(1);
    private final MemoryStore below = new MemoryStore();
    private final BlobStore store = Sealed.over(below, ring);

    @Test
    void theStoreBelowHoldsNoPlaintext() throws IOException {
        byte[] canary = "a canary that sings in clear".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        put(store, A, canary);
        assertThat(get(store, A)).isEqualTo(canary);
        String stored = new String(get(below, A), StandardCharsets.ISO_8859_1);
        assertThat(stored).doesNotContain("canary").doesNotContain("sings");
    }

    @Test
    void renamedAndSwappedBlobsAreRefused() throws IOException {
        put(store, A, plaintext(100));
        put(store, B, plaintext(200));
        below.copy(A, C);
        assertRefused(store, C);
        byte[] a = get(below, A);
        byte[] b = get(below, B);
        below.delete(A);
        below.delete(B);
        put(below, A, b);
        put(below, B, a);
        assertRefused(store, A);
        assertRefused(store, B);
    }

    @Test
    void blobsOfAnotherRingOrContextAreRefused() throws IOException {
        KeyContext gold = KeyContext.of(Map.of("class", "gold"));
        put(store, A, plaintext(100));
        put(Sealed.over(below, ring, gold), B, plaintext(100));
        assertRefused(Sealed.over(below, ring(2)), A);
        assertRefused(Sealed.over(below, ring, gold), A);
        assertRefused(store, B);
        assertThat(get(Sealed.over(below, ring, gold), B)).isEqualTo(plaintext(100));
    }

    /** A copy that the store below makes would stand under a key that it is not bound to. */
    @Test
    void itDoesNotPassOnThatTheStoreBelowCanCopy() {
        assertThat(store).isNotInstanceOf(CopyingBlobStore.class);
    }

    @Test
    void lengthIsThatOfThePlaintext() throws IOException {
        put(store, A, plaintext(16384));
        try (BlobSource source = store.open(A)) {
            assertThat(source.length()).isEqualTo(16384);
        }
        try (BlobSource source = below.open(A)) {
            assertThat(source.length()).isEqualTo(64 + 69 + 56 + 16400 + 16);
        }
    }

    @Test
    void aCommitThatTheStoreBelowRefusesIsSticky() throws IOException {
        try (BlobSink first = store.create(A);
                BlobSink second = store.create(A)) {
            second.commit();
            Throwable failure = catchThrowable(first::commit);
            assertThat(failure).isInstanceOf(BlobExistsException.class);
            assertThat(catchThrowable(first::commit)).isSameAs(failure);
            assertThat(catchThrowable(() -> first.write(ByteBuffer.allocate(1))))
                    .isSameAs(failure);
        }
    }

    @Test
    void aKeyThatCannotBeUsedLeavesNothingBehind() {
        BlobStore broken = Sealed.over(below, closedRing());
        assertThatThrownBy(() -> broken.create(A)).isInstanceOf(IllegalStateException.class);
        assertThat(below.list(KeyPrefix.ALL, null, 10).keys()).isEmpty();
    }

    private static KeyRing closedRing() {
        KeyRing ring = ring(3);
        ring.close();
        return ring;
    }

    private static void assertRefused(BlobStore store, BlobKey key) {
        assertThatThrownBy(() -> store.open(key)).isInstanceOf(KeyUnavailableException.class);
    }

    private static void put(BlobStore store, BlobKey key, byte[] content) throws IOException {
        try (BlobSink sink = store.create(key)) {
            sink.write(ByteBuffer.wrap(content));
            sink.commit();
        }
    }

    private static byte[] get(BlobStore store, BlobKey key) throws IOException {
        try (BlobSource source = store.open(key)) {
            return readAll(source);
        }
    }
}
