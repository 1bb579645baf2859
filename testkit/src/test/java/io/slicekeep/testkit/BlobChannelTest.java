package io.slicekeep.testkit;

import io.slicekeep.blob.BlobChannel;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.store.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

class BlobChannelTest extends SeekableChannelContract {
    @Override
    protected SeekableByteChannel open(byte[] content) throws IOException {
        MemoryStore store = new MemoryStore();
        try (BlobSink sink = store.create(BlobKey.of("blob"))) {
            sink.write(ByteBuffer.wrap(content));
            sink.commit();
        }
        return BlobChannel.owning(store.open(BlobKey.of("blob")));
    }
}
