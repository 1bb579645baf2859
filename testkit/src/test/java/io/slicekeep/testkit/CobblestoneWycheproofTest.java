package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.chunk.BodyReader;
import io.slicekeep.chunk.BodySource;
import io.slicekeep.chunk.BodyWriter;
import io.slicekeep.chunk.ChunkKeys;
import io.slicekeep.chunk.ChunkLayout;
import io.slicekeep.crypto.BulkProvider;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.store.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cobblestone-256: what a body is, and 25 ways in which something is none. */
class CobblestoneWycheproofTest {
    static Stream<Wycheproof.Case> vectors() {
        return Wycheproof.cases("c2sp_chunked_encryption_aes_256_gcm");
    }

    static Stream<Wycheproof.Case> valid() {
        return vectors().filter(Wycheproof.Case::valid);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void streamsOpenAsTheVectorSays(Wycheproof.Case vector) throws Exception {
        if (vector.flagged("HeaderFailure")) {
            assertThatThrownBy(() -> open(vector))
                    .isInstanceOfAny(IntegrityException.class, IllegalArgumentException.class);
            return;
        }
        byte[] body = body(vector);
        ByteArrayInputStream chunks =
                new ByteArrayInputStream(body, ChunkLayout.PREFIX_BYTES, body.length - ChunkLayout.PREFIX_BYTES);
        ByteArrayOutputStream released = new ByteArrayOutputStream();
        BodyReader reader = new BodyReader(Channels.newChannel(chunks), open(vector), BulkProvider.get(), "vector");
        Throwable failure = catchThrowable(() -> Channels.newInputStream(reader).transferTo(released));
        if (vector.valid()) {
            assertThat(failure).isNull();
        } else {
            assertThat(failure).isInstanceOf(IntegrityException.class);
            assertThat(catchThrowable(() -> reader.read(ByteBuffer.allocate(1))))
                    .isSameAs(failure);
        }
        assertPlaintext(vector, released.toByteArray());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void sourcesOpenAsTheVectorSays(Wycheproof.Case vector) throws Exception {
        if (vector.flagged("HeaderFailure")) {
            return; // as above: there are no keys to go on with
        }
        if (vector.valid()) {
            try (BodySource source = source(vector)) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                assertThat(source.transferTo(Channels.newChannel(all))).isEqualTo(source.length());
                assertPlaintext(vector, all.toByteArray());
            }
            return;
        }
        assertThatThrownBy(() -> readWhole(vector)).isInstanceOf(IntegrityException.class);
        Throwable length = catchThrowable(() -> source(vector).length());
        if (vector.flagged("ValidFinalChunk")) {
            assertThat(length).isNull();
        } else {
            assertThat(length).isInstanceOf(IntegrityException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("valid")
    void bodiesAreWrittenToTheSameBytes(Wycheproof.Case vector) throws Exception {
        byte[] body = body(vector);
        ByteArrayOutputStream plaintext = new ByteArrayOutputStream();
        try (BodySource source = source(vector)) {
            source.transferTo(Channels.newChannel(plaintext));
        }
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        byte[] head = Arrays.copyOf(body, ChunkLayout.PREFIX_BYTES);
        try (BodyWriter writer = new BodyWriter(Channels.newChannel(written), head, open(vector), BulkProvider.get())) {
            writer.write(ByteBuffer.wrap(plaintext.toByteArray()));
            writer.finish();
        }
        assertThat(written.toByteArray()).isEqualTo(body);
    }

    /** Derives the keys and compares the commitment, as whoever reads a body must. */
    private static ChunkKeys open(Wycheproof.Case vector) throws IntegrityException {
        byte[] body = body(vector);
        if (body.length < ChunkLayout.PREFIX_BYTES) {
            throw new IntegrityException("no whole salt and commitment");
        }
        byte[] salt = Arrays.copyOf(body, ChunkLayout.SALT_BYTES);
        ChunkKeys keys = ChunkKeys.derive(vector.bytes("key"), salt, vector.bytes("ctx"));
        if (!keys.commitTo(Arrays.copyOfRange(body, ChunkLayout.SALT_BYTES, ChunkLayout.PREFIX_BYTES))) {
            throw new IntegrityException("another commitment");
        }
        return keys;
    }

    private static void readWhole(Wycheproof.Case vector) throws IOException {
        try (BodySource source = source(vector)) {
            source.transferTo(Channels.newChannel(new ByteArrayOutputStream()));
        }
    }

    private static BodySource source(Wycheproof.Case vector) throws IOException {
        return new BodySource(stored(body(vector)), 0, open(vector), BulkProvider.get(), "vector");
    }

    /** For invalid vectors: the longest genuine beginning, empty if none is given. */
    private static void assertPlaintext(Wycheproof.Case vector, byte[] plaintext) throws GeneralSecurityException {
        if (vector.has("msgLength")) {
            assertThat(plaintext).hasSize(vector.number("msgLength"));
            assertThat(MessageDigest.getInstance("SHA-512").digest(plaintext)).isEqualTo(vector.bytes("msgSha512"));
        } else {
            assertThat(plaintext).isEmpty();
        }
    }

    /** The vectors hold their ciphertexts compressed. */
    private static byte[] body(Wycheproof.Case vector) {
        try {
            return new InflaterInputStream(new ByteArrayInputStream(vector.bytes("ct"))).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BlobSource stored(byte[] body) throws IOException {
        MemoryStore store = new MemoryStore();
        try (BlobSink sink = store.create(BlobKey.of("body"))) {
            sink.write(ByteBuffer.wrap(body));
            sink.commit();
        }
        return store.open(BlobKey.of("body"));
    }
}
