package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Blobs that are read and written whole. */
final class SmallBlob {
    private SmallBlob() {}

    static byte[] read(BlobStore store, BlobKey key, int maxBytes) throws IOException {
        try (BlobSource source = store.open(key)) {
            long lengthBytes = source.length();
            if (lengthBytes > maxBytes) {
                throw MemberBlob.corrupt(key.value(), "it has " + lengthBytes + " bytes, more than " + maxBytes);
            }
            ByteBuffer blob = ByteBuffer.allocate((int) lengthBytes);
            source.readFullyAt(0, blob);
            return blob.array();
        }
    }

    static void write(BlobStore store, BlobKey key, byte[] blob) throws IOException {
        try (BlobSink sink = store.create(key)) {
            sink.write(ByteBuffer.wrap(blob));
            sink.commit();
        }
    }
}
