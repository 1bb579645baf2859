package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.crypto.BulkProvider;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.ParentKey;
import io.slicekeep.sealed.Sealed;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.RandomSource;
import io.slicekeep.testkit.BlobStoreContract;
import java.nio.ByteBuffer;
import java.security.Security;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** With Amazon Corretto Crypto Provider on the class path, sealed stores run on it, and are stores as on the JDK's own. */
@Tag("corretto")
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class CorrettoTest extends BlobStoreContract {
    private final MemoryStore beneath = new MemoryStore();

    @Override
    protected BlobStore newStore() {
        try (OpenSecret parent = OpenSecret.random(KeyContext.EMPTY, RandomSource.secure())) {
            return Sealed.over(beneath, KeyRing.of(ParentKey.of(parent)));
        }
    }

    @Test
    void itIsChosenAndTheListOfProvidersStaysAsItWas() {
        assertThat(BulkProvider.get().getName()).isEqualTo("AmazonCorrettoCryptoProvider");
        assertThat(Security.getProviders()).doesNotContain(BulkProvider.get());
    }

    @Test
    void aDamagedChunkLeavesNoPlaintextBehind() throws Exception {
        try (BlobStore store = newStore()) {
            BlobKey key = BlobKey.of("a");
            write(store, key, FormatVectors.pattern(40_000, 1));
            byte[] sealed = read(beneath, key);
            sealed[sealed.length - 1] ^= 1;
            beneath.delete(key);
            write(beneath, key, sealed);
            try (BlobSource source = store.open(key)) {
                ByteBuffer dst = ByteBuffer.allocate(7232);
                assertThatThrownBy(() -> source.readAt(32_768, dst)).isInstanceOf(IntegrityException.class);
                assertThat(dst.array()).containsOnly(0);
            }
        }
    }

    private static void write(BlobStore store, BlobKey key, byte[] bytes) throws Exception {
        try (BlobSink sink = store.create(key)) {
            sink.write(ByteBuffer.wrap(bytes));
            sink.commit();
        }
    }

    private static byte[] read(BlobStore store, BlobKey key) throws Exception {
        try (BlobSource source = store.open(key)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) source.length());
            source.readFullyAt(0, bytes);
            return bytes.array();
        }
    }
}
