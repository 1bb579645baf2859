package io.slicekeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.Finding.Level;
import io.slicekeep.key.KeyRing;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.probe.Capabilities.Races;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.testkit.SkewedTasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckupTest {
    private static final KeyRing PASSPHRASE = Fixture.passphrase("correct horse");

    @TempDir
    private Path folder;

    private Fixture fixture;

    @BeforeEach
    void create() throws IOException {
        fixture = new Fixture(folder);
        try (Keep keep = fixture.create(PASSPHRASE)) {
            keep.put("cat.jpg", Files.writeString(folder.resolve("cat.jpg"), "cat"));
        }
    }

    @Test
    void ofAWholeKeepOnlyTheCommonDiskIsNoted() throws IOException {
        List<Finding> findings = checkup(Optional.of(PASSPHRASE), KeepOptions.DEFAULT);
        assertThat(findings)
                .filteredOn(finding -> finding.level() != Level.OK)
                .extracting(Finding::check)
                .containsExactly("disks");
        assertThat(of(findings, "keep", "keys").message()).contains("they open it");
        assertThat(of(findings, "keep", "configuration").message()).isEqualTo("epoch 1 is in force");
        for (String site : List.of("a", "b", "c", "d", "e", "f")) {
            assertThat(findings)
                    .filteredOn(finding -> finding.subject().equals("site " + site))
                    .extracting(Finding::check)
                    .containsExactly("identity", "space", "writers", "clock", "promises");
        }
    }

    @Test
    void nothingIsChanged() throws IOException {
        var before = Fixture.tree(folder);
        checkup(Optional.of(PASSPHRASE), KeepOptions.DEFAULT);
        checkup(Optional.empty(), KeepOptions.DEFAULT);
        assertThat(Fixture.tree(folder)).containsExactlyInAnyOrderEntriesOf(before);
    }

    @Test
    void sitesAreLookedOverWithoutAKeyAndWithAWrongOne() throws IOException {
        List<Finding> keyless = checkup(Optional.empty(), KeepOptions.DEFAULT);
        assertThat(of(keyless, "keep", "configuration").message()).contains("as its sites say");
        assertThat(of(keyless, "site f", "promises").level()).isEqualTo(Level.OK);

        List<Finding> wrong = checkup(Optional.of(Fixture.passphrase("wrong")), KeepOptions.DEFAULT);
        assertThat(of(wrong, "keep", "opening").level()).isEqualTo(Level.PROBLEM);
        assertThat(of(wrong, "site f", "promises").level()).isEqualTo(Level.OK);
    }

    @Test
    void exchangedAndMissingSitesAreNamedWithTheRemedy() throws IOException {
        fixture.swap("a", "b");
        Fixture.deleteTree(fixture.site("c"));
        List<Finding> findings = checkup(Optional.of(PASSPHRASE), KeepOptions.DEFAULT);
        assertThat(of(findings, "keep", "sites").message()).contains("3 of 6", "nothing can be read");
        assertThat(of(findings, "site a", "identity").message()).contains("it is site b");
        assertThat(of(findings, "site a", "identity").remedy()).isEqualTo("give it as the path of b");
        assertThat(of(findings, "site c", "identity").message()).contains("is its disk mounted?");
        assertThat(of(findings, "site d", "promises").level()).isEqualTo(Level.OK);
    }

    @Test
    void whereNoSiteIsThereEachIsNamed() throws IOException {
        for (String site : List.of("a", "b", "c", "d", "e", "f")) {
            Fixture.deleteTree(fixture.site(site));
        }
        List<Finding> findings = checkup(Optional.empty(), KeepOptions.DEFAULT);
        assertThat(of(findings, "keep", "sites").level()).isEqualTo(Level.PROBLEM);
        assertThat(of(findings, "site e", "store").message()).contains("is its disk mounted?");
    }

    @Test
    void aKeepFileThatCannotBeReadIsSaidSo() throws IOException {
        Files.writeString(folder.resolve("my.keep"), "version = 1\n");
        List<Finding> findings = checkup(Optional.empty(), KeepOptions.DEFAULT);
        assertThat(of(findings, "keep", "file").remedy()).contains("adopt");
    }

    @ParameterizedTest
    @CsvSource({"0, OK, OK", "60, WARNING, OK", "-60, WARNING, WARNING", "-600, PROBLEM, PROBLEM"})
    void clocksAreCompared(long aheadSeconds, Level clock, Level writers) throws IOException {
        try (ExecutorTasks tasks = ExecutorTasks.create()) {
            KeepOptions options = KeepOptions.DEFAULT.withTasks(new SkewedTasks(tasks, 1_000_000 * aheadSeconds));
            List<Finding> findings = checkup(Optional.empty(), options);
            assertThat(of(findings, "site a", "clock").level()).isEqualTo(clock);
            assertThat(of(findings, "site a", "writers").level()).isEqualTo(writers);
        }
    }

    @Test
    void whatOthersMayWriteIsNoted() throws IOException {
        Files.setPosixFilePermissions(folder.resolve("my.keep"), PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.setPosixFilePermissions(fixture.site("b"), PosixFilePermissions.fromString("rwxrwxrwx"));
        List<Finding> findings = checkup(Optional.empty(), KeepOptions.DEFAULT);
        assertThat(of(findings, "keep", "permissions").remedy()).isEqualTo("chmod go-w " + folder.resolve("my.keep"));
        assertThat(of(findings, "site b", "permissions").level()).isEqualTo(Level.WARNING);
    }

    @Test
    void racesAreRunAndNotedOnlyWhenAskedFor() throws IOException {
        assertThat(races()).containsOnly(Races.UNPROVEN);
        List<Finding> findings = new ArrayList<>();
        Checkup.run(folder.resolve("my.keep"), Optional.of(PASSPHRASE), Depth.DEEP, KeepOptions.DEFAULT, findings::add);
        assertThat(of(findings, "site a", "races").message()).contains("100 races");
        assertThat(races()).containsOnly(Races.PROVEN);
    }

    @Test
    void fewDescriptorsAreNoted() {
        assertThat(MachineCheck.descriptors(900, 1024).level()).isEqualTo(Level.WARNING);
        assertThat(MachineCheck.descriptors(100, 1024).level()).isEqualTo(Level.OK);
    }

    private List<Races> races() throws IOException {
        return Keep.inspect(folder.resolve("my.keep"), KeepOptions.DEFAULT).sites().stream()
                .map(site -> site.capabilities().orElseThrow().races())
                .toList();
    }

    private List<Finding> checkup(Optional<KeyRing> keys, KeepOptions options) throws IOException {
        List<Finding> findings = new ArrayList<>();
        Checkup.run(folder.resolve("my.keep"), keys, Depth.LIGHT, options, findings::add);
        return findings;
    }

    private static Finding of(List<Finding> findings, String subject, String check) {
        return findings.stream()
                .filter(finding ->
                        finding.subject().equals(subject) && finding.check().equals(check))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + subject + " " + check + " in " + findings));
    }
}
