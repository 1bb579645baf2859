package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads the vectors that the second implementation made from docs/FORMAT.md (testkit/second). */
final class FormatVectors {
    private FormatVectors() {}

    static JsonElement read(String name) {
        String resource = "/io/slicekeep/testkit/vectors/" + name + ".json";
        try (InputStream in = Objects.requireNonNull(FormatVectors.class.getResourceAsStream(resource), resource)) {
            return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonObject> objects(JsonElement array) {
        return StreamSupport.stream(array.getAsJsonArray().spliterator(), false).map(JsonElement::getAsJsonObject);
    }

    static byte[] hex(JsonObject vector, String field) {
        return HexFormat.of().parseHex(vector.get(field).getAsString());
    }

    static Map<String, String> texts(JsonObject entries) {
        return entries.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().getAsString()));
    }

    /** The inputs that vectors name by a seed only: byte i = 131 i + 17 (i >> 8) + 29 (i >> 16) + seed. */
    static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (131 * i + 17 * (i >> 8) + 29 * (i >> 16) + seed);
        }
        return bytes;
    }

    /** Compares with what a vector shows: short bytes whole, long ones by length and digest. */
    static void assertShown(byte[] actual, JsonObject shown) {
        if (shown.has("hex")) {
            assertThat(HexFormat.of().formatHex(actual))
                    .isEqualTo(shown.get("hex").getAsString());
        } else {
            assertThat(actual).hasSize(shown.get("length").getAsInt());
            assertThat(sha256(actual)).isEqualTo(shown.get("sha256").getAsString());
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
