package io.slicekeep.testkit.simulator;

import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.object.Facilities;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.task.Deadline;
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
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(300)),
            Duration.ofMinutes(2));

    /** G: nobody acts later than that on what he saw before. */
    static final Duration GRACE = TIMING.deadline().multipliedBy(4);

    private static final List<Profile> PROFILES = List.of(
            Profile.parse("4+2"),
            Profile.parse("4+2"),
            Profile.parse("4+2,f=1"),
            Profile.parse("4+2,f=1"),
            Profile.parse("2+1"),
            Profile.parse("2+1,f=1,away=0"),
            Profile.parse("2+2"),
            Profile.parse("2+3"),
            Profile.parse("1+0"),
            Profile.parse("1+0"),
            Profile.parse("3+3,f=1,away=1"),
            Profile.parse("4+4,f=1,away=1"),
            Profile.parse("10+6,f=1"));
    private static final List<Duration> LEASES = List.of(Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(30));
    private static final int EVENTS = 100;
    private static final int MAX_CLIENTS = 4;
    private static final int SLOWNESS = 10;
    private static final Duration REST = Duration.ofSeconds(3);
    private static final Duration FIRST_CHECK = Duration.ofSeconds(1);
    private static final Duration LAST_CHECK = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofDays(30);

    private final long seed;
    private final DispersalFactory dispersals;
    private final NamespaceMode mode;
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
    private final Weather storm;
    private final Keep keep;
    private Weather weather = Weather.CALM;
    private int actorsAtWork;
    private boolean over;
    private @Nullable Violation failure;

    Run(long seed, DispersalFactory dispersals, NamespaceMode mode, Set<Piece> leftOut, boolean wordy) {
        this.seed = seed;
        this.dispersals = dispersals;
        this.mode = mode;
        this.leftOut = leftOut;
        this.tasks = new SimulatedTasks(seed);
        this.journal = new Journal(wordy);
        SplittableRandom draws = new SplittableRandom(seed);
        this.profile = PROFILES.get(draws.nextInt(PROFILES.size()));
        this.budget = FaultBudget.draw(profile, draws);
        this.storm = Weather.draw(draws);
        this.sitesCopy = draws.nextInt(4) == 0;
        for (int i = 0; i < profile.sites(); i++) {
            addSite(i);
        }
        this.keep = draw(draws);
    }

    private Keep draw(SplittableRandom draws) {
        OpenSecret secret = OpenSecret.random(KeyContext.EMPTY, new SeededRandom(seed));
        boolean oneStoreDecides = profile.sites() == 1 && draws.nextBoolean();
        Duration lease = LEASES.get(draws.nextInt(LEASES.size()));
        return draws.nextInt(4) == 0
                ? new ChangingKeep(this, budget, secret, lease)
                : new FixedKeep(this, secret, oneStoreDecides);
    }

    /** Runs to the end, or to the first broken promise. */
    Report report() {
        tally.seed();
        note(0, () -> "seed " + seed + ": " + profile + ", " + budget + ", " + storm);
        try (tasks) {
            guard(this::liveAndSettle);
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

    NamespaceMode mode() {
        return mode;
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

    void spawn(Work work) {
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

    /** In a task of its own, since that is cheaper than the thread that waits for it. */
    private void liveAndSettle() throws IOException {
        try (TaskGroup<Boolean> group = tasks.group()) {
            group.fork(0, () -> {
                guard(this::live);
                return true;
            });
            group.next(new Deadline(tasks, Long.MAX_VALUE));
        }
    }

    private void live() throws IOException {
        keep.found();
        weather = storm;
        SplittableRandom draws = new SplittableRandom(seed ^ EVENTS);
        int slowness = draws.nextInt(3) == 0 ? SLOWNESS : 1;
        List<Role> cast = cast(draws, REST.multipliedBy(slowness));
        for (int i = 0; i < cast.size(); i++) {
            if (keeps(new Piece(Piece.Kind.ACTOR, i, 0))) {
                actorsAtWork++;
                new Actor(this, i, cast.get(i)).begin(0);
            }
        }
        spawn(() -> new Disturbance(this, budget, slowness).run(EVENTS));
        Duration check = FIRST_CHECK;
        while (actorsAtWork > 0 && !hasFailed()) {
            tasks.pause(check);
            check = check.compareTo(LAST_CHECK) < 0 ? check.multipliedBy(2) : check;
            if (nowNanos() > LONGEST.toNanos()) {
                throw new Violation(Promise.NO_DEFECT, "the actors do not come to an end");
            }
        }
        over = true;
        if (!hasFailed()) {
            new Settlement(this, budget).check();
        }
    }

    /** Draws who acts: clients always, everybody else in some runs. */
    private List<Role> cast(SplittableRandom draws, Duration rest) {
        List<Role> cast = new ArrayList<>();
        Client client = new Client(this, rest);
        add(cast, 1 + draws.nextInt(MAX_CLIENTS), () -> new Client(this, rest));
        add(cast, draws.nextInt(4) - 1, () -> new Repairer(this, client));
        add(cast, draws.nextInt(4) - 1, () -> new Collector(this));
        add(cast, draws.nextInt(4) == 0 ? 1 + draws.nextInt(2) : 0, () -> new Scrubber(this));
        if (keep instanceof ChangingKeep changing) {
            add(cast, 1 + draws.nextInt(2), () -> new Replacer(this, changing));
            add(cast, draws.nextInt(3), () -> new Reshaper(this, changing));
        } else {
            add(cast, draws.nextInt(3) == 0 ? 2 + draws.nextInt(2) : 0, () -> new Changer(this));
        }
        return cast;
    }

    private static void add(List<Role> cast, int count, Supplier<Role> role) {
        for (int i = 0; i < count; i++) {
            cast.add(role.get());
        }
    }

    /** An actor has done all that it had to do. */
    void ended() {
        actorsAtWork--;
    }

    /** From now on nothing goes wrong on the way. */
    void calm() {
        weather = Weather.CALM;
    }

    Profile profile() {
        return profile;
    }

    Keep keep() {
        return keep;
    }

    Dispersal newDispersal(SimulatedProcess process) {
        return dispersals.create(process, TIMING.patience());
    }

    /** Opens the namespace that is used. */
    NamespaceObjects objects(Layouts layouts, byte[] id, OpenSecret secret, Facilities facilities) {
        return mode == NamespaceMode.LWW
                ? NamespaceObjects.open(layouts, id, secret, facilities)
                : NamespaceObjects.openConditional(layouts, id, secret, facilities);
    }

    SimulatedProcess newProcess(Clock clock, boolean hasKeys) {
        SimulatedProcess process = new SimulatedProcess(this, processes.size(), clock, hasKeys);
        processes.add(process);
        return process;
    }

    /** Adds a site that holds one of the n slices. */
    SimulatedSite addSite(int slice) {
        SimulatedSite site = new SimulatedSite(sites.size(), slice, profile.sites());
        sites.add(site);
        return site;
    }
}
