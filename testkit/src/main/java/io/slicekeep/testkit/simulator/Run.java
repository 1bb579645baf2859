package io.slicekeep.testkit.simulator;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.object.Facilities;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.ShredReport;
import io.slicekeep.site.Site;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.testkit.SeededRandom;
import io.slicekeep.testkit.SimulatedTasks;
import io.slicekeep.testkit.simulator.Simulator.DispersalFactory;
import io.slicekeep.testkit.simulator.Violation.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of one seed. Every decision is drawn from the seed and from what it is about, so that leaving a piece out changes
 * as little as can be of the rest. Confined to one thread at a time.
 */
final class Run {
    static final Timing TIMING = new Timing(
            Duration.ofSeconds(10),
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(300)));

    private static final List<Profile> PROFILES = List.of(
            Profile.parse("4+2"),
            Profile.parse("4+2"),
            Profile.parse("4+2,f=1"),
            Profile.parse("4+2,f=1"),
            Profile.parse("2+1"),
            Profile.parse("2+2"),
            Profile.parse("1+0"),
            Profile.parse("3+3,f=1,away=1"),
            Profile.parse("10+6,f=1"));
    private static final int EVENTS = 100;
    private static final int OPERATIONS = 24;
    private static final int MAX_ACTORS = 5;
    private static final double LARGE_SHARE = 0.04;
    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(4);

    /** Longer than anything that is under way may take. */
    private static final Duration QUIET = Duration.ofMinutes(5);

    private final long seed;
    private final DispersalFactory dispersals;
    private final Set<Piece> leftOut;
    private final Set<Piece> pieces = new LinkedHashSet<>();
    private final SimulatedTasks tasks;
    private final Journal journal;
    private final Tally tally = new Tally();
    private final Model model = new Model();
    private final List<SimulatedSite> sites = new ArrayList<>();
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private final Profile profile;
    private final FaultBudget budget;
    private final boolean sitesCopy;
    private final OpenSecret secret;
    private Weather weather;
    private int actorsAtWork;
    private boolean over;
    private @Nullable Violation failure;

    Run(long seed, DispersalFactory dispersals, Set<Piece> leftOut, boolean wordy) {
        this.seed = seed;
        this.dispersals = dispersals;
        this.leftOut = leftOut;
        this.tasks = new SimulatedTasks(seed);
        this.journal = new Journal(wordy);
        SplittableRandom draws = new SplittableRandom(seed);
        this.profile = PROFILES.get(draws.nextInt(PROFILES.size()));
        this.budget = FaultBudget.draw(profile, draws);
        this.weather = Weather.draw(draws);
        this.sitesCopy = draws.nextInt(4) == 0;
        this.secret = OpenSecret.random(KeyContext.EMPTY, new SeededRandom(seed));
        for (int i = 0; i < profile.sites(); i++) {
            sites.add(new SimulatedSite(i, profile.sites()));
        }
    }

    /** Runs to the end, or to the first broken promise. */
    Report report() {
        tally.seed();
        note(0, () -> "seed " + seed + ": " + profile + ", " + budget + ", " + weather);
        try (tasks) {
            guard(this::live);
        }
        return new Report(this, journal, List.copyOf(pieces), failure);
    }

    long seed() {
        return seed;
    }

    SimulatedTasks tasks() {
        return tasks;
    }

    long nowNanos() {
        return tasks.elapsedNanos();
    }

    Tally tally() {
        return tally;
    }

    Model model() {
        return model;
    }

    Weather weather() {
        return weather;
    }

    List<SimulatedSite> sites() {
        return sites;
    }

    List<SimulatedProcess> processes() {
        return processes;
    }

    boolean sitesCopy() {
        return sitesCopy;
    }

    boolean isOver() {
        return over;
    }

    boolean hasFailed() {
        return failure != null;
    }

    void fail(Violation violation) {
        if (failure == null) {
            failure = violation;
            note(violation.promise().name().hashCode(), () -> "BROKEN: " + violation.getMessage());
        }
    }

    void note(long what, Supplier<String> words) {
        journal.note(nowNanos(), what, words);
    }

    /** Returns draws that belong to one thing, the same whatever else happens. */
    SplittableRandom draws(Piece.Kind kind, int owner, int number) {
        long mixed = seed * 31 + kind.name().hashCode();
        mixed = new SplittableRandom(mixed).nextLong() + ((long) owner << 32) + number;
        return new SplittableRandom(new SplittableRandom(mixed).nextLong());
    }

    /** Notes that a piece is part of this run, unless it is left out. */
    boolean keeps(Piece piece) {
        boolean kept = !leftOut.contains(piece);
        if (kept) {
            pieces.add(piece);
        }
        return kept;
    }

    /** Counts a fault that is about to happen. Returns null if there is none, or if it is left out. */
    @Nullable
    FaultKind happening(@Nullable FaultKind kind, Piece piece) {
        if (kind == null || !keeps(piece)) {
            return null;
        }
        tally.fault(kind);
        return kind;
    }

    /** Something to be done in the simulated world. */
    interface Work {
        void run() throws IOException;
    }

    /** Lets something happen later, by itself. */
    void later(Duration delay, Work work) {
        spawn(() -> {
            tasks.pause(delay);
            work.run();
        });
    }

    private void spawn(Work work) {
        TaskGroup<Boolean> group = tasks.group();
        group.fork(0, () -> {
            guard(work);
            return true;
        });
        group.abandon();
    }

    private void guard(Work work) {
        try {
            work.run();
        } catch (Violation e) {
            fail(e);
        } catch (IOException e) {
            note(1, () -> "failed: " + e);
        } catch (RuntimeException | AssertionError e) {
            fail(new Violation(Promise.NO_DEFECT, e.toString(), e));
        }
    }

    private void live() throws IOException {
        SplittableRandom draws = new SplittableRandom(seed ^ EVENTS);
        int actors = 2 + draws.nextInt(MAX_ACTORS - 1);
        for (int i = 0; i < actors; i++) {
            if (keeps(new Piece(Piece.Kind.ACTOR, i, 0))) {
                actorsAtWork++;
                new Actor(i, new Client(this, LARGE_SHARE)).begin(0);
            }
        }
        spawn(() -> new Disturbance(this, budget).run(EVENTS));
        while (actorsAtWork > 0 && !hasFailed()) {
            tasks.pause(CHECK_EVERY);
            if (nowNanos() > LONGEST.toNanos()) {
                throw new Violation(Promise.NO_DEFECT, "the actors do not come to an end");
            }
        }
        over = true;
        if (!hasFailed()) {
            try {
                settle();
            } catch (IOException e) {
                throw new Violation(Promise.READABLE, "faults have ended, and yet: " + e, e);
            }
        }
    }

    /** Faults end, what is under way comes to an end, and everything must be there. */
    private void settle() throws IOException {
        weather = Weather.CALM;
        tasks.pause(QUIET);
        sites.forEach(SimulatedSite::recover);
        SimulatedProcess process = newProcess(0);
        NamespaceObjects objects = open(process);
        Client client = new Client(this, 0);
        SplittableRandom draws = new SplittableRandom(seed);
        for (String name : everyName()) {
            read(client, objects, name, draws);
        }
        for (String name : everyName()) {
            shred(objects, name);
        }
        tasks.pause(QUIET);
        objects.close();
        if (!hasFailed()) {
            new Disturbance(this, budget).requireNoGarbage();
            processes.stream().filter(one -> !one.isStopped()).forEach(Run::requireAllClosed);
            tasks.defect().ifPresent(defect -> {
                throw new Violation(Promise.NO_DEFECT, defect.toString(), defect);
            });
        }
    }

    /**
     * What was acknowledged can be read. Only an unacknowledged write may leave it undecided what stands, until somebody writes
     * again: k - 1 sites show it, too few lack it, and one shows nothing but a newer one that was never acknowledged either.
     */
    private void read(Client client, NamespaceObjects objects, String name, SplittableRandom draws) {
        try {
            client.read(objects, name, draws);
        } catch (IOException e) {
            if (model.isSettled(name)) {
                throw new Violation(Promise.READABLE, name + ": " + e, e);
            }
        }
    }

    private Set<String> everyName() {
        Set<String> names = new LinkedHashSet<>(model.names());
        names.addAll(model.copies());
        return names;
    }

    private void shred(NamespaceObjects objects, String name) throws IOException {
        objects.shred(ObjectName.of(name));
        tasks.pause(TIMING.deadline());
        ShredReport report = objects.shred(ObjectName.of(name));
        boolean pending = report.pending().keySet().stream()
                .anyMatch(site -> sites.stream().anyMatch(one -> one.name().equals(site) && !one.isLost()));
        if (pending) {
            throw new Violation(Promise.NO_GARBAGE, name + " cannot be shredded: " + report.pending());
        }
    }

    private static void requireAllClosed(SimulatedProcess process) {
        if (process.leftOpen() != 0) {
            throw new Violation(Promise.ALL_CLOSED, process + " left " + process.leftOpen() + " open");
        }
    }

    private SimulatedProcess newProcess(long wallAheadMicros) {
        SimulatedProcess process = new SimulatedProcess(this, processes.size(), wallAheadMicros);
        processes.add(process);
        return process;
    }

    private NamespaceObjects open(SimulatedProcess process) {
        List<Site> reached = new ArrayList<>();
        for (SimulatedSite site : sites) {
            reached.add(new Site(site.index(), site.name(), process.stores().get(site.index())));
        }
        Facilities facilities = new Facilities(
                dispersals.create(process, TIMING.patience()),
                process,
                new SeededRandom(process.draws(0).nextLong()),
                TIMING);
        return NamespaceObjects.open(new Layout(profile, reached, 1), new byte[16], secret, facilities);
    }

    /** Somebody who has something to do, in one process, and when that stops in another one. */
    private final class Actor {
        private static final long LARGEST_SKEW_MICROS = 5_000_000;

        private final int number;
        private final Role role;

        Actor(int number, Role role) {
            this.number = number;
            this.role = role;
        }

        /** Begins a process that goes on with an operation. */
        void begin(int operation) {
            spawn(() -> {
                SplittableRandom draws = draws(Piece.Kind.ACTOR, number, operation);
                SimulatedProcess process = newProcess(draws.nextLong(-LARGEST_SKEW_MICROS, LARGEST_SKEW_MICROS));
                int[] next = {operation};
                if (draws.nextInt(3) == 0) {
                    process.stopAtCall(draws.nextInt(600), () -> begin(next[0]));
                }
                try (NamespaceObjects objects = open(process)) {
                    while (next[0] < OPERATIONS) {
                        perform(next[0]++, process, objects);
                    }
                }
                actorsAtWork--;
            });
        }

        private void perform(int operation, SimulatedProcess process, NamespaceObjects objects) throws IOException {
            SplittableRandom draws = draws(Piece.Kind.OPERATION, number, operation);
            boolean rests = draws.nextInt(3) == 0;
            tasks.pause(Duration.ofNanos(draws.nextLong(rests ? 3_000_000_000L : 5_000_000L)));
            process.enter();
            if (keeps(new Piece(Piece.Kind.OPERATION, number, operation))) {
                guardExpected(() -> role.perform(operation, objects, draws));
            }
            process.enter();
        }

        private void guardExpected(Work work) {
            try {
                work.run();
            } catch (IOException e) {
                note(2, () -> "actor " + number + ": " + e);
            }
        }
    }
}
