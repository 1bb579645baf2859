package io.slicekeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.KeepDescription.Access;
import io.slicekeep.KeepDescription.SiteState;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that are not what the keep file says. */
class KeepSitesTest {
    private static final KeyRing PASSPHRASE = Fixture.passphrase("correct horse");

    @TempDir
    private Path folder;

    private Fixture fixture;

    @BeforeEach
    void create() throws IOException {
        fixture = new Fixture(folder);
        fixture.create(PASSPHRASE).close();
    }

    @Test
    void aMissingDirectoryIsAway() throws IOException {
        Fixture.deleteTree(fixture.site("c"));
        assertAway("c", "is its disk mounted?");
    }

    @Test
    void anEmptyMountPointIsAwayAndStaysEmpty() throws IOException {
        Fixture.deleteTree(fixture.site("c"));
        Files.createDirectory(fixture.site("c"));
        assertAway("c", "empty", "is its disk mounted?");
        assertThat(fixture.site("c")).isEmptyDirectory();
    }

    @Test
    void anotherDirectoryIsAwayAndStaysUntouched() throws IOException {
        Fixture.deleteTree(fixture.site("c"));
        Files.createDirectory(fixture.site("c"));
        Files.writeString(fixture.site("c").resolve("letter.txt"), "dear");
        assertAway("c", "no Slicekeep store");
        assertThat(Fixture.tree(fixture.site("c"))).containsOnlyKeys("letter.txt");
    }

    @Test
    void aNewStoreIsAway() throws IOException {
        Fixture.deleteTree(fixture.site("c"));
        io.slicekeep.store.DirectoryStore.create(fixture.site("c")).close();
        assertAway("c", "no identity");
    }

    @Test
    void aSiteOfAnotherKeepIsAway() throws IOException {
        Fixture other = new Fixture(Files.createDirectory(folder.resolve("other")));
        String otherId;
        try (Keep keep = other.create(PASSPHRASE)) {
            otherId = keep.description().keepId();
        }
        Fixture.deleteTree(fixture.site("c"));
        Files.move(other.site("c"), fixture.site("c"));
        assertAway("c", "another keep", otherId);
    }

    @Test
    void swappedSitesAreAwayBothAndTheRemedyIsNamed() throws IOException {
        fixture.swap("b", "c");
        try (Keep keep = Keep.open(fixture.keepFile, PASSPHRASE)) {
            SiteState b = keep.description().sites().get(1);
            SiteState c = keep.description().sites().get(2);
            assertThat(b.away().orElseThrow())
                    .contains("it is site c of this keep, not b")
                    .contains("path of c");
            assertThat(c.away().orElseThrow()).contains("it is site b of this keep, not c");
            assertThat(keep.description().access()).isEqualTo(Access.POSSIBLY_STALE);
        }
    }

    @Test
    void aDamagedIdentityIsAway() throws IOException {
        Path identity = fixture.site("c").resolve("site");
        byte[] blob = Files.readAllBytes(identity);
        blob[50] ^= 4;
        Files.write(identity, blob);
        assertAway("c", "damaged");
    }

    @Test
    void linesOfTheFileMayStandInAnyOrder() throws IOException {
        fixture.edit("b = \"b\"\n", "");
        fixture.edit("[sites]\n", "[sites]\nb = \"b\"\n");
        try (Keep keep = Keep.open(fixture.keepFile, PASSPHRASE)) {
            assertThat(keep.description().access()).isEqualTo(Access.COMPLETE);
        }
    }

    @Test
    void aSiteThatTheFileForgotIsFoundWhereItJoined() throws IOException {
        fixture.edit("b = \"b\"\n", "");
        try (Keep keep = Keep.open(fixture.keepFile, PASSPHRASE)) {
            assertThat(keep.description().access()).isEqualTo(Access.COMPLETE);
        }
        Files.move(fixture.site("b"), fixture.site("moved"));
        assertAway("b", "it joined at " + fixture.site("b"), "give its path");
    }

    @Test
    void aNameThatTheKeepDoesNotHaveIsRefusedWithItsLine() throws IOException {
        fixture.edit("b = \"b\"\n", "bb = \"b\"\n");
        assertThatThrownBy(() -> Keep.open(fixture.keepFile, PASSPHRASE))
                .isInstanceOfSatisfying(KeepFileException.class, e -> {
                    assertThat(e.line()).isGreaterThan(1);
                    assertThat(e.getMessage())
                            .contains(
                                    "found the site name \"bb\", allowed are those that the keep has: a, b, c, d, e, f")
                            .contains("did you mean \"b\"?");
                });
    }

    @Test
    void fewerThanKSitesAreRefusedAndEachIsNamed() throws IOException {
        for (String name : new String[] {"a", "c", "e"}) {
            Fixture.deleteTree(fixture.site(name));
        }
        assertThatThrownBy(() -> Keep.open(fixture.keepFile, PASSPHRASE))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("needed 4, found 3")
                .hasMessageContaining("a (")
                .hasMessageContaining("c (")
                .hasMessageContaining("e (");
    }

    @Test
    void noSiteAtAllIsRefused() throws IOException {
        for (SitePath site : fixture.sites(6)) {
            Fixture.deleteTree(site.directory());
        }
        assertThatThrownBy(() -> Keep.open(fixture.keepFile, PASSPHRASE)).hasMessageContaining("needed 1, found 0");
        assertThatThrownBy(() -> Keep.inspect(fixture.keepFile, KeepOptions.DEFAULT))
                .hasMessageContaining("found 0");
    }

    private void assertAway(String name, String... reasons) throws IOException {
        try (Keep keep = Keep.open(fixture.keepFile, PASSPHRASE)) {
            for (SiteState site : keep.description().sites()) {
                assertThat(site.away().isPresent())
                        .as(site.name())
                        .isEqualTo(site.name().equals(name));
                site.away().ifPresent(reason -> assertThat(reason).contains(reasons));
            }
            assertThat(keep.description().access()).isEqualTo(Access.DEGRADED);
        }
    }
}
