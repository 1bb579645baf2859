package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.slicekeep.chunk.ChunkKeys;
import io.slicekeep.chunk.ChunkLayout;
import io.slicekeep.chunk.ChunkOpener;
import io.slicekeep.chunk.ChunkSealer;
import io.slicekeep.crypto.AesKey;
import io.slicekeep.crypto.BulkProvider;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.junit.jupiter.api.Test;

/**
 * In steady state ours allocates per chunk what a bare call of the provider does, and nothing more. What is allocated only until it is
 * compiled is not the same in every run, so both are run in turn until they have settled, and the least of each counts. Escape
 * analysis is off: whether it removes an object of the provider's is chance.
 */
class ChunkAllocationTest {
    private static final int ROUNDS = 2000;
    private static final int MAX_RUNS = 60;

    /** An object per chunk would be 16 bytes at least. */
    private static final long TOLERANCE_BYTES = ROUNDS * 15L;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final ByteBuffer plaintext = ByteBuffer.allocate(ChunkLayout.CHUNK_BYTES);
    private final ByteBuffer sealed = ByteBuffer.allocate(ChunkLayout.SEALED_CHUNK_BYTES);

    @Test
    void sealingAllocatesNoMoreThanTheProvider() throws Exception {
        ChunkSealer sealer = new ChunkSealer(keys(), BulkProvider.get());
        assertNoMore(() -> sealer.seal(plaintext.clear(), sealed.clear()), bare(Cipher.ENCRYPT_MODE));
    }

    @Test
    void openingAllocatesNoMoreThanTheProvider() throws Exception {
        ChunkKeys keys = keys();
        new ChunkSealer(keys, BulkProvider.get()).seal(plaintext.clear(), sealed.clear());
        ChunkOpener opener = new ChunkOpener(keys, BulkProvider.get(), "b");
        assertNoMore(() -> opener.open(0, sealed.clear(), plaintext.clear()), bare(Cipher.DECRYPT_MODE));
    }

    private Step bare(int mode) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", BulkProvider.get());
        AesKey key = AesKey.copyOf(new byte[32], 0, 32);
        byte[] nonce = new byte[12];
        byte[] in = new byte[ChunkLayout.SEALED_CHUNK_BYTES];
        byte[] out = new byte[ChunkLayout.SEALED_CHUNK_BYTES];
        if (mode == Cipher.ENCRYPT_MODE) {
            return () -> {
                ByteBuffer.wrap(nonce).putInt(0, 1 + ByteBuffer.wrap(nonce).getInt(0));
                cipher.init(mode, key, new GCMParameterSpec(128, nonce));
                cipher.doFinal(in, 0, ChunkLayout.CHUNK_BYTES, out, 0);
            };
        }
        Cipher sealing = Cipher.getInstance("AES/GCM/NoPadding", BulkProvider.get());
        sealing.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
        sealing.doFinal(out, 0, ChunkLayout.CHUNK_BYTES, in, 0);
        return () -> {
            cipher.init(mode, key, new GCMParameterSpec(128, nonce));
            cipher.doFinal(in, 0, ChunkLayout.SEALED_CHUNK_BYTES, out, 0);
        };
    }

    private void assertNoMore(Step ours, Step bare) throws Exception {
        long leastOurs = Long.MAX_VALUE;
        long leastBare = Long.MAX_VALUE;
        for (int run = 0; run < 4 || (run < MAX_RUNS && leastOurs >= leastBare + TOLERANCE_BYTES); run++) {
            leastBare = Math.min(leastBare, allocatedBytes(bare));
            leastOurs = Math.min(leastOurs, allocatedBytes(ours));
        }
        assertThat(leastOurs).isLessThan(leastBare + TOLERANCE_BYTES);
    }

    private long allocatedBytes(Step step) throws Exception {
        long id = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(id);
        for (int i = 0; i < ROUNDS; i++) {
            step.run();
        }
        return threads.getThreadAllocatedBytes(id) - before;
    }

    private static ChunkKeys keys() {
        return ChunkKeys.derive(new byte[32], new byte[ChunkLayout.SALT_BYTES], new byte[0]);
    }

    private interface Step {
        void run() throws Exception;
    }
}
