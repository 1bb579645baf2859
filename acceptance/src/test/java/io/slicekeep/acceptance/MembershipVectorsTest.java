package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Leaving;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.key.KeyPurpose;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.kms.local.PassphraseProvider;
import io.slicekeep.membership.Configuration;
import io.slicekeep.membership.Configuration.Terms;
import io.slicekeep.membership.Founding;
import io.slicekeep.membership.Identity;
import io.slicekeep.membership.KeepId;
import io.slicekeep.membership.Member;
import io.slicekeep.membership.Membership;
import io.slicekeep.membership.NamespaceEntry;
import io.slicekeep.membership.SiteCapabilities;
import io.slicekeep.membership.SiteId;
import io.slicekeep.membership.Transition;
import io.slicekeep.membership.WrappedKeys;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.probe.Capabilities;
import io.slicekeep.probe.Capabilities.Promise;
import io.slicekeep.probe.Capabilities.Races;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.RandomSource;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Identities, capabilities, keys and configurations are those of docs/FORMAT.md section 8. */
class MembershipVectorsTest {
    private static final JsonObject KEEP = FormatVectors.read("keep").getAsJsonObject();

    private final KeepId keepId = new KeepId(KEEP.get("keepId").getAsString());
    private KeyRing ring;
    private OpenSecret secret;

    @BeforeEach
    void openTheSecretByItsSlot() throws Exception {
        ring = KeyRing.of(
                PassphraseProvider.of(KEEP.get("passphrase").getAsString().toCharArray()));
        byte[] keys = FormatVectors.hex(KEEP.getAsJsonArray("keys").get(0).getAsJsonObject(), "blob");
        secret = ring.open(
                WrappedKeys.parse(keys).slots(),
                Membership.SECRET_CONTEXT,
                candidate -> KeepId.of(candidate).equals(keepId));
    }

    @AfterEach
    void close() {
        secret.close();
        ring.close();
    }

    static Stream<JsonObject> identities() {
        return FormatVectors.objects(KEEP.get("identities"));
    }

    @ParameterizedTest
    @MethodSource("identities")
    void identitiesAreReadAndWrittenAsInTheVectors(JsonObject vector) throws Exception {
        byte[] blob = FormatVectors.hex(vector, "blob");
        Identity identity = new Identity(
                vector.get("slice").getAsInt(),
                keepId,
                new SiteId(vector.get("siteId").getAsString()),
                vector.get("epoch").getAsLong());
        try (SecretBytes key = secret.derive(KeyPurpose.IDENTITY)) {
            assertThat(Identity.parse(blob)).isEqualTo(identity);
            assertThat(identity.seal(key)).isEqualTo(blob);
            assertThat(identity.sealedAs(blob, key)).isTrue();
        }
    }

    static Stream<JsonObject> capabilities() {
        return FormatVectors.objects(KEEP.get("capabilities"));
    }

    @ParameterizedTest
    @MethodSource("capabilities")
    void capabilitiesAreReadAndWrittenAsInTheVectors(JsonObject vector) throws Exception {
        byte[] blob = FormatVectors.hex(vector, "blob");
        Map<Promise, String> broken = new EnumMap<>(Promise.class);
        vector.getAsJsonArray("broken")
                .forEach(promise -> broken.put(Promise.valueOf(promise.getAsString()), "whatever"));
        Capabilities found = new Capabilities(
                vector.get("probedMicros").getAsLong(),
                vector.get("longestKeyBytes").getAsInt(),
                Races.valueOf(vector.get("races")
                        .getAsString()
                        .toUpperCase(Locale.ROOT)
                        .replace(' ', '_')),
                vector.get("raceRounds").getAsInt(),
                broken);
        SiteCapabilities site =
                new SiteCapabilities(keepId, new SiteId(vector.get("siteId").getAsString()), found);
        try (SecretBytes key = secret.derive(KeyPurpose.IDENTITY)) {
            assertThat(site.seal(key)).isEqualTo(blob);
            assertThat(SiteCapabilities.parse(blob).sealedAs(blob, key)).isTrue();
        }
    }

