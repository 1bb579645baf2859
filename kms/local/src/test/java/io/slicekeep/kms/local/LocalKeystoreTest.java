package io.slicekeep.kms.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slicekeep.error.FormatException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyProvider;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.kms.local.KeyVersion.State;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalKeystoreTest {
    private static final RandomSource RANDOM = RandomSource.secure();

    @TempDir
    private Path directory;

    private Path file;
    private LocalKeystore keystore;

    @BeforeEach
    void createKeystore() throws IOException {
        file = directory.resolve("my.keys");
        keystore = LocalKeystore.create(file);
    }

    @Test
    void onlyTheOwnerCanReadWhatIsCreated() throws IOException {
        keystore.addKey("photos");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files)
                    .hasSize(2)
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .isEqualTo("rw-------"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwx------", "rw-rw-rw-"})
    void aFileThatOthersCanReachIsRefusedWithTheRemedy(String mode) throws IOException {
        KeyProvider provider = keystore.provider(name(keystore.addKey("photos")));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        KeyUnavailableException refused = refusal(() -> LocalKeystore.open(file));
        assertThat(refused.reason()).isEqualTo(Reason.DENIED);
        assertThat(refused)
                .hasMessageContaining("chmod 600 " + file.toRealPath())
                .hasMessageContaining(mode);
        assertThat(refusal(() -> keystore.rotate("photos"))).hasMessage(refused.getMessage());
        assertThat(refusal(() -> provider.generate(KeyContext.KEEP, RANDOM))).hasMessage(refused.getMessage());

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertThat(LocalKeystore.open(file).list()).hasSize(1);
    }

    @Test
    void anExistingFileIsNeverOverwritten() throws IOException {
        keystore.addKey("photos");
        byte[] before = Files.readAllBytes(file);

        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> LocalKeystore.create(file));

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = directory.resolve("missing");

        KeyUnavailableException refused = refusal(() -> LocalKeystore.open(missing));

        assertThat(refused.reason()).isEqualTo(Reason.NO_SUCH_KEY);
        assertThat(refused).hasMessageContaining(missing.toString());
    }

    @Test
    void aFileThatVanishesIsNamedByTheProvider() throws IOException {
        KeyProvider provider = keystore.provider(name(keystore.addKey("photos")));
        Files.delete(file);

        assertThat(refusal(provider::checkHealth).reason()).isEqualTo(Reason.NO_SUCH_KEY);
        assertThat(refusal(() -> keystore.rotate("photos")).reason()).isEqualTo(Reason.NO_SUCH_KEY);
    }

    @Test
    void keysAreListedByNameAndVersion() throws IOException {
        assertThat(keystore.addKey("photos")).isEqualTo(new KeyUri("local:photos"));
        keystore.addKey("Archive.2026_x-y");
        keystore.addKey("photo");
        assertThat(keystore.rotate("photos")).isEqualTo(2);
        assertThat(keystore.rotate("photo")).isEqualTo(2);

        assertThat(LocalKeystore.open(file).list())
                .containsExactly(
                        new KeyVersion("Archive.2026_x-y", 1, State.ENABLED),
                        new KeyVersion("photo", 1, State.ENABLED),
                        new KeyVersion("photo", 2, State.ENABLED),
                        new KeyVersion("photos", 1, State.ENABLED),
                        new KeyVersion("photos", 2, State.ENABLED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a\n", "ä", "a:b"})
    void malformedNamesAreRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> keystore.addKey(name));
        assertThatIllegalArgumentException().isThrownBy(() -> keystore.provider(name));
    }

    @Test
    void aKeyIsAddedOnce() throws IOException {
        keystore.addKey("photos");
        assertThat(refusal(() -> keystore.addKey("photos")).reason()).isEqualTo(Reason.DENIED);
        assertThat(keystore.list()).hasSize(1);
    }

    @Test
    void aKeyThatIsNotThereIsNamed() {
        for (Callable<?> use : List.<Callable<?>>of(
                () -> keystore.rotate("photos"),
                () -> keystore.provider("photos").generate(KeyContext.KEEP, RANDOM),
                () -> {
                    keystore.setState("photos", 1, State.DISABLED);
                    return null;
                })) {
            KeyUnavailableException refused = refusal(use::call);
            assertThat(refused.reason()).isEqualTo(Reason.NO_SUCH_KEY);
            assertThat(refused)
                    .hasMessageContaining("photos")
                    .hasMessageContaining(file.getFileName().toString());
        }
    }

    @Test
    void afterRotatingTheNewVersionWrapsAndTheOldOneStillOpens() throws IOException {
        KeyProvider provider = keystore.provider(name(keystore.addKey("photos")));
        KeySlot old = provider.generate(KeyContext.KEEP, RANDOM).slot();

        LocalKeystore.open(file).rotate("photos");

        KeySlot rewrapped = provider.rewrap(old, KeyContext.KEEP);
        assertThat(version(old)).isEqualTo(1);
        assertThat(version(rewrapped)).isEqualTo(2);
        try (KeyProvider.Opened byOld = provider.unwrap(old, KeyContext.KEEP);
                KeyProvider.Opened byNew = provider.unwrap(rewrapped, KeyContext.KEEP)) {
            assertThat(byNew.secret().unsafeBytes()).isEqualTo(byOld.secret().unsafeBytes());
        }
    }

    @Test
    void afterRotatingACopyOfTheOldKeystoreDoesNotOpenTheNewSlots() throws IOException {
        KeyRing ring = KeyRing.of(keystore.provider(name(keystore.addKey("photos"))));
        Path copy = directory.resolve("copy");
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
        try (OpenSecret secret = ring.generate(KeyContext.KEEP, RANDOM);
                KeyRing stolen = KeyRing.of(LocalKeystore.open(copy).provider("photos"))) {
            keystore.rotate("photos");
            List<KeySlot> slots = ring.rewrap(secret);

            KeyUnavailableException refused =
                    refusal(() -> stolen.open(slots, KeyContext.KEEP, OpenSecret.committedTo(secret.commitment())));
            assertThat(refused).hasMessageContaining("version 2");
            KeySlot relabelled = new KeySlot(
                    slots.get(0).uri(),
                    secret.slots().get(0).info(),
                    slots.get(0).wrapped());
            assertThat(refusal(() -> stolen.open(
                                    List.of(relabelled), KeyContext.KEEP, OpenSecret.committedTo(secret.commitment())))
                            .reason())
                    .isEqualTo(Reason.WRONG_KEY);
        }
    }

    @Test
    void aDisabledVersionOpensNothingUntilItIsEnabledAgain() throws IOException {
        KeyProvider provider = keystore.provider(name(keystore.addKey("photos")));
        KeySlot slot = provider.generate(KeyContext.KEEP, RANDOM).slot();

        keystore.setState("photos", 1, State.DISABLED);
        assertThat(refusal(() -> provider.unwrap(slot, KeyContext.KEEP)).reason())
                .isEqualTo(Reason.DISABLED);
        assertThat(refusal(() -> provider.generate(KeyContext.KEEP, RANDOM)).reason())
                .isEqualTo(Reason.DISABLED);
        assertThat(refusal(provider::checkHealth).reason()).isEqualTo(Reason.DISABLED);

        keystore.setState("photos", 1, State.ENABLED);
        provider.unwrap(slot, KeyContext.KEEP).close();
    }

    @Test
    void aDestroyedVersionIsGoneFromTheFileForGood() throws IOException {
        KeyProvider provider = keystore.provider(name(keystore.addKey("photos")));
        KeySlot slot = provider.generate(KeyContext.KEEP, RANDOM).slot();
        keystore.rotate("photos");
        String key = keyOnLine(3);

        keystore.setState("photos", 1, State.DESTROYED);

        assertThat(Files.readString(file)).doesNotContain(key).contains("photos 1 destroyed -");
        assertThat(refusal(() -> provider.unwrap(slot, KeyContext.KEEP)).reason())
                .isEqualTo(Reason.DISABLED);
        assertThat(refusal(() -> keystore.setState("photos", 1, State.ENABLED)).reason())
                .isEqualTo(Reason.DISABLED);
        keystore.setState("photos", 1, State.DESTROYED);
        assertThat(keystore.rotate("photos")).isEqualTo(3);
    }

    @Test
    void changesOfManyThreadsAllCount() throws Exception {
        keystore.addKey("photos");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Integer>> work = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                work.add(() -> LocalKeystore.open(file).rotate("photos"));
            }
            List<Integer> versions = new ArrayList<>();
            for (Future<Integer> done : threads.invokeAll(work)) {
                versions.add(done.get());
            }
            assertThat(versions).doesNotHaveDuplicates().hasSize(40);
        } finally {
            threads.shutdownNow();
        }
        assertThat(keystore.list()).hasSize(41);
    }

    @Test
    void changesOfTwoProcessesAllCount() throws IOException, InterruptedException {
        keystore.addKey("photos");
        ChildJvm child = ChildJvm.start("-Xmx64m", Rotation.class, file.toString());
        while (child.running() && keystore.list().size() == 1) {
            Thread.onSpinWait();
        }
        Rotation.main(file.toString());

        assertThat(child.failure()).isEmpty();
        assertThat(keystore.list()).hasSize(1 + 2 * Rotation.TIMES);
    }

    /** Rotates a key many times. */
    static final class Rotation {
        static final int TIMES = 60;

        private Rotation() {}

        public static void main(String... arguments) throws IOException {
            LocalKeystore keystore = LocalKeystore.open(Path.of(arguments[0]));
            for (int i = 0; i < TIMES; i++) {
                keystore.rotate("photos");
            }
        }
    }

    @Test
    void aChangeThroughALinkReplacesTheFileAndNotTheLink() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);

        LocalKeystore.open(link).addKey("photos");

        assertThat(link).isSymbolicLink();
        assertThat(keystore.list()).hasSize(1);
    }

    @Test
    void whatACrashedWriterLeftIsReplaced() throws IOException {
        Path leftover = Files.writeString(directory.resolve(".my.keys.new"), "half a key");

        keystore.addKey("photos");

        assertThat(leftover).doesNotExist();
        assertThat(keystore.list()).hasSize(1);
    }

    @Test
    void aChangeThatFailsLeavesTheFileAsItWas() throws IOException {
        keystore.addKey("photos");
        byte[] before = Files.readAllBytes(file);
        // A directory in the place of the new file stands for every failure to write it.
        Files.createDirectories(directory.resolve(".my.keys.new").resolve("full"));

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> keystore.rotate("photos"));

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aKeystoreThatIsFullTakesNoMoreAndStaysReadable() throws IOException {
        List<KeystoreEntry> entries = new ArrayList<>();
        for (int version = 1; version <= 12_000; version++) {
            entries.add(KeystoreEntry.random("tenant", version, RANDOM));
        }
        try (Keystore full = new Keystore(entries)) {
            KeystoreFile keystoreFile = KeystoreFile.existing(file);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> keystoreFile.replace(full))
                    .withMessageContaining("the keystore is full");
        }
        assertThat(keystore.list()).isEmpty();
    }

    @Test
    void aDamagedFileIsNamedWithItsLine() throws IOException {
        KeyProvider provider = keystore.provider(name(keystore.addKey("photos")));
        Files.writeString(file, Files.readString(file).replace("enabled", "enable!"));

        String place = file.toRealPath() + ":3: ";
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> LocalKeystore.open(file))
                .withMessageContaining(place);
        KeyUnavailableException refused = refusal(() -> provider.generate(KeyContext.KEEP, RANDOM));
        assertThat(refused.retryable()).isFalse();
        assertThat(refused).hasMessageContaining(place);
    }

    @Test
    void nothingShowsAKey() throws IOException {
        KeyProvider provider = keystore.provider(name(keystore.addKey("photos")));
        String key = keyOnLine(3);

        try (Keystore read = KeystoreText.parse(Files.readAllBytes(file), "my.keys")) {
            assertThat(keystore + " " + provider + " " + keystore.list() + read.entries())
                    .doesNotContain(key);
        }
    }

    private String keyOnLine(int line) throws IOException {
        Matcher key = Pattern.compile(" ([0-9a-f]{64}) ")
                .matcher(Files.readAllLines(file).get(line - 1));
        assertThat(key.find()).isTrue();
        return key.group(1);
    }

    private static String name(KeyUri uri) {
        return uri.value().substring("local:".length());
    }

    private static int version(KeySlot slot) {
        return ByteBuffer.wrap(slot.info()).getInt();
    }

    private static KeyUnavailableException refusal(ThrowingCallable use) {
        KeyUnavailableException refusal = catchThrowableOfType(KeyUnavailableException.class, use);
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
