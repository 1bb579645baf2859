package org.example.embedder;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.slicekeep.key.KeyRing;
import io.slicekeep.sealed.Sealed;
import io.slicekeep.sealed.SealedReader;
import io.slicekeep.sealed.SealedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Seals a stream of any length and opens it again. */
final class SealStream {
    private SealStream() {}

    static void seal(Path file, KeyRing keys, ByteBuffer data) throws IOException {
        // README: seal a stream
        try (SealedWriter out = Sealed.writer(Files.newByteChannel(file, CREATE_NEW, WRITE), keys)) {
            out.write(data);
            out.commit();
        }
        // README
    }

    static byte[] open(Path file, KeyRing keys) throws IOException {
        try (SealedReader in = Sealed.reader(Files.newByteChannel(file), keys)) {
            return in.inputStream().readAllBytes();
        }
    }
}
