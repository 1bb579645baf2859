package io.slicekeep.sealed;

import static io.slicekeep.sealed.Fixtures.plaintext;
import static io.slicekeep.sealed.Fixtures.readAll;
import static io.slicekeep.sealed.Fixtures.seeded;
import static io.slicekeep.sealed.Fixtures.sourceOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobId;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobSealerTest {
    private final BlobId id = BlobId.random(seeded(1));
    private final OpenSecret secret = OpenSecret.random(KeyContext.EMPTY.withBlob(id.bytes()), seeded(2));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16383, 16384, 16385, 32767, 32768, 32769, 65536, 1 << 20, (1 << 20) + 5000, 3 << 20})
    void whatIsSealedIsReadBack(int bytes) throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        BlobSealer sealer = BlobSealer.create(Channels.newChannel(target), secret, id, seeded(3));
        byte[] commitment = sealer.commitment();
        try (sealer) {
            sealer.write(ByteBuffer.wrap(plaintext(bytes)));
            sealer.finish();
        }
        try (SealedSource source = SealedSource.open(sourceOf(target.toByteArray()), secret, id, commitment)) {
            assertThat(source.length()).isEqualTo(bytes);
            assertThat(readAll(source)).isEqualTo(plaintext(bytes));
        }
    }
}
