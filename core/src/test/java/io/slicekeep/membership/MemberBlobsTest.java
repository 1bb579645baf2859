package io.slicekeep.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Leaving;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.FormatException;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.membership.Configuration.Terms;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.probe.Capabilities;
import io.slicekeep.probe.Capabilities.Promise;
import io.slicekeep.probe.Capabilities.Races;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The membership blobs, as bytes. */
class MemberBlobsTest {
    private static final Random RANDOM = new Random(1);
    private static final OpenSecret SECRET = OpenSecret.random(Membership.SECRET_CONTEXT, RANDOM::nextBytes);
    private static final SecretBytes KEY = SecretBytes.random(RANDOM::nextBytes, 32);

    /** One of each kind. */
    enum Kind {
        IDENTITY {
            @Override
            byte[] blob() {
                return identity().seal(KEY);
            }

            @Override
            boolean genuine(byte[] blob) throws FormatException {
                return Identity.parse(blob).sealedAs(blob, KEY);
            }
        },
        CAPABILITIES {
            @Override
            byte[] blob() {
                return capabilities().seal(KEY);
            }

            @Override
            boolean genuine(byte[] blob) throws FormatException {
                return SiteCapabilities.parse(blob).sealedAs(blob, KEY);
            }
        },
        KEYS {
            @Override
            byte[] blob() {
                return keys().encode();
            }

            @Override
            boolean genuine(byte[] blob) throws FormatException {
                return WrappedKeys.parse(blob).equals(keys());
            }
        },
        CONFIGURATION {
            @Override
            byte[] blob() {
                return configuration().seal(KEY);
            }

            @Override
            boolean genuine(byte[] blob) throws FormatException {
                return Configuration.parse(blob).sealedAs(blob, KEY);
            }
        };

        abstract byte[] blob();

        abstract boolean genuine(byte[] blob) throws FormatException;
    }

    @Test
    void identityIsReadAsWritten() throws FormatException {
        Identity identity = identity();
        assertThat(Identity.parse(identity.seal(KEY))).isEqualTo(identity);
        assertThat(identity.seal(KEY)).hasSize(Identity.BYTES);
    }

