package io.slicekeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.KeepDescription.Access;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.kms.local.LocalKeystore;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a keep: created, opened, adopted, its keys changed. */
class KeepTest {
    private static final KeyRing PASSPHRASE = Fixture.passphrase("correct horse");

    @TempDir
    private Path folder;

    private Fixture fixture;

    @BeforeEach
    void fixture() {
        fixture = new Fixture(folder);
    }

    @Test
    void aCreatedKeepIsCompleteAndOpensAgain() throws IOException {
        String id;
        try (Keep keep = fixture.create(PASSPHRASE)) {
            KeepDescription description = keep.description();
            id = description.keepId();
            assertThat(description.access()).isEqualTo(Access.COMPLETE);
            assertThat(description.profile()).isEqualTo(Fixture.PROFILE);
            assertThat(description.verified()).isTrue();
            assertThat(description.epoch()).isEqualTo(1);
            assertThat(description.slots()).extracting(KeySlot::uri).containsExactly(new KeyUri("passphrase:"));
        }
        try (Keep keep = Keep.open(fixture.keepFile, PASSPHRASE)) {
            assertThat(keep.description().keepId()).isEqualTo(id);
            assertThat(keep.description().sites())
                    .extracting(KeepDescription.SiteState::name)
                    .containsExactly("a", "b", "c", "d", "e", "f");
        }
    }

    @Test
    void closingTwiceIsHarmless() throws IOException {
        Keep keep = fixture.create(PASSPHRASE);
        keep.close();
        keep.close();
    }

