package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.slicekeep.crypto.Hkdf;
import io.slicekeep.crypto.KeyWrap;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.key.SlotArea;
import io.slicekeep.kms.local.PassphraseProvider;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Contexts, derived keys and slot areas are those of docs/FORMAT.md sections 1 and 2. */
class KeyVectorsTest {
    static Stream<JsonObject> derivations() {
        return FormatVectors.objects(FormatVectors.read("derivation"));
    }

    @ParameterizedTest
    @MethodSource("derivations")
    void contextsAndDerivedKeysAreThoseOfTheVectors(JsonObject vector) {
        KeyContext context = context(vector);

        assertThat(context.canonicalBytes()).isEqualTo(FormatVectors.hex(vector, "canonical"));
        byte[] secret = FormatVectors.hex(vector, "secret");
        FormatVectors.texts(vector.getAsJsonObject("keys")).forEach((purposeAndLength, key) -> {
            int space = purposeAndLength.indexOf(' ');
            byte[] label =
                    ("slicekeep/v1/" + purposeAndLength.substring(0, space) + "\0").getBytes(StandardCharsets.US_ASCII);
            byte[] info = ByteBuffer.allocate(label.length + 32)
                    .put(label)
                    .put(context.digest())
                    .array();
            int keyBytes = Integer.parseInt(purposeAndLength.substring(space + 1));
            assertThat(Hkdf.SHA256.derive(new byte[0], secret, info, keyBytes))
                    .isEqualTo(HexFormat.of().parseHex(key));
        });
    }

    static Stream<JsonObject> slotAreas() {
        return FormatVectors.objects(FormatVectors.read("slots"));
    }

    @ParameterizedTest
    @MethodSource("slotAreas")
    void slotAreasAreReadAndWrittenAsInTheVectors(JsonObject vector) throws Exception {
        byte[] area = FormatVectors.hex(vector, "area");
        List<KeySlot> slots = FormatVectors.objects(vector.get("slots"))
                .map(slot -> new KeySlot(
                        new KeyUri(slot.get("uri").getAsString()),
                        FormatVectors.hex(slot, "info"),
                        FormatVectors.hex(slot, "wrapped")))
                .toList();

        assertThat(SlotArea.parse(ByteBuffer.wrap(area))).isEqualTo(slots);
        assertThat(SlotArea.encode(slots, area.length)).isEqualTo(area);
    }

    @ParameterizedTest
    @MethodSource("slotAreas")
    void everySlotOfTheVectorsOpens(JsonObject vector) throws Exception {
        byte[] secret = FormatVectors.hex(vector, "secret");
        for (KeySlot slot : SlotArea.parse(ByteBuffer.wrap(FormatVectors.hex(vector, "area")))) {
            String scheme = slot.uri().scheme();
            if (scheme.equals("passphrase")) {
                char[] passphrase = vector.get("passphrase").getAsString().toCharArray();
                try (PassphraseProvider provider = PassphraseProvider.of(passphrase);
                        SecretBytes opened =
                                provider.unwrap(slot, KeyContext.EMPTY).secret()) {
                    assertThat(opened.unsafeBytes()).isEqualTo(secret);
                }
            } else {
                assertThat(KeyWrap.unwrap(FormatVectors.hex(vector, scheme), slot.wrapped()))
                        .isEqualTo(secret);
            }
        }
    }

    private static KeyContext context(JsonObject vector) {
        Map<String, String> users = new TreeMap<>(FormatVectors.texts(vector.getAsJsonObject("context")));
        String blob = users.remove("slicekeep.blob");
        KeyContext context = KeyContext.of(users);
        return blob == null ? context : context.withReserved("blob", blob);
    }
}
