package io.slicekeep.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.crypto.BulkProvider;
import io.slicekeep.error.IntegrityException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.Provider;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkSealerTest {
    private static final byte[] CONTEXT = {1, 2, 3};
    private static final Provider REAL = BulkProvider.get();

    private final Random random = new Random(1);
    private final ByteBuffer chunk = ByteBuffer.allocate(ChunkLayout.CHUNK_BYTES);
    private final ByteBuffer sealed = ByteBuffer.allocate(ChunkLayout.SEALED_CHUNK_BYTES);

    @Test
    void nothingFollowsAShortChunk() throws IOException {
        ChunkSealer sealer = new ChunkSealer(freshKeys(), REAL);
        seal(sealer, ChunkLayout.CHUNK_BYTES);
        seal(sealer, ChunkLayout.CHUNK_BYTES - 1);
        assertThatThrownBy(() -> seal(sealer, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void chunksLongerThanTheLayoutSaysAreRefused() {
        ChunkSealer sealer = new ChunkSealer(freshKeys(), REAL);
        ByteBuffer tooLong = ByteBuffer.allocate(ChunkLayout.CHUNK_BYTES + 1);
        assertThatThrownBy(() -> sealer.seal(tooLong, sealed)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLastOf2To32ChunksIsSealedAndNoneAfterIt() throws IOException {
        ChunkKeys keys = freshKeys();
        ChunkSealer sealer = new ChunkSealer(keys, REAL, ChunkLayout.MAX_CHUNKS - 1);
        seal(sealer, ChunkLayout.CHUNK_BYTES);
        ByteBuffer opened = ByteBuffer.allocate(ChunkLayout.CHUNK_BYTES);
        new ChunkOpener(keys, REAL, "b").open(ChunkLayout.MAX_CHUNKS - 1, sealed.flip(), opened);
        assertThat(opened.hasRemaining()).isFalse();
        assertThatIOException().isThrownBy(() -> seal(sealer, 0)).withMessageContaining("4294967296");
        assertThatThrownBy(() -> seal(sealer, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMillionSealsWithFailuresAndRetriesNeverRepeatAKeyAndNonce() throws IOException {
        SpyProvider spy = new SpyProvider(997);
        int failures = 0;
        while (spy.pairs() < 1_000_000) {
            byte[] dataKey = bytes(ChunkKeys.DATA_KEY_BYTES);
            failures += sealUntilFailure(dataKey, spy);
            // A second attempt under the same data key: only its salt differs.
            failures += sealUntilFailure(dataKey, spy);
        }
        assertThat(failures).isGreaterThan(900);
    }

    /** Shows that the spy sees what the test above is about. */
    @Test
    void aRetryWithTheSameSaltWouldRepeatOne() throws IOException {
        SpyProvider spy = new SpyProvider(0);
        byte[] dataKey = bytes(ChunkKeys.DATA_KEY_BYTES);
        byte[] salt = bytes(ChunkLayout.SALT_BYTES);
        byte[] nonce = new byte[ChunkKeys.NONCE_BYTES];
        ChunkKeys keys = ChunkKeys.derive(dataKey, salt, CONTEXT);
        keys.nonce(0, nonce);
        seal(new ChunkSealer(keys, spy), 5);
        ChunkSealer again = new ChunkSealer(ChunkKeys.derive(dataKey, salt, CONTEXT), spy);
        assertThatThrownBy(() -> seal(again, 5)).hasRootCauseMessage("nonce used twice: " + Arrays.toString(nonce));
    }

    @Test
    void afterAFailureNothingIsSealed() throws IOException {
        ChunkSealer sealer = new ChunkSealer(freshKeys(), new SpyProvider(2));
        seal(sealer, ChunkLayout.CHUNK_BYTES);
        assertThatThrownBy(() -> seal(sealer, ChunkLayout.CHUNK_BYTES)).hasRootCauseMessage("injected");
        assertThatThrownBy(() -> seal(sealer, ChunkLayout.CHUNK_BYTES)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void eachOfKeySaltAndContextChangesTheCommitment() {
        byte[] dataKey = bytes(ChunkKeys.DATA_KEY_BYTES);
        byte[] salt = bytes(ChunkLayout.SALT_BYTES);
        byte[] commitment = ChunkKeys.derive(dataKey, salt, CONTEXT).commitment();
        assertThat(ChunkKeys.derive(dataKey, salt, CONTEXT).commitTo(commitment))
                .isTrue();
        assertThat(ChunkKeys.derive(flipped(dataKey), salt, CONTEXT).commitTo(commitment))
                .isFalse();
        assertThat(ChunkKeys.derive(dataKey, flipped(salt), CONTEXT).commitTo(commitment))
                .isFalse();
        assertThat(ChunkKeys.derive(dataKey, salt, flipped(CONTEXT)).commitTo(commitment))
                .isFalse();
        assertThat(ChunkKeys.derive(dataKey, salt, CONTEXT).commitTo(new byte[0]))
                .isFalse();
    }

    @Test
    void aRefusedChunkLeavesZerosAndNoCause() throws IOException {
        ChunkKeys keys = freshKeys();
        random.nextBytes(chunk.array());
        seal(new ChunkSealer(keys, REAL), ChunkLayout.CHUNK_BYTES);
        sealed.array()[0] ^= 1;
        ByteBuffer opened = ByteBuffer.allocate(ChunkLayout.CHUNK_BYTES);
        opened.array()[7] = 7;
        assertThatThrownBy(() -> new ChunkOpener(keys, REAL, "b").open(0, sealed.flip(), opened))
                .isInstanceOf(IntegrityException.class)
                .hasNoCause();
        assertThat(opened.position()).isZero();
        assertThat(opened.array()).containsOnly(0);
    }

    @Test
    void wipedKeysAreNotUsed() {
        ChunkKeys keys = freshKeys();
        ChunkSealer sealer = new ChunkSealer(keys, REAL);
        keys.close();
        assertThatThrownBy(() -> seal(sealer, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("closed");
    }

    private int sealUntilFailure(byte[] dataKey, Provider spy) throws IOException {
        ChunkSealer sealer = new ChunkSealer(ChunkKeys.derive(dataKey, bytes(ChunkLayout.SALT_BYTES), CONTEXT), spy);
        for (int i = 0; i < 2000; i++) {
            try {
                seal(sealer, ChunkLayout.CHUNK_BYTES);
            } catch (ChunkCipher.Refused e) {
                assertThat(e).hasRootCauseMessage("injected");
                return 1;
            }
        }
        return 0;
    }

    private void seal(ChunkSealer sealer, int chunkBytes) throws IOException {
        sealer.seal(chunk.clear().limit(chunkBytes), sealed.clear());
    }

    private ChunkKeys freshKeys() {
        return ChunkKeys.derive(bytes(ChunkKeys.DATA_KEY_BYTES), bytes(ChunkLayout.SALT_BYTES), CONTEXT);
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] flipped = bytes.clone();
        flipped[flipped.length - 1] ^= 1;
        return flipped;
    }
}