    static Stream<JsonObject> keys() {
        return FormatVectors.objects(KEEP.get("keys"));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void keysAreReadAndWrittenAsInTheVectors(JsonObject vector) throws Exception {
        List<KeySlot> slots = FormatVectors.objects(vector.get("slots"))
                .map(slot -> new KeySlot(
                        new KeyUri(slot.get("uri").getAsString()),
                        FormatVectors.hex(slot, "info"),
                        FormatVectors.hex(slot, "wrapped")))
                .toList();
        WrappedKeys keys = new WrappedKeys(keepId, vector.get("generation").getAsLong(), slots);
        byte[] blob = FormatVectors.hex(vector, "blob");

        assertThat(WrappedKeys.parse(blob)).isEqualTo(keys);
        assertThat(keys.encode()).isEqualTo(blob);
    }

    static Stream<JsonObject> configurations() {
        return FormatVectors.objects(KEEP.get("configurations"));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void configurationsAreReadAndWrittenAsInTheVectors(JsonObject vector) throws Exception {
        byte[] blob = FormatVectors.hex(vector, "blob");
        Configuration read = Configuration.parse(blob);

        List<NamespaceEntry> namespaces = read.namespaces();
        assertThat(read)
                .isEqualTo(new Configuration(
                        keepId,
                        vector.get("epoch").getAsLong(),
                        terms(vector),
                        members(vector),
                        transition(vector.get("transition")),
                        namespaces));
        List<JsonObject> shown = FormatVectors.objects(vector.get("namespaces")).toList();
        assertThat(namespaces).hasSameSizeAs(shown);
        for (int i = 0; i < shown.size(); i++) {
            assertNamespace(namespaces.get(i), shown.get(i));
        }
        try (SecretBytes key = secret.derive(KeyPurpose.CONFIG)) {
            assertThat(read.seal(key)).isEqualTo(blob);
            assertThat(read.sealedAs(blob, key)).isTrue();
        }
    }

    @Test
    void theFirstBlobsOfASiteHaveTheNamesOfTheVectors() throws Exception {
        MemoryStore store = new MemoryStore();
        new Founding(ExecutorTasks.on(Runnable::run), RandomSource.secure(), Duration.ofSeconds(5))
                .found(
                        Profile.of(1, 0),
                        Terms.DEFAULT_LEASE,
                        NamespaceMode.LWW,
                        List.of(new Founding.Plot("a", "/mnt/a", store)),
                        ring);

        List<String> names = store.list(KeyPrefix.ALL, null, 10).keys().stream()
                .map(BlobKey::value)
                .toList();
        assertThat(names).hasSize(4);
        assertThat(names.get(0)).matches(firstName("capabilities") + "[0-9a-f]{8}");
        assertThat(names.get(1)).matches(firstName("configurations") + "[0-9a-f]{8}");
        assertThat(names.get(2)).matches(firstName("keys") + "[0-9a-f]{8}");
        assertThat(names.get(3)).isEqualTo("site");
    }

    private void assertNamespace(NamespaceEntry namespace, JsonObject shown) throws Exception {
        assertThat(namespace.id()).isEqualTo(shown.get("id").getAsString());
        assertThat(namespace.name()).isEqualTo(shown.get("name").getAsString());
        assertThat(namespace.mode())
                .isEqualTo(shown.get("mode").getAsInt() == 1 ? NamespaceMode.LWW : NamespaceMode.CONDITIONAL);
        try (OpenSecret opened = namespace.open(secret)) {
            assertThat(opened.commitment()).isEqualTo(FormatVectors.hex(shown, "commitment"));
        }
    }

    private static String firstName(String kind) {
        return KEEP.getAsJsonArray(kind).get(0).getAsJsonObject().get("name").getAsString();
    }

    private static Profile profile(JsonArray numbers) {
        return new Profile(
                numbers.get(0).getAsInt(),
                numbers.get(1).getAsInt(),
                numbers.get(2).getAsInt(),
                numbers.get(3).getAsInt());
    }

    private static Terms terms(JsonObject vector) {
        return new Terms(
                profile(vector.getAsJsonArray("profile")),
                Duration.ofMillis(vector.get("leaseMillis").getAsLong()),
                vector.get("createdMicros").getAsLong());
    }

    private static List<Member> members(JsonObject vector) {
        return FormatVectors.objects(vector.get("sites"))
                .map(MembershipVectorsTest::member)
                .toList();
    }

    private static Member member(JsonObject site) {
        return new Member(
                new SiteId(site.get("siteId").getAsString()),
                site.get("slice").getAsInt(),
                site.get("name").getAsString(),
                site.get("address").getAsString(),
                site.get("since").getAsLong());
    }

    private static Optional<Transition> transition(JsonElement shown) {
        if (shown.isJsonNull()) {
            return Optional.empty();
        }
        JsonObject transition = shown.getAsJsonObject();
        JsonElement leaving = transition.get("leaving");
        JsonElement incoming = transition.get("incoming");
        return Optional.of(new Transition(
                profile(transition.getAsJsonArray("profile")),
                leaving.isJsonNull() ? Optional.empty() : Optional.of(leaving(leaving.getAsJsonObject())),
                incoming.isJsonNull() ? Optional.empty() : Optional.of(member(incoming.getAsJsonObject()))));
    }

    private static Leaving leaving(JsonObject shown) {
        return new Leaving(
                shown.get("index").getAsInt(),
                Departure.valueOf(shown.get("departure").getAsString().toUpperCase(Locale.ROOT)));
    }
}
