package io.slicekeep.register;

import static io.slicekeep.register.TestRealm.ID;
import static io.slicekeep.register.TestRealm.NOTE_BYTES;
import static io.slicekeep.register.TestRealm.ballot;
import static io.slicekeep.register.TestRealm.contents;
import static io.slicekeep.register.TestRealm.format;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.WriterId;
import io.slicekeep.store.MemoryStore;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegisterFormatTest {
    private final RegisterFormat format = format(1);
    private final byte[] sealed = format.seal(ID, ballot(7), Phase.ACCEPTED, contents(2, 5));
    private final RegisterKey accepted = format.acceptedKey(ID, ballot(7), contents(2, 5));

    @ParameterizedTest
    @EnumSource
    void aKeyIsReadAsItWasMade(Phase phase) {
        RegisterKey key = format.key(ID, ballot(7), phase);
        assertThat(format.open(ID, key.key())).contains(key);
        assertThat(format.blobsOf(ID).matches(key.key())).isTrue();
        assertThat(format.open(ID, accepted.key())).contains(accepted);
    }

    @Test
    void everyAlteredKeyIsIgnored() {
        String key = accepted.key().value();
        for (int i = 0; i < key.length(); i++) {
            for (char other : "0z~123!=".toCharArray()) {
                String altered = key.substring(0, i) + other + key.substring(i + 1);
                if (other != key.charAt(i)) {
                    assertThat(format.open(ID, BlobKey.of(altered))).as(altered).isEmpty();
                }
            }
        }
    }

    @Test
    void aKeyOfAnotherRegisterOrRealmIsIgnored() {
        RegisterId other = new RegisterId("a/c");
        String moved = accepted.key().value().replace("r/a/b!", "r/a/c!");
        assertThat(format.open(other, BlobKey.of(moved))).isEmpty();
        assertThat(format.open(other, accepted.key())).isEmpty();
        assertThat(format(2).open(ID, accepted.key())).isEmpty();
    }

    @Test
    void keysSortHighestBallotFirstAndBeforeThoseOfTheFolder() {
        BlobKey low = format.key(ID, new Ballot(7, new WriterId(1, 0)), Phase.ACCEPTED)
                .key();
        BlobKey higherProposer =
                format.key(ID, new Ballot(7, new WriterId(-1, 0)), Phase.BID).key();
        BlobKey higherNumber =
                format.key(ID, new Ballot(8, new WriterId(0, 0)), Phase.BID).key();
        BlobKey below =
                format.key(new RegisterId("a/b/c"), ballot(9), Phase.BID).key();
        assertThat(List.of(higherNumber, higherProposer, low, below)).isSorted();
        assertThat(new Ballot(7, new WriterId(-1, 0)).isAbove(new Ballot(7, new WriterId(1, 0))))
                .isTrue();
    }

    @Test
    void aBlobOpensOnlyInItsPlace() throws Exception {
        assertThat(format.open(ID, accepted, sealed)).isEqualTo(contents(2, 5));
        RegisterKey otherBallot = format.acceptedKey(ID, ballot(8), contents(2, 5));
        RegisterKey otherPhase = format.key(ID, ballot(7), Phase.CREATED);
        assertThatThrownBy(() -> format.open(ID, otherBallot, sealed)).isInstanceOf(IntegrityException.class);
        assertThatThrownBy(() -> format.open(ID, otherPhase, sealed)).isInstanceOf(IntegrityException.class);
        assertThatThrownBy(() -> format.open(new RegisterId("a"), accepted, sealed))
                .isInstanceOf(IntegrityException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 50})
    void aKeyTellsWhatTheValueBeginsWith(int valueBytes) {
        Bytes value = contents(2, valueBytes).value();
        RegisterKey key = format.acceptedKey(ID, ballot(7), contents(2, valueBytes));
        assertThat(key.note()).isEqualTo(value.first(Math.min(NOTE_BYTES, valueBytes)));
        assertThat(format.open(ID, key.key())).contains(key);
        assertThat(format.idIn(key.key())).contains(ID);
    }

    @Test
    void aNoteHasAtMost34Bytes() {
        OpenSecret secret = OpenSecret.random(KeyContext.EMPTY, bytes -> {});
        assertThatThrownBy(() -> RegisterFormat.of("", secret, 35)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RegisterFormat.of("", secret, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anotherBlobOfTheSameBallotIsNotTheOneThatTheKeyNames() {
        byte[] other = format.seal(ID, ballot(7), Phase.ACCEPTED, contents(2, 6));
        assertThatThrownBy(() -> format.open(ID, accepted, other)).isInstanceOf(IntegrityException.class);
    }

    @Test
    void everyFlippedBitOfABlobIsRefused() {
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> format.open(ID, accepted, flipped)).isInstanceOf(IntegrityException.class);
        }
    }

    @Test
    void aBlobThatIsTooLongIsNotRead() throws Exception {
        try (MemoryStore store = new MemoryStore();
                BlobSink sink = store.create(accepted.key())) {
            sink.write(ByteBuffer.allocate(RegisterFormat.MAX_BLOB_BYTES + 1));
            sink.commit();
            assertThatThrownBy(() -> new RegisterBlobs(format, ID).read(store, accepted))
                    .isInstanceOf(IntegrityException.class)
                    .hasMessageContaining("bytes=65537");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a!b", "", "/a", "a/", "a//b", "..", "a b"})
    void anIdThatKeysCannotHoldIsRefused(String id) {
        assertThatThrownBy(() -> new RegisterId(id)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLongestIdFitsIntoAKey() {
        String folders = ("f".repeat(249) + "/").repeat(2) + "g".repeat(209) + "/";
        RegisterId longest = new RegisterId(folders + "x".repeat(150));
        assertThat(longest.value()).hasSize(860);
        RegisterFormat inNamespace =
                RegisterFormat.of("n/" + "0".repeat(32) + "/", OpenSecret.random(KeyContext.EMPTY, bytes -> {}), 34);
        BlobKey key =
                inNamespace.acceptedKey(longest, ballot(1), contents(1, 34)).key();
        assertThat(key.value()).hasSizeLessThanOrEqualTo(BlobKey.MAX_KEY_BYTES);
        assertThatThrownBy(() -> new RegisterId(folders + "x".repeat(151)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RegisterId("x".repeat(151))).isInstanceOf(IllegalArgumentException.class);
    }
}
