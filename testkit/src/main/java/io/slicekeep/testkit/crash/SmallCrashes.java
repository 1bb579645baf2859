package io.slicekeep.testkit.crash;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.ObjectHealth;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.testkit.simulator.Simulator.DispersalFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * All sequences of a few operations out of fourteen, and in each a process that stops at every store call of the last one.
 * Whatever it leaves, others must find what stood before or after it, all the same, whole again after a repair, writable, and
 * gone without a trace when it is shredded and collected. A stop in an earlier operation is the last of a shorter sequence.
 * Confined to one thread.
 */
public final class SmallCrashes {
    private final DispersalFactory dispersals;
    private final int longest;
    private final Found found = new Found();

    /**
     * Creates a search.
     *
     * @param dispersals slices what is sliced
     * @param longest how many operations a sequence has at most
     */
    public SmallCrashes(DispersalFactory dispersals, int longest) {
        this.dispersals = dispersals;
        this.longest = longest;
    }

    /** What a search has seen. Confined to one thread at a time. */
    public static final class Found {
        private final List<String> broken = new ArrayList<>();
        private long sequences;
        private long crashes;

        /** Nothing yet. */
        public Found() {}

        /**
         * Adds what another search has seen.
         *
         * @param other of other sequences
         */
        public void add(Found other) {
            broken.addAll(other.broken);
            sequences += other.sequences;
            crashes += other.crashes;
        }

        /**
         * Returns how many sequences were tried.
         *
         * @return at least 0
         */
        public long sequences() {
            return sequences;
        }

        /**
         * Returns how many crashes were recovered from.
         *
         * @return at least 0
         */
        public long crashes() {
            return crashes;
        }

        /**
         * Returns what was not as it should be.
         *
         * @return a line for each: the sequence, the call, what was wrong
         */
        public List<String> broken() {
            return List.copyOf(broken);
        }

        @Override
        public String toString() {
            return sequences + " sequences, " + crashes + " crashes: " + broken.size()
                    + " not recovered from as documented";
        }
    }

    /**
     * Searches all sequences that begin with one operation.
     *
     * @param first one of {@link #operations()}
     * @return what was found
     */
    public Found search(String first) {
        explore(new Moment(List.of(), World.emptySites(), Map.of()), Act.valueOf(first));
        return found;
    }

    /**
     * Returns the operations that sequences are made of.
     *
     * @return their names
     */
    public static List<String> operations() {
        return Arrays.stream(Act.values()).map(Act::name).toList();
    }

    /** What stands after some operations. */
    private record Moment(List<Act> acts, List<MemoryStore> sites, Map<ObjectName, Value> objects) {
        Moment then(Act act, List<MemoryStore> after, Map<ObjectName, Value> stands) {
            List<Act> longer = new ArrayList<>(acts);
            longer.add(act);
            return new Moment(List.copyOf(longer), after, stands);
        }

        int number() {
            return acts.size() + 1;
        }

        long seed(Act next) {
            return (acts + " " + next).hashCode();
        }
    }

    private void explore(Moment moment, Act act) {
        List<Map<ObjectName, Value>> steps = act.steps(moment.objects(), moment.number());
        Map<ObjectName, Value> done = steps.get(steps.size() - 1);
        Moment next;
        int calls;
        try (World world = world(moment, act)) {
            calls = world.count(objects -> perform(act, objects, moment.number()));
            requireSame(done, world.live(Names::observe), "it was done");
            next = moment.then(act, world.sites(), done);
        } catch (IOException | AssertionError e) {
            note(moment, act, "at no call", e);
            return;
        }
        found.sequences++;
        for (int lifetime = 0; lifetime < calls; lifetime++) {
            crash(moment, act, lifetime, steps);
        }
        if (next.acts().size() < longest) {
            for (Act following : Act.values()) {
                explore(next, following);
            }
        }
    }

    private void crash(Moment moment, Act act, int lifetime, List<Map<ObjectName, Value>> steps) {
        found.crashes++;
        try (World world = world(moment, act)) {
            boolean done = world.stop(objects -> perform(act, objects, moment.number()), lifetime);
            Map<ObjectName, Value> stands = world.live(Names::observe);
            if (done) {
                requireSame(steps.get(steps.size() - 1), stands, "it was acknowledged");
            } else if (!steps.contains(stands)) {
                throw new Broken("found " + stands + ", expected one of " + steps);
            }
            recover(world, stands);
        } catch (IOException | AssertionError e) {
            note(moment, act, "after " + lifetime + " calls", e);
        }
    }

    private static void recover(World world, Map<ObjectName, Value> stands) throws IOException {
        requireSame(stands, world.live(Names::observe), "another process has read it");
        world.live(SmallCrashes::repair);
        world.live(SmallCrashes::requireWhole);
        requireSame(stands, world.live(Names::observe), "it was repaired");
        world.live(objects -> perform(Act.PUT_SMALL_A, objects, 1000));
        Map<ObjectName, Value> rewritten = Act.PUT_SMALL_A.steps(stands, 1000).get(1);
        requireSame(rewritten, world.live(Names::observe), "it was written again");
        world.live(SmallCrashes::shredAll);
        world.waitForOrphans();
        world.live(objects -> perform(Act.COLLECT, objects, 0));
        world.sites().forEach(SmallCrashes::requireEmpty);
    }

    private static boolean perform(Act act, NamespaceObjects objects, int number) throws IOException {
        act.perform(objects, number);
        return true;
    }

    private static boolean repair(NamespaceObjects objects) throws IOException {
        return perform(Act.REPAIR, objects, 0);
    }

    private static boolean requireWhole(NamespaceObjects objects) throws IOException {
        for (ObjectName name : Names.ALL) {
            try {
                ObjectHealth health = objects.inspect(name, Depth.DEEP);
                if (!health.bad().isEmpty()) {
                    throw new Broken("repaired, and yet " + name + " is not whole: " + health.bad());
                }
            } catch (ObjectNotFoundException e) {
                // What is not there cannot be broken.
            }
        }
        return true;
    }

    /** A deletion would not notice what stands at one site and was never acknowledged. */
    private static boolean shredAll(NamespaceObjects objects) throws IOException {
        for (ObjectName name : Names.ALL) {
            objects.shred(name);
        }
        return true;
    }

    private static void requireEmpty(MemoryStore site) {
        List<BlobKey> left = site.list(KeyPrefix.ALL, null, 10).keys();
        if (!left.isEmpty()) {
            throw new Broken("all was shredded and collected, and yet there is " + left);
        }
    }

    private static void requireSame(Map<ObjectName, Value> expected, Map<ObjectName, Value> found, String when) {
        if (!expected.equals(found)) {
            throw new Broken(when + ", and yet there is " + found + ", not " + expected);
        }
    }

    private World world(Moment moment, Act act) throws IOException {
        return new World(dispersals, moment.sites(), moment.seed(act), moment.number());
    }

    private void note(Moment moment, Act act, String where, Throwable wrong) {
        found.broken.add(moment.acts() + ", then " + act + " stopped " + where + ": " + wrong);
    }
}
