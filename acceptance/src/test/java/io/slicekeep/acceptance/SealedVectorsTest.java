package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.sealed.BlobSealer;
import io.slicekeep.sealed.SealedSource;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.RandomSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sealed blobs are those of docs/FORMAT.md section 3. */
class SealedVectorsTest {
    static Stream<JsonObject> blobsWithoutSlots() {
        return FormatVectors.objects(FormatVectors.read("sealed"))
                .filter(vector -> vector.get("slotArea").getAsString().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("blobsWithoutSlots")
    void sealedBlobsAreThoseOfTheVectors(JsonObject vector) throws IOException {
        BlobId blobId = BlobId.of(FormatVectors.hex(vector, "blobId"));
        try (OpenSecret secret = secret(vector, blobId)) {
            byte[] sealed = sealed(vector, secret, blobId);

            FormatVectors.assertShown(sealed, vector.getAsJsonObject("sealed"));
        }
    }

    @ParameterizedTest
    @MethodSource("blobsWithoutSlots")
    void sealedBlobsOpenUnderTheCommitmentOfTheVectors(JsonObject vector) throws IOException {
        BlobId blobId = BlobId.of(FormatVectors.hex(vector, "blobId"));
        BlobKey key = BlobKey.of("blob");
        try (OpenSecret secret = secret(vector, blobId);
                MemoryStore store = new MemoryStore()) {
            try (BlobSink sink = store.create(key)) {
                sink.write(ByteBuffer.wrap(sealed(vector, secret, blobId)));
                sink.commit();
            }
            byte[] commitment = FormatVectors.hex(vector, "commitment");
            try (SealedSource source = SealedSource.open(store.open(key), secret, blobId, commitment)) {
                byte[] plaintext = new byte[(int) source.length()];
                source.readFullyAt(0, ByteBuffer.wrap(plaintext));
                assertThat(plaintext).isEqualTo(plaintext(vector));
            }
        }
    }

    private static byte[] sealed(JsonObject vector, OpenSecret secret, BlobId blobId) throws IOException {
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        RandomSource salt = given(FormatVectors.hex(vector, "salt"));
        try (BlobSealer sealer = BlobSealer.create(Channels.newChannel(sealed), secret, blobId, salt)) {
            sealer.write(ByteBuffer.wrap(plaintext(vector)));
            sealer.finish();
        }
        return sealed.toByteArray();
    }

    private static byte[] plaintext(JsonObject vector) {
        return FormatVectors.pattern(
                vector.get("plaintextBytes").getAsInt(),
                vector.get("patternSeed").getAsInt());
    }

    private static OpenSecret secret(JsonObject vector, BlobId blobId) {
        Map<String, String> users = new TreeMap<>(FormatVectors.texts(vector.getAsJsonObject("context")));
        users.remove("slicekeep.blob");
        KeyContext context = KeyContext.of(users).withBlob(blobId.bytes());
        return OpenSecret.random(context, given(FormatVectors.hex(vector, "secret")));
    }

    /** A source that gives the bytes of the vector, once and exactly. */
    private static RandomSource given(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        return target -> {
            rest.get(target);
            assertThat(rest.remaining()).isZero();
        };
    }
}
