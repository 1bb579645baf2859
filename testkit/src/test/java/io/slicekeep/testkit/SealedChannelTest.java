package io.slicekeep.testkit;

import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.ParentKey;
import io.slicekeep.sealed.Sealed;
import io.slicekeep.sealed.SealedWriter;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.io.TempDir;

class SealedChannelTest extends SeekableChannelContract {
    @TempDir
    private Path folder;

    @Override
    protected SeekableByteChannel open(byte[] content) throws IOException {
        Path file = Files.createTempFile(folder, "sealed", "");
        try (OpenSecret parent = OpenSecret.random(KeyContext.EMPTY, RandomSource.secure());
                KeyRing ring = KeyRing.of(ParentKey.of(parent))) {
            try (SealedWriter writer = Sealed.writer(FileChannel.open(file, StandardOpenOption.WRITE), ring)) {
                writer.write(ByteBuffer.wrap(content));
                writer.commit();
            }
            return Sealed.open(FileChannel.open(file, StandardOpenOption.READ), ring, KeyContext.EMPTY)
                    .channel();
        }
    }
}