    @Test
    void sitesAreClosedWhenNobodyWorksOnThemAnyMore() throws IOException {
        fixture.create(PASSPHRASE).close();
        PrintStream err = System.err;
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
        try {
            for (int round = 0; round < 60; round++) {
                putInterruptedAfter(round * 20_000);
            }
        } finally {
            System.setErr(err);
        }
        assertThat(complaints.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    /** Interrupts a put at some moment, and closes the keep at once. */
    private void putInterruptedAfter(int spins) throws IOException {
        Thread putter = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            for (int spin = 0; spin < spins; spin++) {
                Thread.onSpinWait();
            }
            putter.interrupt();
        });
        try (Keep keep = Keep.open(fixture.keepFile, PASSPHRASE);
                Sink sink = keep.objects().create(ObjectName.of("x"), PutOptions.NONE)) {
            interrupter.start();
            sink.commit();
        } catch (InterruptedIOException | UnavailableException | OutcomeUnknownException e) {
            // It was interrupted before it was done; what matters is what the sites say behind it.
        }
        while (interrupter.isAlive() || !Thread.interrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theKeepMovesAlongWithItsSites() throws IOException {
        fixture.create(PASSPHRASE).close();
        assertThat(fixture.keepFile).content().contains("a = \"a\"").doesNotContain(folder.toString());
        Path elsewhere = Files.move(folder, folder.resolveSibling("elsewhere-" + folder.getFileName()));
        try (Keep keep = Keep.open(elsewhere.resolve("my.keep"), PASSPHRASE)) {
            assertThat(keep.description().access()).isEqualTo(Access.COMPLETE);
        } finally {
            Files.move(elsewhere, folder);
        }
    }

    @Test
    void aWrongPassphraseDoesNotOpen() throws IOException {
        fixture.create(PASSPHRASE).close();
        assertThatThrownBy(() -> Keep.open(fixture.keepFile, Fixture.passphrase("battery staple")))
                .isInstanceOfSatisfying(KeyUnavailableException.class, e -> {
                    assertThat(e.reason()).isEqualTo(KeyUnavailableException.Reason.WRONG_KEY);
                    assertThat(e.getMessage())
                            .contains("wrong key or passphrase")
                            .doesNotContain("staple");
                });
    }

    @Test
    void aKeyThatTheFileDoesNotListIsNotAsked() throws IOException {
        fixture.create(PASSPHRASE).close();
        fixture.edit("keys = [\"passphrase:\"]", "keys = [\"local:photos\"]");
        assertThatThrownBy(() -> Keep.open(fixture.keepFile, PASSPHRASE))
                .isInstanceOfSatisfying(KeyUnavailableException.class, e -> {
                    assertThat(e.reason()).isEqualTo(KeyUnavailableException.Reason.NO_SUCH_KEY);
                    assertThat(e.getMessage()).contains("my.keep lists the keys [local:photos]");
                });
    }

    @Test
    void anotherKeepsIdIsRefused() throws IOException {
        String id;
        try (Keep keep = fixture.create(PASSPHRASE)) {
            id = keep.description().keepId();
        }
        fixture.edit(id, "0".repeat(32));
        assertThatThrownBy(() -> Keep.open(fixture.keepFile, PASSPHRASE))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("it is a site of another keep, " + id);
    }

    @Test
    void aHigherEpochThanTheSitesKnowIsRefused() throws IOException {
        fixture.create(PASSPHRASE).close();
        fixture.edit("epoch = 1", "epoch = 2");
        assertThatThrownBy(() -> Keep.open(fixture.keepFile, PASSPHRASE))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("epoch 2 was seen before");
    }

    @Test
    void anExistingKeepFileIsNotOverwrittenUnlessTold() throws IOException {
        fixture.create(PASSPHRASE).close();
        byte[] before = Files.readAllBytes(fixture.keepFile);
        Fixture other = new Fixture(Files.createDirectory(folder.resolve("other")));
        KeepSpec spec = new KeepSpec(Fixture.PROFILE, other.sites(6));
        assertThatThrownBy(() -> Keep.create(fixture.keepFile, spec, PASSPHRASE, KeepOptions.DEFAULT))
                .isInstanceOf(KeepFileException.class)
                .hasMessageContaining("exists and is not overwritten");
        assertThat(Files.readAllBytes(fixture.keepFile)).isEqualTo(before);
        assertThat(other.site("a")).doesNotExist();
        KeepOptions replacing = KeepOptions.DEFAULT.withExistingFile(KeepOptions.ExistingFile.REPLACE);
        Keep.create(fixture.keepFile, spec, PASSPHRASE, replacing).close();
    }

    @Test
    void aProfileThatDoesNotFitTheSitesNamesOneThatDoes() {
        List<SitePath> five = fixture.sites(5);
        assertThatThrownBy(() -> new KeepSpec(Fixture.PROFILE, five))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("profile 4+2 needs 6 sites")
                .hasMessageContaining("5 are given: 3+2 would fit");
    }

    @Test
    void sitesInOneAnotherOrTwiceAreRefused() throws IOException {
        Files.createDirectory(folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
        KeepSpec spec = new KeepSpec(
                Profile.of(2, 2),
                List.of(
                        new SitePath("a", folder.resolve("real")),
                        new SitePath("b", folder.resolve("link")),
                        new SitePath("c", folder.resolve("real/inner/deep")),
                        new SitePath("d", folder.resolve("x/../y"))));
        assertThatThrownBy(() -> Keep.create(fixture.keepFile, spec, PASSPHRASE, KeepOptions.DEFAULT))
                .isInstanceOfSatisfying(
                        SetupException.class,
                        e -> assertThat(e.problems())
                                .hasSize(3)
                                .anyMatch(problem -> problem.contains("a and b are the same directory"))
                                .anyMatch(problem -> problem.contains("lies within a"))
                                .anyMatch(problem -> problem.contains("lies within b")));
        assertThat(folder.resolve("y")).doesNotExist();
    }

    @Test
    void aKeepFileWithinASiteIsRefused() {
        List<SitePath> sites = List.of(new SitePath("a", folder));
        assertThatThrownBy(() -> Keep.create(
                        fixture.keepFile, new KeepSpec(Profile.of(1, 0), sites), PASSPHRASE, KeepOptions.DEFAULT))
                .isInstanceOf(SetupException.class)
                .hasMessageContaining("the keep file would lie within site a");
    }

    @Test
    void directoriesInUseAreRefusedAndEachIsNamed() throws IOException {
        Files.createDirectory(fixture.site("b"));
        Files.writeString(fixture.site("b").resolve("letter.txt"), "dear");
        Files.writeString(fixture.site("d"), "a file");
        assertThatThrownBy(() -> fixture.create(PASSPHRASE))
                .isInstanceOfSatisfying(
                        SetupException.class,
                        e -> assertThat(e.problems())
                                .hasSize(2)
                                .anyMatch(problem -> problem.startsWith("b: ") && problem.contains("letter.txt"))
                                .anyMatch(problem -> problem.startsWith("d: ")));
        assertThat(fixture.site("b").resolve("letter.txt")).hasContent("dear");
        assertThat(fixture.keepFile).doesNotExist();
    }

    @Test
    void sitesOfAnotherKeepAreNotTakenOver() throws IOException {
        fixture.create(PASSPHRASE).close();
        Files.delete(fixture.keepFile);
        assertThatThrownBy(() -> fixture.create(PASSPHRASE))
                .hasMessageContaining("it is already a site of keep")
                .hasMessageContaining("adopt");
    }

    @Test
    void aCreationThatStoppedMidwayIsRepeated() throws IOException {
        // Killed after the third identity's temporary file: stores, keys and configurations stand, identities do not.
        fixture.create(PASSPHRASE).close();
        Files.delete(fixture.keepFile);
        for (SitePath site : fixture.sites(6)) {
            Files.delete(site.directory().resolve("site"));
        }
        Fixture.deleteTree(fixture.site("f"));
        Files.createDirectory(fixture.site("f"));
        try (Keep keep = fixture.create(PASSPHRASE)) {
            assertThat(keep.description().access()).isEqualTo(Access.COMPLETE);
        }
    }

    @Test
    void aLostKeepFileIsRebuiltFromSitesInAnyOrder() throws IOException {
        String id;
        try (Keep keep = fixture.create(PASSPHRASE)) {
            id = keep.description().keepId();
        }
        String before = Files.readString(fixture.keepFile);
        Files.delete(fixture.keepFile);
        List<Path> directories = List.of(
                fixture.site("e"),
                fixture.site("b"),
                fixture.site("a"),
                fixture.site("f"),
                fixture.site("d"),
                fixture.site("c"));
        try (Keep keep = Keep.adopt(fixture.keepFile, directories, PASSPHRASE, KeepOptions.DEFAULT)) {
            assertThat(keep.description().keepId()).isEqualTo(id);
            assertThat(keep.description().access()).isEqualTo(Access.COMPLETE);
        }
        assertThat(fixture.keepFile).hasContent(before);
    }

    @Test
    void adoptingMovedAndMissingSitesNamesThem() throws IOException {
        fixture.create(PASSPHRASE).close();
        Files.delete(fixture.keepFile);
        Fixture.deleteTree(fixture.site("b"));
        Files.move(fixture.site("a"), fixture.site("b"));
        List<Path> directories =
                List.of(fixture.site("b"), fixture.site("c"), fixture.site("d"), fixture.site("e"), fixture.site("f"));
        try (Keep keep = Keep.adopt(fixture.keepFile, directories, PASSPHRASE, KeepOptions.DEFAULT)) {
            assertThat(keep.description().access()).isEqualTo(Access.DEGRADED);
            assertThat(keep.description().sites().get(0).directory()).isEqualTo(fixture.site("b"));
            assertThat(keep.description().sites().get(1).away().orElseThrow()).contains("no path is given for it");
        }
        try (Keep keep = Keep.open(fixture.keepFile, PASSPHRASE)) {
            assertThat(keep.description().access()).isEqualTo(Access.DEGRADED);
        }
    }

    @Test
    void adoptingNeedsTheKeysAndLeavesNoFileWithoutThem() throws IOException {
        fixture.create(PASSPHRASE).close();
        Files.delete(fixture.keepFile);
        List<Path> directories =
                fixture.sites(6).stream().map(SitePath::directory).toList();
        assertThatThrownBy(() ->
                        Keep.adopt(fixture.keepFile, directories, Fixture.passphrase("wrong"), KeepOptions.DEFAULT))
                .isInstanceOf(KeyUnavailableException.class);
        assertThat(fixture.keepFile).doesNotExist();
    }

    @Test
    void aChangedPassphraseOpensAndTheFormerOneNoLonger() throws IOException {
        KeyRing changed = Fixture.passphrase("changed");
        try (Keep keep = fixture.create(PASSPHRASE)) {
            KeyChange change = keep.replaceKeys(changed, Set.of());
            assertThat(change.outdated()).isEmpty();
            assertThat(change.generation()).isEqualTo(2);
            assertThat(keep.description().keysGeneration()).isEqualTo(2);
        }
        Keep.open(fixture.keepFile, changed).close();
        assertThatThrownBy(() -> Keep.open(fixture.keepFile, PASSPHRASE)).isInstanceOf(KeyUnavailableException.class);
    }

    @Test
    void rotatingALocalKeyChangesOneSmallFileAtEachSite() throws IOException {
        LocalKeystore keystore = LocalKeystore.create(folder.resolve("my.keys"));
        keystore.addKey("photos");
        KeyRing local = KeyRing.of(keystore.provider("photos"));
        try (Keep keep = fixture.create(local)) {
            Map<String, byte[]> before = Fixture.tree(fixture.site("c"));
            keystore.rotate("photos");
            assertThat(keep.rotateKeys().outdated()).isEmpty();
            Map<String, byte[]> after = Fixture.tree(fixture.site("c"));
            assertThat(after).hasSameSizeAs(before);
            before.keySet().removeIf(file -> file.startsWith("keys@/"));
            assertThat(after.keySet().stream().filter(file -> !before.containsKey(file)))
                    .singleElement()
                    .asString()
                    .startsWith("keys@/");
            before.forEach((file, bytes) -> assertThat(after.get(file)).as(file).isEqualTo(bytes));
        }
        keystore.setState("photos", 1, io.slicekeep.kms.local.KeyVersion.State.DESTROYED);
        Keep.open(fixture.keepFile, local).close();
    }

    @Test
    void aSecondKeyIsListedInTheFileAndADroppedOneIsNot() throws IOException {
        LocalKeystore keystore = LocalKeystore.create(folder.resolve("my.keys"));
        KeyUri local = keystore.addKey("photos");
        KeyRing ring = KeyRing.of(keystore.provider("photos"));
        try (Keep keep = fixture.create(PASSPHRASE)) {
            assertThat(keep.replaceKeys(ring, Set.of()).keys())
                    .containsExactlyInAnyOrder(local, new KeyUri("passphrase:"));
        }
        try (Keep keep = Keep.open(fixture.keepFile, ring)) {
            assertThat(keep.replaceKeys(ring, Set.of(new KeyUri("passphrase:"))).keys())
                    .containsExactly(local);
        }
        assertThat(fixture.keepFile).content().contains("keys = [\"local:photos\"]");
        assertThatThrownBy(() -> Keep.open(fixture.keepFile, PASSPHRASE)).isInstanceOf(KeyUnavailableException.class);
    }

    @Test
    void aSiteThatMissedAChangeOfKeysIsNotedUntilTheNextRotation() throws IOException {
        fixture.create(PASSPHRASE).close();
        KeyRing changed = Fixture.passphrase("changed");
        Files.move(fixture.site("b"), folder.resolve("unplugged"));
        try (Keep keep = Keep.open(fixture.keepFile, PASSPHRASE)) {
            assertThat(keep.replaceKeys(changed, Set.of()).outdated()).containsOnlyKeys("b");
        }
        Files.move(folder.resolve("unplugged"), fixture.site("b"));
        try (Keep keep = Keep.open(fixture.keepFile, changed)) {
            assertThat(keep.description().sites().get(1).note().orElseThrow()).contains("rotate the keys");
            assertThat(keep.rotateKeys().outdated()).isEmpty();
            assertThat(keep.description().sites().get(1).note()).isEmpty();
        }
    }

    @Test
    void aLookNeedsNoKey() throws IOException {
        fixture.create(PASSPHRASE).close();
        Fixture.deleteTree(fixture.site("d"));
        KeepDescription description = Keep.inspect(fixture.keepFile, KeepOptions.DEFAULT);
        assertThat(description.verified()).isFalse();
        assertThat(description.access()).isEqualTo(Access.DEGRADED);
        assertThat(description.profile()).isEqualTo(Fixture.PROFILE);
        assertThat(description.slots()).hasSize(1);
    }
}
