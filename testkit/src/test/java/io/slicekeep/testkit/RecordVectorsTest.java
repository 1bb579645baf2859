package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Content;
import io.slicekeep.record.Extent;
import io.slicekeep.record.Hints;
import io.slicekeep.record.ListedNote;
import io.slicekeep.record.ListedRecord;
import io.slicekeep.record.Metadata;
import io.slicekeep.record.NamespaceKeys;
import io.slicekeep.record.RecordFormat;
import io.slicekeep.record.RecordKind;
import io.slicekeep.record.StoredRecord;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names and records that the second implementation made are read, and made, to the same bytes. */
class RecordVectorsTest {
    private static final HexFormat HEX = HexFormat.of();

    static Stream<JsonObject> names() {
        return each(Wycheproof.read("vectors/names.json").getAsJsonArray("names"));
    }

    static Stream<JsonObject> records() {
        return each(Wycheproof.read("vectors/records.json").getAsJsonArray("records"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void namesAreEncodedAlike(JsonObject vector) {
        RecordFormat format = format(Wycheproof.read("vectors/names.json"));
        assertThat(format.names().encode(hex(vector, "name")).value())
                .isEqualTo(vector.get("encoded").getAsString());
    }

    @ParameterizedTest
    @MethodSource("records")
    void keysAreReadAndMadeAlike(JsonObject vector) {
        JsonObject file = Wycheproof.read("vectors/records.json");
        RecordFormat format = format(file);
        BlobKey key = BlobKey.of("n/" + file.get("namespaceId").getAsString() + "/"
                + vector.get("key").getAsString());
        ListedRecord listed = format.open(key).orElseThrow();
        assertThat(listed.name()).isEqualTo(format.names().encode(hex(vector, "name")));
        assertThat(listed.revision().counter()).isEqualTo(vector.get("counter").getAsLong());
        assertThat(listed.revision().writer()).hasToString(vector.get("writer").getAsString());
        assertThat(listed.revision().generation())
                .isEqualTo(vector.get("generation").getAsInt());
        assertThat(listed.hints())
                .isEqualTo(new Hints(
                        RecordKind.INLINE,
                        4,
                        0,
                        vector.get("plaintextBytes").getAsLong(),
                        vector.get("modifiedMicros").getAsLong(),
                        vector.get("crc32c").getAsNumber().intValue()));
        int attempt = vector.get("attempt").getAsInt();
        assertThat(format.key(listed.name(), listed.revision(), attempt, listed.hints()))
                .isEqualTo(key);
    }

    @ParameterizedTest
    @MethodSource("records")
    void notesAreReadAndMadeAlike(JsonObject vector) {
        JsonObject file = Wycheproof.read("vectors/records.json");
        RecordFormat format = format(file);
        String folder = "n/" + file.get("namespaceId").getAsString() + "/";
        BlobKey note = BlobKey.of(folder + vector.get("note").getAsString());
        ListedRecord listed = format.open(BlobKey.of(folder + vector.get("key").getAsString()))
                .orElseThrow();
        assertThat(format.note(listed.name(), listed.revision())).isEqualTo(note);
        assertThat(format.openNote(note)).contains(new ListedNote(note, listed.name(), listed.revision()));
    }

    @ParameterizedTest
    @MethodSource("records")
    void recordsAreReadAndMadeAlike(JsonObject vector) throws IOException {
        RecordFormat format = format(Wycheproof.read("vectors/records.json"));
        int site = 0;
        for (JsonElement record : vector.getAsJsonArray("records")) {
            JsonElement hex = record.getAsJsonObject().get("hex");
            if (hex != null) {
                StoredRecord read = read(format, HEX.parseHex(hex.getAsString()), site);
                assertThat(HEX.parseHex(vector.get("common").getAsString()))
                        .isEqualTo(firstBytes(
                                read.authenticated(), read.authenticated().length() - 32));
                assertMetadata(format, read, vector);
            }
            site++;
        }
        assertThat(site).isEqualTo(6);
    }

    private static void assertMetadata(RecordFormat format, StoredRecord read, JsonObject vector) throws IOException {
        Content.Inline content = (Content.Inline) read.common().content();
        BlobId id = content.blob().id();
        assertThat(id.bytes()).isEqualTo(hex(vector, "blobId"));
        KeyContext context = KeyContext.EMPTY.withReserved("blob", id.toString());
        try (OpenSecret secret = OpenSecret.random(context, fixed(hex(vector, "secret")))) {
            Metadata metadata = format.openMetadata(secret, read.common());
            assertThat(metadata.name()).isEqualTo(Bytes.of(hex(vector, "name")));
            assertThat(metadata.lengthBytes())
                    .isEqualTo(vector.get("plaintextBytes").getAsLong());
            assertThat(format.sealMetadata(
                            secret, read.common().name(), read.common().revision(), metadata))
                    .isEqualTo(read.common().metadata());
        }
    }

    private static StoredRecord read(RecordFormat format, byte[] record, int site) throws IOException {
        BlobKey key = BlobKey.of("record");
        try (MemoryStore store = new MemoryStore()) {
            try (BlobSink sink = store.create(key)) {
                sink.write(ByteBuffer.wrap(record));
                sink.commit();
            }
            try (BlobSource source = store.open(key)) {
                return format.read(source, site, Extent.WHOLE);
            }
        }
    }

    private static RecordFormat format(JsonObject file) {
        byte[] namespaceId = hex(file, "namespaceId");
        KeyContext context = KeyContext.EMPTY
                .withReserved("keep", file.get("keepId").getAsString())
                .withReserved("namespace", HEX.formatHex(namespaceId));
        try (OpenSecret secret = OpenSecret.random(context, fixed(hex(file, "secret")))) {
            return new RecordFormat(NamespaceKeys.of(namespaceId, secret));
        }
    }

    private static RandomSource fixed(byte[] bytes) {
        return target -> System.arraycopy(bytes, 0, target, 0, target.length);
    }

    private static byte[] firstBytes(Bytes bytes, int count) {
        return Arrays.copyOf(bytes.toArray(), count);
    }

    private static byte[] hex(JsonObject object, String field) {
        return HEX.parseHex(object.get(field).getAsString());
    }

    private static Stream<JsonObject> each(Iterable<JsonElement> elements) {
        return StreamSupport.stream(elements.spliterator(), false).map(JsonElement::getAsJsonObject);
    }
}
