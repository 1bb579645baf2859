package io.slicekeep.sealed;

import static io.slicekeep.sealed.Fixtures.open;
import static io.slicekeep.sealed.Fixtures.plaintext;
import static io.slicekeep.sealed.Fixtures.ring;
import static io.slicekeep.sealed.Fixtures.seal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.FormatException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyProvider;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.SecretBytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewrapTest {
    private final KeyRing former = ring(1);
    private final KeyRing next = ring(2);

    @TempDir
    private Path folder;

    @Test
    void onlyTheSlotAreaChangesAndOnlyTheNewKeysOpen() throws IOException {
        byte[] before = seal(plaintext(40_000), former, SealOptions.DEFAULT);
        byte[] after = rewrapped(before, former, next, KeyContext.EMPTY);
        assertThat(open(after, next)).isEqualTo(plaintext(40_000));
        assertThatThrownBy(() -> open(after, former)).isInstanceOf(KeyUnavailableException.class);
        assertThat(after).hasSameSizeAs(before);
        assertThat(Arrays.copyOf(after, 64)).isEqualTo(Arrays.copyOf(before, 64));
        assertThat(Arrays.copyOfRange(after, 64 + 4096, after.length))
                .isEqualTo(Arrays.copyOfRange(before, 64 + 4096, before.length));
    }

    /** What a rewrap cannot do, and docs/THREAT-MODEL.md says so. */
    @Test
    void aCopyOfTheFormerSlotAreaGoesOnOpening() throws IOException {
        byte[] before = seal(plaintext(100), former, SealOptions.DEFAULT);
        byte[] after = rewrapped(before, former, next, KeyContext.EMPTY);
        System.arraycopy(before, 64, after, 64, 4096);
        assertThat(open(after, former)).isEqualTo(plaintext(100));
    }

    @Test
    void theContextOfTheSealingIsNeeded() throws IOException {
        KeyContext gold = KeyContext.of(Map.of("class", "gold"));
        byte[] sealed = seal(plaintext(100), former, SealOptions.DEFAULT.withContext(gold));
        assertUnchangedAfter(KeyUnavailableException.class, sealed, former, next);
        byte[] after = rewrapped(sealed, former, next, gold);
        assertThat(Fixtures.readAll(Sealed.reader(Fixtures.channelOf(after), next, gold)))
                .isEqualTo(plaintext(100));
    }

    @Test
    void aFileThatTheKeysDoNotOpenIsLeftAlone() throws IOException {
        byte[] sealed = seal(plaintext(100), former, SealOptions.DEFAULT);
        assertUnchangedAfter(KeyUnavailableException.class, sealed, ring(3), next);
        assertUnchangedAfter(FormatException.class, new byte[5000], former, next);
    }

    @Test
    void slotsThatDoNotFitLeaveTheFileAlone() throws IOException {
        KeyRing large = KeyRing.of(new OneWay(5000));
        byte[] sealed = seal(plaintext(100), former, SealOptions.DEFAULT);
        assertUnchangedAfter(IllegalArgumentException.class, sealed, former, large);
    }

    @Test
    void keysThatDoNotOpenWhatTheyWrapLeaveTheFileAlone() throws IOException {
        KeyRing oneWay = KeyRing.of(new OneWay(40));
        byte[] sealed = seal(plaintext(100), former, SealOptions.DEFAULT);
        assertUnchangedAfter(KeyUnavailableException.class, sealed, former, oneWay);
    }

    private void assertUnchangedAfter(Class<? extends Exception> refusal, byte[] sealed, KeyRing from, KeyRing to)
            throws IOException {
        Path file = Files.write(folder.resolve("file"), sealed);
        try (FileChannel channel = channel(file)) {
            assertThatThrownBy(() -> Sealed.rewrap(channel, from, to, KeyContext.EMPTY))
                    .isInstanceOf(refusal);
            assertThat(channel.isOpen()).isTrue();
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(sealed);
    }

    private byte[] rewrapped(byte[] sealed, KeyRing from, KeyRing to, KeyContext context) throws IOException {
        Path file = Files.write(folder.resolve("file"), sealed);
        try (FileChannel channel = channel(file)) {
            Sealed.rewrap(channel, from, to, context);
        }
        return Files.readAllBytes(file);
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** A key that wraps and does not open. */
    private record OneWay(int wrappedBytes) implements KeyProvider {
        @Override
        public KeyUri uri() {
            return new KeyUri("one-way:");
        }

        @Override
        public KeySlot wrap(SecretBytes secret, KeyContext context) {
            return new KeySlot(uri(), new byte[0], new byte[wrappedBytes]);
        }

        @Override
        public Opened unwrap(KeySlot slot, KeyContext context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkHealth() {}

        @Override
        public void close() {}
    }
}
