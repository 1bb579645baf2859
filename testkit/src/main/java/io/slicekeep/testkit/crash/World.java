package io.slicekeep.testkit.crash;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.object.Facilities;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.site.Site;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.testkit.SeededRandom;
import io.slicekeep.testkit.SimulatedTasks;
import io.slicekeep.testkit.simulator.Simulator.DispersalFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Some sites and one process after the other, in a simulation of its own. Confined to one thread. */
final class World implements AutoCloseable {
    static final Profile PROFILE = Profile.parse("2+2");

    private static final Timing TIMING = new Timing(
            Duration.ofSeconds(10),
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(300)));
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final Duration LONGEST_OPERATION = Duration.ofHours(1);

    /** Between two operations, so that clocks go on from one world to the next. */
    private static final Duration BETWEEN = Duration.ofDays(1);

    private final DispersalFactory dispersals;
    private final List<MemoryStore> sites;
    private final SimulatedTasks tasks;
    private final OpenSecret secret = OpenSecret.random(KeyContext.EMPTY, new SeededRandom(1));
    private int processes;

    /** Creates the world after a number of operations have left this on its sites. */
    World(DispersalFactory dispersals, List<MemoryStore> sites, long seed, int operations) throws IOException {
        this.dispersals = dispersals;
        this.sites = sites.stream().map(MemoryStore::snapshot).toList();
        this.tasks = new SimulatedTasks(seed);
        tasks.pause(BETWEEN.multipliedBy(operations));
    }

    static List<MemoryStore> emptySites() {
        List<MemoryStore> sites = new ArrayList<>();
        for (int i = 0; i < PROFILE.sites(); i++) {
            sites.add(new MemoryStore());
        }
        return sites;
    }

    /** What a process does. */
    @FunctionalInterface
    interface Life<T> {
        T live(NamespaceObjects objects) throws IOException;
    }

    /** Lets a process do something from beginning to end, and what it left behind its back too. */
    <T> T live(Life<T> life) throws IOException {
        MortalProcess process = new MortalProcess(tasks, MortalProcess.IMMORTAL);
        try (TaskGroup<T> group = begin(process, life)) {
            Outcome<T> outcome = group.next(tasks.deadline(LONGEST_OPERATION));
            if (outcome == null) {
                throw new Broken("an operation does not come to an end");
            }
            tasks.pause(QUIET);
            return outcome.get();
        }
    }

    /** Returns how many calls a process makes for something, also behind its back. */
    int count(Life<Boolean> life) throws IOException {
        MortalProcess process = new MortalProcess(tasks, MortalProcess.IMMORTAL);
        try (TaskGroup<Boolean> group = begin(process, life)) {
            tasks.pause(LONGEST_OPERATION);
            Outcome<Boolean> outcome = group.next(tasks.deadline(Duration.ZERO));
            if (outcome == null) {
                throw new Broken("an operation does not come to an end");
            }
            outcome.get();
            return process.calls();
        }
    }

    /** Lets a process begin something and stop after so many calls. Returns whether it had been done before that. */
    boolean stop(Life<Boolean> life, int lifetimeCalls) throws IOException {
        MortalProcess process = new MortalProcess(tasks, lifetimeCalls);
        AtomicBoolean done = new AtomicBoolean();
        TaskGroup<Boolean> group = begin(process, objects -> {
            boolean alive = life.live(objects) && !process.isStopped();
            done.set(alive);
            return alive;
        });
        tasks.pause(LONGEST_OPERATION);
        group.abandon();
        return done.get();
    }

    /** Lets so much time pass that no upload may be recorded any more. */
    void waitForOrphans() throws IOException {
        tasks.pause(TIMING.orphanAge().multipliedBy(2));
    }

    List<MemoryStore> sites() {
        return sites;
    }

    SimulatedTasks tasks() {
        return tasks;
    }

    @Override
    public void close() {
        tasks.close();
        secret.close();
    }

    private <T> TaskGroup<T> begin(MortalProcess process, Life<T> life) {
        TaskGroup<T> group = tasks.group();
        group.fork(0, () -> {
            try (NamespaceObjects objects = open(process)) {
                return life.live(objects);
            }
        });
        return group;
    }

    private NamespaceObjects open(MortalProcess process) {
        List<Site> reached = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            String name = Character.toString('a' + i);
            reached.add(new Site(i, name, process.over(name, sites.get(i))));
        }
        Facilities facilities = new Facilities(
                dispersals.create(tasks, TIMING.patience()), tasks, new SeededRandom(++processes), TIMING);
        return NamespaceObjects.open(new Layout(PROFILE, reached, 1), new byte[16], secret, facilities);
    }
}
