package org.example.embedder;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.key.KeyRing;
import io.slicekeep.sealed.Sealed;
import io.slicekeep.store.DirectoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Encrypts whatever a store holds. */
final class EncryptStore {
    private EncryptStore() {}

    static byte[] writeAndRead(Path directory, KeyRing keys, ByteBuffer data) throws IOException {
        // README: encrypt over any store
        try (BlobStore store = Sealed.over(DirectoryStore.create(directory), keys)) {
            try (BlobSink sink = store.create(BlobKey.of("reports/2026"))) {
                sink.write(data);
                sink.commit();
            }
            try (BlobSource source = store.open(BlobKey.of("reports/2026"))) {
                ByteBuffer read = ByteBuffer.allocate((int) source.length());
                source.readFullyAt(0, read);
                return read.array();
            }
        }
        // README
    }
}
