package io.slicekeep.sealed;

import static io.slicekeep.sealed.Fixtures.ring;
import static io.slicekeep.sealed.Fixtures.seeded;
import static io.slicekeep.sealed.Fixtures.sourceOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobId;
import io.slicekeep.chunk.ChunkKeys;
import io.slicekeep.chunk.ChunkOpener;
import io.slicekeep.crypto.BulkProvider;
import io.slicekeep.crypto.Hkdf;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.format.v1.SealedHeader;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyPurpose;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SlotArea;
import io.slicekeep.sealed.Salamander.Lock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Nobody can make a blob that two keys open: not by its slots, and not by its body. */
class SalamanderTest {
    private static final String ALICE = "PAY 100 EUR TO ALICE";
    private static final String MALLORY = "PAY 9,999,999 EUR TO MALLORY";
    private static final byte[] SALT = seeded(5).bytes(24);

    private final KeyRing ring = ring(1);
    private final BlobId id = BlobId.random(seeded(2));
    private final KeyContext context = KeyContext.EMPTY.withBlob(id.bytes());
    private final OpenSecret first = OpenSecret.random(context, seeded(3));
    private final OpenSecret second = OpenSecret.random(context, seeded(4));
    private final SealedHeader header = new SealedHeader(id, 128);

    /** The generator works: plain AES-GCM, one nonce, two keys, no complaint. */
    @Test
    void oneCiphertextOpensUnderTwoKeysInAFormatThatDoesNotCommit() throws GeneralSecurityException {
        byte[] nonce = seeded(6).bytes(12);
        Lock one = new Lock(seeded(7).bytes(32), nonce);
        Lock two = new Lock(seeded(8).bytes(32), nonce);
        byte[] forged = Salamander.forge(one, ALICE, two, MALLORY);
        assertThat(text(one.open(forged))).startsWith(ALICE);
        assertThat(text(two.open(forged))).contains(MALLORY).doesNotContain(ALICE);
    }

    /** The chunks alone would not help: AES-GCM is what it is. */
    @Test
    void ourChunksAloneWouldOpenUnderBoth() throws GeneralSecurityException, IOException {
        byte[] forged = forgedChunk();
        assertThat(text(openChunk(first, forged))).startsWith(ALICE);
        assertThat(text(openChunk(second, forged))).contains(MALLORY);
    }

    @Test
    void aForgedBodyOpensUnderTheOneSecretThatItCommitsTo() throws GeneralSecurityException, IOException {
        byte[] commitment = keys(first).commitment();
        byte[] forged = forged(commitment, first);
        try (SealedSource source = SealedSource.open(sourceOf(forged), first, id, commitment)) {
            assertThat(text(Fixtures.readAll(source))).startsWith(ALICE);
        }
        assertThatThrownBy(() -> SealedSource.open(sourceOf(forged), second, id, commitment))
                .isInstanceOf(IntegrityException.class);
        assertThatThrownBy(() -> SealedSource.open(
                        sourceOf(forged), second, id, keys(second).commitment()))
                .isInstanceOf(IntegrityException.class);
    }

    /** The attack of CVE-2025-14763: the wrapped key beside the data is replaced. */
    @Test
    void aSwappedSlotDoesNotMakeItOpenToTheOtherMessage() throws GeneralSecurityException, IOException {
        byte[] commitment = keys(first).commitment();
        assertThat(text(Fixtures.open(forged(commitment, first), ring))).startsWith(ALICE);
        byte[] swapped = forged(commitment, second);
        assertThatThrownBy(() -> Fixtures.open(swapped, ring)).isInstanceOf(KeyUnavailableException.class);
    }

    /** Flipping the commitment along with the slot makes another blob, which a reader who knows the first refuses. */
    @Test
    void whoKnowsTheCommitmentIsNotGivenTheOtherMessage() throws GeneralSecurityException, IOException {
        byte[] other = forged(keys(second).commitment(), second);
        assertThat(text(Fixtures.open(other, ring))).contains(MALLORY);
        assertThatThrownBy(() -> SealedSource.open(
                        sourceOf(other), first, id, keys(first).commitment()))
                .isInstanceOf(IntegrityException.class);
    }

    private byte[] forged(byte[] commitment, OpenSecret wrapped) throws GeneralSecurityException, IOException {
        byte[] slotArea = SlotArea.encode(ring.wrap(wrapped), 128);
        byte[] head = new SealedHead(header, slotArea, SALT, commitment).bytes();
        byte[] chunk = forgedChunk();
        byte[] sealed = Arrays.copyOf(head, head.length + chunk.length);
        System.arraycopy(chunk, 0, sealed, head.length, chunk.length);
        return sealed;
    }

    private byte[] forgedChunk() throws GeneralSecurityException {
        return Salamander.forge(lock(first), ALICE, lock(second), MALLORY);
    }

    /** Key and first nonce of a body, derived as docs/FORMAT.md section 3 says. */
    private Lock lock(OpenSecret secret) {
        byte[] label = "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0".getBytes(StandardCharsets.US_ASCII);
        byte[] bound = header.bodyContext(secret.context());
        byte[] info = ByteBuffer.allocate(label.length + SALT.length + bound.length)
                .put(label)
                .put(SALT)
                .put(bound)
                .array();
        byte[] derived = Hkdf.SHA512.expand(secret.derive(KeyPurpose.DATA).unsafeBytes(), info, 76);
        return new Lock(Arrays.copyOf(derived, 32), Arrays.copyOfRange(derived, 32, 44));
    }

    private ChunkKeys keys(OpenSecret secret) {
        return SealedHead.deriveKeys(secret, header, SALT);
    }

    private byte[] openChunk(OpenSecret secret, byte[] chunk) throws IntegrityException {
        ByteBuffer opened = ByteBuffer.allocate(chunk.length - 16);
        new ChunkOpener(keys(secret), BulkProvider.get(), id).open(0, ByteBuffer.wrap(chunk), opened);
        return opened.array();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
