package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SimulatedTasksTest {
    private static final Duration LONG = Duration.ofHours(1);

    private static void put(BlobStore store, String key) throws IOException {
        try (BlobSink sink = store.create(BlobKey.of(key))) {
            sink.write(ByteBuffer.wrap(new byte[] {1}));
            sink.commit();
        }
    }

    private static <T> List<Outcome<T>> all(TaskGroup<T> group, Tasks tasks) throws IOException {
        List<Outcome<T>> outcomes = new ArrayList<>();
        Deadline deadline = tasks.deadline(LONG);
        for (Outcome<T> next = group.next(deadline); next != null; next = group.next(deadline)) {
            outcomes.add(next);
        }
        return outcomes;
    }

    /** Three clients, each of which puts to three stores at once and waits for two of them. */
    private static List<String> traceOf(long seed) throws IOException {
        try (SimulatedTasks tasks = new SimulatedTasks(seed)) {
            List<BlobStore> stores = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                stores.add(tasks.store("s" + i, new MemoryStore()));
            }
            try (TaskGroup<Integer> clients = tasks.group()) {
                for (int c = 0; c < 3; c++) {
                    String key = "k" + c;
                    clients.fork(c, () -> putToTwo(stores, key, tasks));
                }
                all(clients, tasks);
            }
            tasks.settle();
            return tasks.trace();
        }
    }

    private static int putToTwo(List<BlobStore> stores, String key, Tasks tasks) throws IOException {
        try (TaskGroup<Integer> sites = tasks.group()) {
            for (int i = 0; i < stores.size(); i++) {
                BlobStore store = stores.get(i);
                sites.fork(i, () -> {
                    put(store, key);
                    return 1;
                });
            }
            sites.next(tasks.deadline(LONG));
            sites.next(tasks.deadline(LONG));
            sites.abandon();
            return 2;
        }
    }

    @Test
    void aSeedGivesTheSameRunAgain() throws Exception {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(traceOf(seed)).hasSize(3 * 3 * 4).isEqualTo(traceOf(seed));
        }
    }

    @Test
    void seedsGiveDifferentRuns() throws Exception {
        Set<List<String>> runs = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            runs.add(traceOf(seed).stream()
                    .map(line -> line.substring(line.indexOf(' ')))
                    .toList());
        }
        assertThat(runs).hasSizeGreaterThan(45);
    }

    /** Two clients read, then write one more than they read: some seeds must lose an update, some must not. */
    @Test
    void racesAreFound() throws Exception {
        int lost = 0;
        for (long seed = 0; seed < 100; seed++) {
            try (SimulatedTasks tasks = new SimulatedTasks(seed)) {
                BlobStore store = tasks.store("s", new MemoryStore());
                try (TaskGroup<Boolean> clients = tasks.group()) {
                    for (int c = 0; c < 2; c++) {
                        clients.fork(c, () -> countUp(store));
                    }
                    lost += (int) all(clients, tasks).stream()
                            .filter(o -> !o.succeeded())
                            .count();
                }
            }
        }
        assertThat(lost).isBetween(10, 90);
    }

    private static boolean countUp(BlobStore store) throws IOException {
        int count = store.list(KeyPrefix.ALL, null, 10).keys().size();
        put(store, "n" + count);
        return true;
    }

    @Test
    void onlyOneTaskProceedsAtATime() {
        SimulatedTasks.forEachSeed(50, tasks -> {
            int[] plain = new int[1];
            try (TaskGroup<Integer> group = tasks.group()) {
                for (int i = 0; i < 10; i++) {
                    group.fork(i, () -> {
                        for (int j = 0; j < 10; j++) {
                            int before = plain[0];
                            Thread.onSpinWait();
                            plain[0] = before + 1;
                            tasks.step("counted");
                        }
                        return 0;
                    });
                }
                all(group, tasks);
            }
            assertThat(plain[0]).isEqualTo(100);
        });
    }

    @Test
    void timeIsVirtual() throws Exception {
        try (SimulatedTasks tasks = new SimulatedTasks(1)) {
            long before = tasks.elapsedNanos();
            long wallBefore = tasks.wallMicros();
            tasks.pause(Duration.ofDays(1000));
            assertThat(tasks.elapsedNanos() - before)
                    .isEqualTo(Duration.ofDays(1000).toNanos());
            assertThat(tasks.wallMicros() - wallBefore)
                    .isEqualTo(Duration.ofDays(1000).toNanos() / 1000);
        }
    }

    @Test
    void whoeverPausesShorterIsFirst() throws Exception {
        try (SimulatedTasks tasks = new SimulatedTasks(1);
                TaskGroup<String> group = tasks.group()) {
            for (int i = 0; i < 5; i++) {
                Duration pause = Duration.ofSeconds(10 - i);
                group.fork(i, () -> {
                    tasks.pause(pause);
                    return "";
                });
            }
            assertThat(all(group, tasks)).extracting(Outcome::index).containsExactly(4, 3, 2, 1, 0);
        }
    }

    @Test
    void aDeadlineEndsAWait() throws Exception {
        try (SimulatedTasks tasks = new SimulatedTasks(1);
                TaskGroup<String> group = tasks.group()) {
            group.fork(3, () -> {
                tasks.pause(LONG);
                return "late";
            });
            Deadline deadline = tasks.deadline(Duration.ofMinutes(1));
            assertThat(group.next(deadline)).isNull();
            assertThat(tasks.elapsedNanos()).isEqualTo(deadline.atNanos());
            assertThat(group.underWay()).isEqualTo(1);
            assertThat(group.next(tasks.deadline(LONG))).isEqualTo(new Outcome<>(3, "late", null));
        }
    }

    @Test
    void failuresAreOutcomesAndDefectsAreThrown() throws Exception {
        try (SimulatedTasks tasks = new SimulatedTasks(1);
                TaskGroup<String> group = tasks.group()) {
            IOException failure = new FileNotFoundException("gone");
            group.fork(0, () -> {
                throw failure;
            });
            assertThat(group.next(tasks.deadline(LONG))).isEqualTo(new Outcome<String>(0, null, failure));
            IllegalStateException defect = new IllegalStateException("bug");
            group.fork(1, () -> {
                throw defect;
            });
            assertThatThrownBy(() -> group.next(tasks.deadline(LONG))).isSameAs(defect);
            assertThat(group.next(tasks.deadline(LONG))).isNull();
        }
    }

    @Test
    void closeInterruptsWhatIsUnderWay() {
        SimulatedTasks.forEachSeed(50, tasks -> {
            List<String> seen = new ArrayList<>();
            try (TaskGroup<String> group = tasks.group()) {
                group.fork(0, () -> {
                    seen.add("begun");
                    try {
                        tasks.pause(LONG);
                    } catch (InterruptedIOException e) {
                        assertThat(Thread.currentThread().isInterrupted()).isTrue();
                        seen.add("interrupted");
                    }
                    return "";
                });
                tasks.step("maybe let it begin");
            }
            tasks.settle();
            assertThat(seen).isIn(List.of(), List.of("begun", "interrupted"));
            assertThat(tasks.elapsedNanos()).isLessThan(LONG.toNanos());
        });
    }

    @Test
    void aStoreCallOfAnInterruptedTaskFailsOrIsOfUnknownOutcome() {
        Set<String> seen = new HashSet<>();
        SimulatedTasks.forEachSeed(200, tasks -> {
            MemoryStore memory = new MemoryStore();
            BlobStore store = tasks.store("s", memory);
            List<String> told = new ArrayList<>();
            try (TaskGroup<String> group = tasks.group()) {
                group.fork(0, () -> {
                    try {
                        put(store, "k");
                        told.add("committed");
                    } catch (IOException e) {
                        told.add(e.getClass().getSimpleName());
                    }
                    return "";
                });
                for (int i = 0; i < 3; i++) {
                    tasks.step("wait");
                }
            }
            tasks.settle();
            seen.add(told + " " + memory.list(KeyPrefix.ALL, null, 1).keys());
        });
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "[] []", "[InterruptedIOException] []", "[OutcomeUnknownException] [k]", "[committed] [k]");
    }

    @Test
    void abandonedWorkRunsToItsEndWhenTheWorldSettles() throws Exception {
        try (SimulatedTasks tasks = new SimulatedTasks(1)) {
            MemoryStore memory = new MemoryStore();
            try (TaskGroup<Integer> group = tasks.group()) {
                group.fork(0, () -> {
                    tasks.pause(LONG);
                    put(memory, "late");
                    return 0;
                });
                group.abandon();
                assertThat(group.next(tasks.deadline(LONG))).isNull();
            }
            tasks.settle();
            assertThat(memory.list(KeyPrefix.ALL, null, 1).keys()).hasSize(1);
        }
    }

    @Test
    void defectsOfAbandonedWorkAreFound() {
        assertThatThrownBy(() -> SimulatedTasks.forEachSeed(1, tasks -> {
                    TaskGroup<Integer> group = tasks.group();
                    group.fork(0, () -> {
                        throw new IllegalStateException("bug");
                    });
                    group.abandon();
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 0")
                .hasStackTraceContaining("bug");
    }

    @Test
    void aFailingSeedIsNamed() {
        assertThatThrownBy(() -> SimulatedTasks.forEachSeed(10, tasks -> {
                    tasks.step("before");
                    assertThat(tasks.random().bytes(1)[0]).isPositive();
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dslicekeep.seed=")
                .hasMessageContaining("0: before");
    }

    @Test
    void aWorldInWhichAllWaitForEverFails() {
        assertThatThrownBy(() -> SimulatedTasks.forEachSeed(1, tasks -> {
                    TaskGroup<Integer> group = tasks.group();
                    group.fork(0, () -> {
                        tasks.await(() -> false, Long.MAX_VALUE);
                        return 0;
                    });
                    group.next(tasks.deadline(Duration.ofDays(200_000)));
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("wait for ever");
    }

    @Test
    void closingTheWorldEndsTasksWhereverTheyStand() throws Exception {
        List<String> unwound = new ArrayList<>();
        try (SimulatedTasks tasks = new SimulatedTasks(3)) {
            BlobStore store = tasks.store("s", new MemoryStore());
            TaskGroup<Integer> group = tasks.group();
            for (int i = 0; i < 10; i++) {
                String key = "k" + i;
                group.fork(i, () -> {
                    try {
                        put(store, key);
                        tasks.pause(LONG);
                    } finally {
                        unwound.add(key);
                    }
                    return 0;
                });
            }
            for (int i = 0; i < 10; i++) {
                tasks.step("wait");
            }
            group.abandon();
        }
        assertThat(unwound).hasSizeGreaterThan(2);
    }

    @Test
    void strangersAreRefused() throws Exception {
        try (SimulatedTasks tasks = new SimulatedTasks(1)) {
            List<Throwable> thrown = new ArrayList<>();
            Thread stranger = new Thread(() -> tasks.group().close());
            stranger.setUncaughtExceptionHandler((thread, e) -> thrown.add(e));
            stranger.start();
            stranger.join();
            assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
        }
        SimulatedTasks over = new SimulatedTasks(1);
        over.close();
        over.close();
        assertThatThrownBy(over::group)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("closed");
    }

    @Test
    void aSkewedClientHasAnotherWallClockAndTheSameTime() throws Exception {
        try (SimulatedTasks tasks = new SimulatedTasks(1)) {
            Tasks skewed = tasks.withWallClock(Duration.ofSeconds(-7));
            skewed.pause(LONG);
            assertThat(skewed.elapsedNanos()).isEqualTo(tasks.elapsedNanos()).isEqualTo(LONG.toNanos());
            assertThat(skewed.wallMicros()).isEqualTo(tasks.wallMicros() - 7_000_000);
        }
    }

    @Test
    void oneOfTwoConcurrentCreatesWinsInEveryRun() {
        SimulatedTasks.forEachSeed(200, tasks -> {
            BlobStore store = tasks.store("s", new MemoryStore());
            try (TaskGroup<Integer> group = tasks.group()) {
                for (int i = 0; i < 3; i++) {
                    group.fork(i, () -> {
                        put(store, "k");
                        return 0;
                    });
                }
                List<Outcome<Integer>> outcomes = all(group, tasks);
                assertThat(outcomes).filteredOn(Outcome::succeeded).hasSize(1);
                assertThat(outcomes)
                        .filteredOn(outcome -> !outcome.succeeded())
                        .extracting(Outcome::failure)
                        .hasOnlyElementsOfType(BlobExistsException.class);
            }
        });
    }
}