    @Test
    void capabilitiesAreReadAsWritten() throws FormatException {
        for (Races races : Races.values()) {
            Capabilities found = new Capabilities(-1, 1000, races, 100, Map.of());
            SiteCapabilities site =
                    new SiteCapabilities(KeepId.of(SECRET), identity().siteId(), found);
            assertThat(SiteCapabilities.parse(site.seal(KEY))).isEqualTo(site);
        }
        assertThat(SiteCapabilities.parse(capabilities().seal(KEY)).found().broken())
                .containsOnlyKeys(Promise.LONG_KEYS);
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 13, 14, 15})
    void aPromiseOrResultOfRacesThatIsUnknownIsTooNew(int at) {
        byte[] blob = capabilities().seal(KEY);
        blob[at] |= 0x40;
        fixCrc(Kind.CAPABILITIES, blob);
        assertKind(Kind.CAPABILITIES, blob, FormatException.Kind.TOO_NEW);
    }

    @Test
    void anIdentityIsNoCapabilities() {
        assertKind(Kind.CAPABILITIES, identity().seal(KEY), FormatException.Kind.NOT_OURS);
    }

    @Test
    void keysAreReadAsWritten() throws FormatException {
        assertThat(WrappedKeys.parse(keys().encode())).isEqualTo(keys());
    }

    @Test
    void configurationIsReadAsWritten() throws FormatException {
        assertThat(Configuration.parse(configuration().seal(KEY))).isEqualTo(configuration());
    }

    @Test
    void eachOfThreeConfigurationsOfAReplacementIsReadAsWritten() throws FormatException {
        Configuration joint = configuration();
        for (Configuration next : List.of(joint.changed(), joint.unchanged())) {
            assertThat(Configuration.parse(next.seal(KEY))).isEqualTo(next);
            assertThat(next.epoch()).isEqualTo(joint.epoch() + 1);
            assertThat(next.participants()).hasSize(3);
        }
        assertThat(joint.participants()).hasSize(4);
        assertThat(joint.changed().members().get(1)).isEqualTo(incoming(1, "b"));
        assertThat(joint.unchanged().members()).isEqualTo(joint.members());
    }

    @Test
    void anotherWayOfLeavingIsTooNew() {
        byte[] blob = configuration().seal(KEY);
        int departureAt = 40 + 16 + 3 * (16 + 1 + 2 + 2 + "/mnt/a".length() + 8) + 1 + 4;
        assertThat(blob[departureAt]).isEqualTo((byte) 1);
        blob[departureAt] = 3;
        fixCrc(Kind.CONFIGURATION, blob);
        assertKind(Kind.CONFIGURATION, blob, FormatException.Kind.TOO_NEW);
    }

    @Test
    void anIncomingSiteHasItsPredecessorsNameAndSliceOrBothOfItsOwn() {
        Configuration plain = configuration().unchanged();
        for (Transition wrong : List.of(
                replacing(1, incoming(1, "d")),
                replacing(1, incoming(3, "b")),
                adding(incoming(1, "d")),
                adding(incoming(3, "b")))) {
            assertThatIllegalArgumentException().isThrownBy(() -> plain.changing(wrong));
        }
        assertThat(plain.changing(adding(incoming(3, "d"))).changed().members()).hasSize(4);
    }

    private static Transition adding(Member incoming) {
        return new Transition(Profile.of(2, 2), Optional.empty(), Optional.of(incoming));
    }

    @Test
    void aLeaseIsAtMostAnHour() {
        for (Duration lease : List.of(Duration.ofMillis(-1), Duration.ofMillis(3_600_001), Duration.ofNanos(1))) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Terms(Profile.of(2, 1), lease, 0));
        }
    }

    @Test
    void theLargestConfigurationFits() throws FormatException {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < 255; i++) {
            members.add(new Member(SiteId.random(RANDOM::nextBytes), i, "s" + i, "x".repeat(2000), 1));
        }
        List<NamespaceEntry> namespaces = new ArrayList<>();
        for (int i = 0; i < Configuration.MAX_NAMESPACES; i++) {
            namespaces.add(NamespaceEntry.create(
                    "n" + i, i % 2 == 0 ? NamespaceMode.LWW : NamespaceMode.CONDITIONAL, SECRET, RANDOM::nextBytes));
        }
        Configuration large = new Configuration(
                KeepId.of(SECRET),
                7,
                new Terms(new Profile(200, 55, 1, 5), Terms.MAX_LEASE, 0),
                members,
                Optional.of(new Transition(
                        new Profile(200, 55, 1, 5),
                        Optional.of(new Leaving(254, Departure.LOST)),
                        Optional.of(incoming(254, "s254")))),
                namespaces);
        assertThat(Configuration.parse(large.seal(KEY))).isEqualTo(large);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyFlippedBitIsNoticed(Kind kind) {
        byte[] blob = kind.blob();
        for (int bit = 0; bit < 8 * blob.length; bit++) {
            byte[] flipped = blob.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(genuine(kind, flipped)).as("bit %d", bit).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyTruncationIsNoticed(Kind kind) {
        byte[] blob = kind.blob();
        for (int bytes = 0; bytes < blob.length; bytes++) {
            byte[] shorter = Arrays.copyOf(blob, bytes);
            assertThatThrownBy(() -> kind.genuine(shorter)).isInstanceOf(FormatException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void trailingBytesAreNoticed(Kind kind) {
        byte[] longer = Arrays.copyOf(kind.blob(), kind.blob().length + 1);
        assertThatThrownBy(() -> kind.genuine(longer)).isInstanceOf(FormatException.class);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aForeignBlobIsNotOurs(Kind kind) {
        byte[] blob = kind.blob();
        blob[3] = 'B';
        assertKind(kind, blob, FormatException.Kind.NOT_OURS);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anUnknownVersionIsTooNew(Kind kind) {
        byte[] blob = kind.blob();
        blob[9] = 2;
        assertKind(kind, blob, FormatException.Kind.TOO_NEW);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anUnknownFlagIsTooNew(Kind kind) {
        byte[] blob = kind.blob();
        blob[11] = 1;
        fixCrc(kind, blob);
        assertKind(kind, blob, FormatException.Kind.TOO_NEW);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aForgedFieldUnderARightChecksumIsNotGenuine(Kind kind) throws FormatException {
        byte[] blob = kind.blob();
        blob[20] ^= 1; // within the keep id
        fixCrc(kind, blob);
        assertThat(kind.genuine(blob)).isFalse();
    }

    @Test
    void anotherKeysMacIsNotGenuine() {
        try (SecretBytes other = SecretBytes.random(RANDOM::nextBytes, 32)) {
            assertThat(identity().sealedAs(identity().seal(other), KEY)).isFalse();
            assertThat(configuration().sealedAs(configuration().seal(other), KEY))
                    .isFalse();
        }
    }

    @Test
    void aNamespacesSecretOpensOnlyUnderItsKeep() throws Exception {
        NamespaceEntry namespace = NamespaceEntry.create("photos", NamespaceMode.LWW, SECRET, RANDOM::nextBytes);
        try (OpenSecret secret = namespace.open(SECRET);
                OpenSecret other = OpenSecret.random(Membership.SECRET_CONTEXT, RANDOM::nextBytes)) {
            assertThat(secret.commitment()).isEqualTo(namespace.commitment());
            assertThatThrownBy(() -> namespace.open(other)).hasMessageContaining("photos");
        }
    }

    @Test
    void aSwappedNamespaceSecretDoesNotOpen() {
        NamespaceEntry one = NamespaceEntry.create("one", NamespaceMode.LWW, SECRET, RANDOM::nextBytes);
        NamespaceEntry two = NamespaceEntry.create("two", NamespaceMode.LWW, SECRET, RANDOM::nextBytes);
        NamespaceEntry mixed = new NamespaceEntry(one.id(), "one", NamespaceMode.LWW, one.commitment(), two.wrapped());
        assertThatThrownBy(() -> mixed.open(SECRET)).isInstanceOf(io.slicekeep.error.IntegrityException.class);
    }

    @Test
    void theKeepIdIsBoundToTheSecret() {
        try (OpenSecret other = OpenSecret.random(Membership.SECRET_CONTEXT, RANDOM::nextBytes)) {
            assertThat(KeepId.of(other)).isNotEqualTo(KeepId.of(SECRET));
            assertThat(KeepId.of(SECRET).bytes()).isEqualTo(Arrays.copyOf(SECRET.commitment(), 16));
        }
    }

    @Test
    void anAddressShowsNothingButItself() {
        SiteId id = SiteId.random(new Random(1)::nextBytes);
        for (String address : List.of("/mnt/\u001b[2J", "/mnt/a\n", "/mnt/\0", "/mnt/\u009b1m", "/mnt/\u007f")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Member(id, 0, "a", address, 1));
        }
        assertThat(new Member(id, 0, "a", "/mnt/Müller & Söhne", 1).address()).isEqualTo("/mnt/Müller & Söhne");
    }

    @Test
    void newerNumbersSortFirst() {
        List<String> keys = Stream.of(1L, 2L, 3L, 1L << 40, MemberKeys.MAX_NUMBER)
                .map(number -> MemberKeys.fresh(MemberKeys.KEYS, number, RANDOM::nextBytes)
                        .value())
                .toList();
        List<String> sorted = keys.stream().sorted().toList();
        assertThat(sorted.get(0)).isEqualTo(keys.get(4));
        assertThat(sorted.get(4)).isEqualTo(keys.get(0));
    }

    private static void assertKind(Kind kind, byte[] blob, FormatException.Kind expected) {
        assertThatThrownBy(() -> kind.genuine(blob))
                .isInstanceOfSatisfying(
                        FormatException.class, e -> assertThat(e.kind()).isEqualTo(expected));
    }

    private static boolean genuine(Kind kind, byte[] blob) {
        try {
            return kind.genuine(blob);
        } catch (FormatException e) {
            return false;
        }
    }

    private static void fixCrc(Kind kind, byte[] blob) {
        int crcOffset = kind == Kind.KEYS ? 40 : blob.length - 4;
        ByteBuffer.wrap(blob).putInt(crcOffset, MemberBlob.crc(blob, crcOffset));
    }

    private static Identity identity() {
        return new Identity(2, KeepId.of(SECRET), new SiteId("0123456789abcdef0123456789abcdef"), 1);
    }

    private static SiteCapabilities capabilities() {
        Map<Promise, String> broken = Map.of(Promise.LONG_KEYS, "one of 1000 was refused");
        Capabilities found = new Capabilities(1_763_700_000_000_000L, 500, Races.PROVEN, 100, broken);
        return new SiteCapabilities(KeepId.of(SECRET), identity().siteId(), found);
    }

    private static WrappedKeys keys() {
        KeySlot slot = new KeySlot(new KeyUri("local:photos"), new byte[] {0, 0, 0, 1}, new byte[40]);
        return new WrappedKeys(KeepId.of(SECRET), 3, List.of(slot));
    }

    private static Configuration configuration() {
        Random fixed = new Random(2);
        List<Member> members = Stream.of("a", "b", "c")
                .map(name -> new Member(SiteId.random(fixed::nextBytes), name.charAt(0) - 'a', name, "/mnt/" + name, 1))
                .toList();
        NamespaceEntry namespace = NamespaceEntry.create("default", NamespaceMode.LWW, SECRET, fixed::nextBytes);
        Terms terms = new Terms(Profile.of(2, 1), Terms.DEFAULT_LEASE, 1_700_000_000_000_000L);
        Transition replacement = replacing(1, incoming(1, "b"));
        return new Configuration(KeepId.of(SECRET), 4, terms, members, Optional.of(replacement), List.of(namespace));
    }

    private static Transition replacing(int index, Member incoming) {
        return new Transition(
                Profile.of(2, 1), Optional.of(new Leaving(index, Departure.SERVING)), Optional.of(incoming));
    }

    private static Member incoming(int slice, String name) {
        return new Member(new SiteId("00112233445566778899aabbccddeeff"), slice, name, "/new/" + name, 5);
    }
}
