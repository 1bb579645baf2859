package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.probe.Capabilities;
import io.slicekeep.probe.Capabilities.Races;
import io.slicekeep.probe.StoreProbe;
import io.slicekeep.store.DirectoryStore;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a probe finds of stores that keep their promises, and of stores that break one. */
class StoreProbeTest {
    private static final int ROUNDS = Capabilities.PROVING_ROUNDS;

    private final ExecutorTasks tasks = ExecutorTasks.create();

    @AfterEach
    void close() {
        tasks.close();
    }

    private Capabilities probe(BlobStore store, int rounds, Duration bound) throws IOException {
        return StoreProbe.run(store, rounds, new StoreProbe.Means(tasks, RandomSource.secure(), bound));
    }

    private Capabilities probe(BlobStore store) throws IOException {
        return probe(store, ROUNDS, Duration.ofMinutes(5));
    }

    @Test
    void memoryKeepsItsPromises() throws IOException {
        MemoryStore store = new MemoryStore();
        Capabilities found = probe(store);
        assertThat(found.broken()).isEmpty();
        assertThat(found.sound()).isTrue();
        assertThat(found.longestKeyBytes()).isEqualTo(1000);
        assertThat(found.races()).isEqualTo(Races.PROVEN);
        assertThat(found.raceRounds()).isEqualTo(ROUNDS);
        assertThat(store.list(KeyPrefix.ALL, null, 10).keys()).isEmpty();
        assertThat(store.unfinished(KeyPrefix.ALL)).isEmpty();
    }

    @Test
    void aDirectoryKeepsItsPromises(@TempDir Path folder) throws IOException {
        try (DirectoryStore store = DirectoryStore.create(folder.resolve("site"))) {
            Capabilities found = probe(store, 10, Duration.ofMinutes(5));
            assertThat(found.broken()).isEmpty();
            assertThat(found.longestKeyBytes()).isEqualTo(1000);
            assertThat(found.races()).isEqualTo(Races.UNPROVEN);
            assertThat(found.raceRounds()).isEqualTo(10);
            assertThat(store.list(KeyPrefix.ALL, null, 10).keys()).isEmpty();
            assertThat(store.unfinished(KeyPrefix.ALL)).isEmpty();
        }
    }

    @Test
    void aStoreThatDoesNotSayItDecidesRacesIsNotRaced() throws IOException {
        Capabilities found = probe(new ForwardingStore(new MemoryStore()) {});
        assertThat(found.races()).isEqualTo(Races.NOT_OFFERED);
        assertThat(found.raceRounds()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "LISTS_LATE, committed and not listed",
        "DELETES_LATE, deleted and still",
        "READS_LATE, not read as committed",
        "LISTS_IN_DISORDER, its pages show",
        "LOSES_KEYS_BETWEEN_PAGES, its pages show",
        "SHOWS_UNFINISHED, a part of a blob was visible",
        "KEEPS_ABORTED, an aborted blob was visible",
        "REFUSES_LONG_KEYS, one of 1000 was refused"
    })
    void everyBrokenPromiseIsFound(FickleStore.Flaw flaw, String words) throws IOException {
        FickleStore store = new FickleStore(flaw);
        Capabilities found = probe(store);
        assertThat(found.sound()).isFalse();
        assertThat(found.breaches()).anyMatch(breach -> breach.contains(words));
    }

    @Test
    void aStoreThatLosesARaceIsFoundAndStillSound() throws IOException {
        Capabilities found = probe(new FickleStore(FickleStore.Flaw.LOSES_RACES));
        assertThat(found.races()).isEqualTo(Races.BROKEN);
        assertThat(found.sound()).isTrue();
        assertThat(probe(new FickleStore(FickleStore.Flaw.NONE)).races()).isEqualTo(Races.PROVEN);
    }

    @Test
    void whatAProbeLeftLongAgoIsTakenAwayAndNothingElse() throws IOException {
        MemoryStore store = new MemoryStore();
        BlobKey old = BlobKey.of("probe/0000000000000001-0123456789abcdef/small/x");
        BlobKey fresh = BlobKey.of("probe/7000000000000001-0123456789abcdef/small/x");
        BlobKey other = BlobKey.of("n/00/h/x");
        for (BlobKey key : new BlobKey[] {old, fresh, other}) {
            store.createIfAbsent(key, java.nio.ByteBuffer.allocate(1));
        }
        probe(store, 0, Duration.ofMinutes(1));
        assertThat(store.list(KeyPrefix.ALL, null, 10).keys()).containsExactly(other, fresh);
    }

    @Test
    void aProbeThatTakesTooLongEnds() {
        MemoryStore store = new MemoryStore();
        assertThatThrownBy(() -> probe(store, ROUNDS, Duration.ZERO))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("too slow");
        assertThat(store.list(KeyPrefix.ALL, null, 10).keys()).isEmpty();
    }
}
