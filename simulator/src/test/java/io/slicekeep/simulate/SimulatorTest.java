package io.slicekeep.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.erasure.SlicedDispersal;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.testkit.simulator.Campaign;
import io.slicekeep.testkit.simulator.FaultKind;
import io.slicekeep.testkit.simulator.Report;
import io.slicekeep.testkit.simulator.Simulator;
import io.slicekeep.testkit.simulator.Tally;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The production code keeps its promises: in seeds that once showed a bug, and in fresh ones for every commit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimulatorTest {
    /** How many fresh seeds: {@code -Dslicekeep.seeds=1800} runs more. */
    private static final long FRESH_SEEDS = Long.getLong("slicekeep.seeds", 120);

    private static final long FINGERPRINTED_SEEDS = 20;
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    /** What lies and rot make the library say in its log fills screens. Held here, for a logger that nobody holds is forgotten. */
    private static final Logger LIBRARY = Logger.getLogger("io.slicekeep");

    private final Simulator simulator = simulator(NamespaceMode.LWW);

    @BeforeAll
    static void keepQuiet() {
        LIBRARY.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        LIBRARY.setLevel(null);
    }

    @ParameterizedTest
    @MethodSource
    void seedsThatOnceFailedPass(long seed) {
        for (NamespaceMode mode : NamespaceMode.values()) {
            assertKept(mode, simulator(mode).run(seed));
        }
    }

    static LongStream seedsThatOnceFailedPass() throws IOException {
        try (InputStream file = SimulatorTest.class.getResourceAsStream("regression-seeds.txt")) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.US_ASCII);
            return text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", 2)[0])
                    .mapToLong(Long::parseLong);
        }
    }

    /** A third of them in conditional namespaces. */
    @ParameterizedTest
    @EnumSource
    void freshSeedsPass(NamespaceMode mode) throws InterruptedException {
        long conditional = FRESH_SEEDS / 3;
        long seeds = mode == NamespaceMode.CONDITIONAL ? conditional : FRESH_SEEDS - conditional;
        Campaign.Result result = new Campaign(simulator(mode), THREADS, 1).run(firstFreshSeed(), seeds, tally -> {});
        result.failures().forEach(report -> assertKept(mode, report));
        assertThat(result.tally().seeds()).isEqualTo(seeds);
        assertThat(result.tally().acknowledged()).isGreaterThan(seeds);
        for (FaultKind kind : FaultKind.values()) {
            assertThat(result.tally().faults(kind))
                    .as("%s in %s", kind, result.tally())
                    .isPositive();
        }
    }

    private static Simulator simulator(NamespaceMode mode) {
        return new Simulator(SlicedDispersal::new, mode);
    }

    /** Every commit draws seeds of its own, and the same ones again. */
    private static long firstFreshSeed() {
        String commit = System.getProperty("slicekeep.seed", commit());
        return Integer.toUnsignedLong(commit.hashCode()) * 1_000_000;
    }

    private static String commit() {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "HEAD").start();
            return new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "no git here";
        }
    }

    private static void assertKept(NamespaceMode mode, Report report) {
        report.violation().ifPresent(violation -> {
            Report smaller = simulator(mode).shrink(report);
            String option = mode == NamespaceMode.CONDITIONAL ? "--conditional " : "";
            throw new AssertionError(
                    "seed " + report.seed() + " (./simulate " + option + "--explain " + report.seed() + "): "
                            + violation.getMessage() + "\nThe least that breaks it:\n"
                            + String.join("\n", smaller.journal()),
                    violation);
        });
    }

    @Test
    void aSeedIsTheSameRunEveryTime() {
        for (long seed = 0; seed < 5; seed++) {
            Report once = simulator.explain(seed);
            Report again = simulator.explain(seed);
            assertThat(again.journal()).isEqualTo(once.journal()).hasSizeGreaterThan(100);
            assertThat(simulator.run(seed).fingerprint()).isEqualTo(once.fingerprint());
        }
    }

    @Test
    void twoSeedsAreTwoRuns() {
        assertThat(simulator.run(1).fingerprint()).isNotEqualTo(simulator.run(2).fingerprint());
    }

    /** The tests run once per JDK: the second one finds the fingerprints of the first. */
    @Test
    void aSeedIsTheSameRunOnEveryJdk() throws IOException {
        String jdk = System.getProperty("java.vm.version");
        List<String> fingerprints = LongStream.range(0, FINGERPRINTED_SEEDS)
                .mapToObj(seed ->
                        seed + " " + Long.toHexString(simulator.run(seed).fingerprint()))
                .toList();
        Path file = Path.of(
                "target",
                "fingerprints-" + buildOf(ObjectStore.class, SlicedDispersal.class, Simulator.class) + ".txt");
        if (Files.exists(file)) {
            assertThat(Files.readAllLines(file)).as("on %s", jdk).isEqualTo(fingerprints);
        } else {
            Files.createDirectories(file.getParent());
            Files.write(file, fingerprints);
        }
    }

    /** Tells the classes of one build from those of another, by all their bytes. */
    private static String buildOf(Class<?>... types) throws IOException {
        CRC32C crc = new CRC32C();
        for (Class<?> type : types) {
            Path place = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().getPath());
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    crc.update(Files.readAllBytes(file));
                }
            }
        }
        return Long.toHexString(crc.getValue());
    }

    @Test
    void countsAddUp() {
        Tally sum = new Tally();
        sum.add(simulator.run(1).tally());
        sum.add(simulator.run(2).tally());
        assertThat(sum.seeds()).isEqualTo(2);
        long byKind = 0;
        for (FaultKind kind : FaultKind.values()) {
            byKind += sum.faults(kind);
        }
        assertThat(sum.faults()).isEqualTo(byKind).isPositive();
        assertThat(sum.toString()).startsWith("2 seeds, ").contains("acknowledged writes");
    }

    @Test
    void onlyAFailingRunIsShrunk() {
        Report kept = simulator.run(1);
        assertThat(kept.violation()).isEmpty();
        assertThatThrownBy(() -> simulator.shrink(kept))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seed=1");
    }
}
