package io.slicekeep.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.UnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExecutorTasksTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    private final ExecutorTasks tasks = ExecutorTasks.create(8);

    @AfterEach
    void close() {
        tasks.close();
    }

    private static void awaitQuietly(CountDownLatch latch) throws InterruptedIOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new InterruptedIOException("latch");
        }
    }

    @Test
    void outcomesComeInTheOrderOfCompletion() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        try (TaskGroup<String> group = tasks.group()) {
            group.fork(0, () -> {
                awaitQuietly(second);
                return "a";
            });
            group.fork(1, () -> {
                awaitQuietly(first);
                return "b";
            });
            group.fork(2, () -> "c");
            assertThat(group.underWay()).isEqualTo(3);
            assertThat(group.next(tasks.deadline(LONG))).isEqualTo(new Outcome<>(2, "c", null));
            first.countDown();
            assertThat(group.next(tasks.deadline(LONG))).isEqualTo(new Outcome<>(1, "b", null));
            second.countDown();
            assertThat(group.next(tasks.deadline(LONG))).isEqualTo(new Outcome<>(0, "a", null));
            assertThat(group.next(tasks.deadline(LONG))).isNull();
            assertThat(group.underWay()).isZero();
        }
    }

    @Test
    void aFailureIsAnOutcome() throws Exception {
        IOException failure = new FileNotFoundException("gone");
        try (TaskGroup<String> group = tasks.group()) {
            group.fork(7, () -> {
                throw failure;
            });
            Outcome<String> outcome = Objects.requireNonNull(group.next(tasks.deadline(LONG)));
            assertThat(outcome).isEqualTo(new Outcome<String>(7, null, failure));
            assertThatThrownBy(outcome::get).isSameAs(failure);
        }
    }

    @Test
    void defectsOfATaskAreThrownByNextAndTheRestGoesOn() throws Exception {
        for (Throwable defect : List.of(new IllegalStateException("bug"), new StackOverflowError())) {
            try (TaskGroup<String> group = tasks.group()) {
                group.fork(0, () -> {
                    if (defect instanceof Error e) {
                        throw e;
                    }
                    throw (RuntimeException) defect;
                });
                assertThatThrownBy(() -> group.next(tasks.deadline(LONG))).isSameAs(defect);
                group.fork(1, () -> "fine");
                assertThat(group.next(tasks.deadline(LONG))).isEqualTo(new Outcome<>(1, "fine", null));
            }
        }
    }

    @Test
    void aDeadlineEndsTheWaitAndTheTaskCanStillBeAwaited() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        try (TaskGroup<String> group = tasks.group()) {
            group.fork(0, () -> {
                awaitQuietly(latch);
                return "late";
            });
            assertThat(group.next(tasks.deadline(Duration.ofMillis(20)))).isNull();
            assertThat(group.next(tasks.deadline(Duration.ofMillis(-20)))).isNull();
            assertThat(group.underWay()).isEqualTo(1);
            latch.countDown();
            assertThat(group.next(tasks.deadline(LONG))).isEqualTo(new Outcome<>(0, "late", null));
        }
    }

    @Test
    void closeInterruptsWhatIsUnderWay() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (TaskGroup<String> group = tasks.group()) {
            group.fork(0, () -> {
                started.countDown();
                try {
                    Thread.sleep(LONG.toMillis());
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
                return "";
            });
            started.await();
        }
        assertThat(interrupted.await(40, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closeKeepsWhatHasNotStartedFromStarting() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        try (ExecutorTasks one = ExecutorTasks.create(1)) {
            TaskGroup<String> blocker = one.group();
            blocker.fork(0, () -> {
                awaitQuietly(latch);
                return "";
            });
            try (TaskGroup<Integer> group = one.group()) {
                group.fork(0, ran::incrementAndGet);
            }
            latch.countDown();
            blocker.next(one.deadline(LONG));
        }
        assertThat(ran).hasValue(0);
    }

    @Test
    void abandonedWorkGoesOnBehindAndItsOutcomesAreDropped() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        CountDownLatch finished = new CountDownLatch(1);
        try (TaskGroup<String> group = tasks.group()) {
            group.fork(0, () -> {
                awaitQuietly(latch);
                finished.countDown();
                return "";
            });
            group.abandon();
            assertThat(group.underWay()).isZero();
            assertThat(group.next(tasks.deadline(LONG))).isNull();
            assertThatThrownBy(() -> group.fork(1, () -> "")).isInstanceOf(IllegalStateException.class);
        }
        latch.countDown();
        assertThat(finished.await(40, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closingTheTasksLetsAbandonedWorkFinish() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        ExecutorTasks mine = ExecutorTasks.create(1);
        TaskGroup<Integer> group = mine.group();
        group.fork(0, () -> {
            started.countDown();
            return ran.incrementAndGet();
        });
        started.await();
        group.fork(1, ran::incrementAndGet);
        group.abandon();
        mine.close();
        mine.close();
        assertThat(ran).hasValue(2);
        assertThatThrownBy(mine::group)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("closed");
    }

    /** Its sites are closed next: what still runs on them would find them closed. */
    @Test
    void anInterruptedCloseWaitsForWhatItInterrupts() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        ExecutorTasks mine = ExecutorTasks.create(1);
        TaskGroup<Integer> group = mine.group();
        group.fork(0, () -> {
            started.countDown();
            try {
                awaitQuietly(new CountDownLatch(1));
            } finally {
                LockSupport.parkNanos(50_000_000);
                ended.incrementAndGet();
            }
            return 0;
        });
        group.abandon();
        started.await();
        Thread closer = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            while (closer.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            closer.interrupt();
        });
        interrupter.start();
        mine.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ended).hasValue(1);
    }

    @Test
    void anInterruptedWaiterKeepsItsFlag() {
        try (TaskGroup<String> group = tasks.group()) {
            group.fork(0, () -> {
                awaitQuietly(new CountDownLatch(1));
                return "";
            });
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> group.next(tasks.deadline(LONG))).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> tasks.pause(LONG)).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void theCallerRunsWhatTheExecutorRejects() throws Exception {
        AtomicReference<Thread> runner = new AtomicReference<>();
        ExecutorTasks rejecting = ExecutorTasks.on(work -> {
            throw new RejectedExecutionException();
        });
        try (TaskGroup<String> group = rejecting.group()) {
            group.fork(0, () -> {
                runner.set(Thread.currentThread());
                return "here";
            });
            assertThat(group.next(rejecting.deadline(LONG))).isEqualTo(new Outcome<>(0, "here", null));
        }
        assertThat(runner).hasValue(Thread.currentThread());
    }

    @Test
    void anExecutorThatIsGivenIsNotClosed() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            ExecutorTasks.on(executor).close();
            assertThat(executor.isShutdown()).isFalse();
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void manyCallersShareASmallPool() throws Exception {
        try (ExecutorTasks small = ExecutorTasks.create(2)) {
            ExecutorService callers = Executors.newFixedThreadPool(30);
            try {
                assertThat(sums(small, callers, 300)).containsOnly(45);
            } finally {
                callers.shutdownNow();
            }
        }
    }

    /** As calls on a mount that is gone: nothing ends them, not even an interrupt. */
    private static boolean hang(CountDownLatch end) {
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException e) {
                // Goes on hanging.
            }
        }
        return false;
    }

    @Test
    void aSiteThatHangsStopsNeitherOthersNorTheirCallers() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorTasks small = ExecutorTasks.create(8)) {
            for (int call = 0; call < 300; call++) {
                try (TaskGroup<Boolean> group = small.group()) {
                    group.fork(3, () -> hang(end));
                    group.abandon();
                }
            }
            try (TaskGroup<Boolean> group = small.group()) {
                IntStream.range(0, 6).forEach(site -> group.fork(site, () -> site != 3 || hang(end)));
                Set<Integer> answered = new TreeSet<>();
                while (answered.size() < 6) {
                    Outcome<Boolean> outcome = Objects.requireNonNull(group.next(small.deadline(LONG)));
                    answered.add(outcome.index());
                    if (outcome.index() == 3) {
                        assertThat(outcome.failure()).isInstanceOf(UnavailableException.class);
                    }
                }
            } finally {
                end.countDown();
            }
        }
    }

    /** Else what was opened before there were too many stayed open for ever. */
    @Test
    void whatLetsGoOfSomethingIsNeverRefused() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorTasks small = ExecutorTasks.create(8);
                TaskGroup<Boolean> group = small.group()) {
            for (int call = 0; call < 300; call++) {
                group.fork(3, 0, () -> hang(end));
            }
            group.forkRelease(3, () -> true);
            end.countDown();
            int refused = 0;
            boolean released = false;
            for (int call = 0; call < 301; call++) {
                Outcome<Boolean> outcome = Objects.requireNonNull(group.next(small.deadline(LONG)));
                refused += outcome.failure() == null ? 0 : 1;
                released |= Boolean.TRUE.equals(outcome.value());
            }
            assertThat(refused).isPositive();
            assertThat(released).isTrue();
        } finally {
            end.countDown();
        }
    }

    @Test
    void aCallerIsNotLentToASiteThatHangs() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorTasks small = ExecutorTasks.create(4);
                TaskGroup<Boolean> hanging = small.group();
                TaskGroup<Boolean> next = small.group()) {
            hanging.fork(3, () -> hang(end));
            next.fork(3, () -> true);
            assertThat(next.next(small.deadline(Duration.ofMillis(300)))).isNull();
            end.countDown();
            assertThat(next.next(small.deadline(LONG))).isEqualTo(new Outcome<>(3, true, null));
        } finally {
            end.countDown();
        }
    }

    @Test
    void tasksOfOneSiteWaitForEachOtherAndAllRun() throws Exception {
        try (ExecutorTasks small = ExecutorTasks.create(4);
                TaskGroup<Integer> group = small.group()) {
            AtomicInteger atOnce = new AtomicInteger();
            IntStream.range(0, 200)
                    .forEach(i -> group.fork(7, i, () -> {
                        int now = atOnce.incrementAndGet();
                        atOnce.decrementAndGet();
                        return now;
                    }));
            Set<Integer> indexes = new TreeSet<>();
            for (int i = 0; i < 200; i++) {
                Outcome<Integer> outcome = Objects.requireNonNull(group.next(small.deadline(LONG)));
                indexes.add(outcome.index());
                assertThat(outcome.get()).isEqualTo(1);
            }
            assertThat(indexes).hasSize(200);
        }
    }

    @Test
    void tasksThatWaitAreForgottenWhenTheirGroupIsClosed() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger started = new AtomicInteger();
        try (ExecutorTasks small = ExecutorTasks.create(4)) {
            try (TaskGroup<Boolean> group = small.group()) {
                group.fork(0, () -> hang(end));
                for (int round = 0; round < 1000; round++) {
                    try (TaskGroup<Integer> closed = small.group()) {
                        closed.fork(0, started::incrementAndGet);
                    }
                }
                group.fork(0, () -> true);
                end.countDown();
                assertThat(Objects.requireNonNull(group.next(small.deadline(LONG)))
                                .get())
                        .isFalse();
                assertThat(Objects.requireNonNull(group.next(small.deadline(LONG)))
                                .get())
                        .isTrue();
            }
        }
        assertThat(started).hasValue(0);
    }

    @Test
    void callersMayWaitOnTheVeryThreadsThatTheirTasksNeed() throws Exception {
        ExecutorService shared = Executors.newFixedThreadPool(2);
        try {
            assertThat(sums(ExecutorTasks.on(shared), shared, 8)).containsOnly(45);
        } finally {
            shared.shutdownNow();
        }
    }

    private static List<Integer> sums(ExecutorTasks tasks, ExecutorService callers, int calls) throws Exception {
        List<Future<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            futures.add(callers.submit(() -> sumOfTenTasks(tasks)));
        }
        List<Integer> sums = new ArrayList<>();
        for (Future<Integer> future : futures) {
            sums.add(future.get());
        }
        return sums;
    }

    private static int sumOfTenTasks(ExecutorTasks tasks) throws IOException {
        try (TaskGroup<Integer> group = tasks.group()) {
            IntStream.range(0, 10).forEach(i -> group.fork(i, () -> i));
            int sum = 0;
            for (Outcome<Integer> o = group.next(tasks.deadline(LONG));
                    o != null;
                    o = group.next(tasks.deadline(LONG))) {
                sum += o.get();
            }
            return sum;
        }
    }

    @Test
    void thePoolsThreadsAreDaemons() throws Exception {
        try (TaskGroup<Boolean> group = tasks.group()) {
            group.fork(0, () -> Thread.currentThread().isDaemon());
            assertThat(group.next(tasks.deadline(LONG))).isEqualTo(new Outcome<>(0, true, null));
        }
    }

    @Test
    void pauseTakesAtLeastItsTime() throws Exception {
        long before = tasks.elapsedNanos();
        tasks.pause(Duration.ofMillis(30));
        assertThat(tasks.elapsedNanos() - before).isGreaterThanOrEqualTo(30_000_000);
    }

    @Test
    void aDeadlineBeyondAllTimeIsForEver() {
        assertThat(tasks.deadline(Duration.ofDays(365_000)).passed()).isFalse();
        assertThat(tasks.deadline(Duration.ofDays(-365_000)).passed()).isTrue();
        assertThat(tasks.deadline(Duration.ZERO).passed()).isTrue();
    }

    @Test
    void theWallClockIsInMicroseconds() {
        assertThat(tasks.wallMicros() / 1000)
                .isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 1);
    }
}
