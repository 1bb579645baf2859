package io.slicekeep.cli.kills;

import io.slicekeep.Keep;
import io.slicekeep.cli.KeepFixture;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Cycles of: start a command on a keep of six directories, kill it with SIGKILL at a random moment or let it end, open the keep,
 * compare everything with what was acknowledged, and make it whole. Confined to one thread.
 */
final class KillCycles {
    private static final int NAMES = 8;
    private static final String FOLDER = "k";

    /** A site that comes and goes. */
    private static final String SEVENTH = "g";

    private final KeepFixture keep;
    private final Random random;
    private final Expected expected = new Expected();
    private final Map<Deed, Double> seconds = new EnumMap<>(Deed.class);
    private final Map<Deed, Integer> kills = new EnumMap<>(Deed.class);
    private @Nullable Change change;
    private boolean seven;
    private int faults = 1;
    private int values;
    private int cycle;

    /** What is killed. */
    enum Deed {
        PUT,
        REMOVE,
        REPAIR,
        COLLECT,
        ROTATE,
        CHANGE
    }

    /** What is done to a site: another directory takes its place, or it comes, or it goes. Or to the profile, if none is named. */
    private record Change(Kind kind, String site, Path directory, boolean lost, int faults) {
        enum Kind {
            REPLACE,
            ADD,
            REMOVE,
            PROFILE
        }

        /** Tells whether the directory of the site is not used any more. */
        boolean takesLeave() {
            return kind == Kind.REPLACE || kind == Kind.REMOVE;
        }

        String[] line() {
            List<String> line = new ArrayList<>(
                    switch (kind) {
                        case REPLACE -> List.of("site", "replace", site, directory.toString());
                        case ADD -> List.of("site", "add", site, directory.toString());
                        case REMOVE -> List.of("site", "remove", site);
                        case PROFILE -> List.of("profile", "set", "4+3,f=" + faults);
                    });
            if (lost) {
                line.add("--lost");
            }
            return line.toArray(String[]::new);
        }
    }

    KillCycles(KeepFixture keep, long seed) {
        this.keep = keep;
        this.random = new Random(seed);
    }

    /** Returns how many were killed before they had ended. */
    Map<Deed, Integer> kills() {
        return kills;
    }

    void run(int cycles) throws Exception {
        Deed[] deeds = Deed.values();
        for (cycle = 0; cycle < cycles; cycle++) {
            Deed deed = cycle < deeds.length ? deeds[cycle] : draw();
            try {
                perform(deed);
                check();
            } catch (IOException | AssertionError e) {
                throw new AssertionError("cycle " + cycle + ", " + deed + "; expected " + expected + ": " + e, e);
            }
        }
    }

    private Deed draw() {
        int drawn = random.nextInt(100);
        if (drawn < 45) {
            return Deed.PUT;
        }
        if (drawn < 70) {
            return change == null && drawn < 55 ? Deed.REPAIR : Deed.CHANGE;
        }
        return drawn < 85 ? Deed.REMOVE : drawn < 97 ? Deed.ROTATE : Deed.COLLECT;
    }

    /** Ends what was begun, and checks once more. */
    void end() throws Exception {
        if (change != null) {
            keep.run(change.line()).expect(ExitCode.OK);
            endChange(change);
        }
        check();
    }

    private void perform(Deed deed) throws Exception {
        switch (deed) {
            case PUT -> put();
            case REMOVE -> remove();
            case REPAIR -> repair();
            case COLLECT -> kill(deed, collector());
            case ROTATE -> kill(deed, keep.cli.start(List.of(), "key", "rotate", "--key", "k"));
            case CHANGE -> change();
        }
    }

    private void put() throws Exception {
        Path source = Files.createDirectory(keep.path("source-" + cycle));
        Map<String, Integer> put = new TreeMap<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            put.put("o" + random.nextInt(NAMES), ++values);
        }
        for (Map.Entry<String, Integer> one : put.entrySet()) {
            Files.write(source.resolve(one.getKey()), Expected.bytes(one.getValue()));
            expected.mayBe(one.getKey(), one.getValue());
        }
        if (kill(Deed.PUT, keep.cli.start(List.of(), "put", source.toString(), "/" + FOLDER))) {
            put.forEach(expected::is);
        }
    }

    private void remove() throws Exception {
        List<String> names = List.of("o" + random.nextInt(NAMES), "o" + random.nextInt(NAMES));
        names.forEach(name -> expected.mayBe(name, Expected.NOTHING));
        Process rm = keep.cli.start(List.of(), "rm", "-f", path(names.get(0)), path(names.get(1)));
        if (kill(Deed.REMOVE, rm)) {
            names.forEach(name -> expected.is(name, Expected.NOTHING));
        }
    }

    /** One site loses some of what it has, or all of it rots. */
    private void repair() throws Exception {
        String site = KeepFixture.NAMES.get(random.nextInt(KeepFixture.NAMES.size()));
        if (random.nextBoolean()) {
            keep.rot(site);
        } else {
            for (Path blob : keep.blobs(site)) {
                if (random.nextBoolean()) {
                    Files.delete(blob);
                }
            }
        }
        kill(Deed.REPAIR, keep.cli.start(List.of(), "repair"));
    }

    /** Begins a change, or goes on with the one that was killed. A former directory is gone before or afterwards. */
    private void change() throws Exception {
        if (change == null) {
            change = drawChange();
            if (change.lost()) {
                keep.lose(change.site());
            }
        }
        if (kill(Deed.CHANGE, keep.cli.start(List.of(), change.line()))) {
            endChange(change);
        }
    }

    private Change drawChange() {
        Path directory = keep.path("new-" + cycle);
        boolean lost = random.nextBoolean();
        int drawn = random.nextInt(4);
        if (drawn < 2) {
            String site = KeepFixture.NAMES.get(random.nextInt(KeepFixture.NAMES.size()));
            return new Change(Change.Kind.REPLACE, site, directory, lost, faults);
        }
        if (!seven) {
            return new Change(Change.Kind.ADD, SEVENTH, directory, false, faults);
        }
        return drawn == 2
                ? new Change(Change.Kind.REMOVE, SEVENTH, directory, lost, faults)
                : new Change(Change.Kind.PROFILE, "", directory, false, 1 - faults);
    }

    private void endChange(Change done) throws IOException {
        if (done.takesLeave() && !done.lost()) {
            keep.lose(done.site());
        }
        keep.moved(done.site(), done.directory());
        switch (done.kind()) {
            case ADD -> {
                seven = true;
                faults = 1;
            }
            case REMOVE -> seven = false;
            case PROFILE -> faults = done.faults();
            case REPLACE -> {}
        }
        change = null;
    }

    private Process collector() throws IOException {
        return keep.cli.start(
                Collector.class,
                List.of(),
                keep.keepFile().toString(),
                keep.keystore().toString());
    }

    private static String path(String name) {
        return "/" + FOLDER + "/" + name;
    }

    /**
     * Kills a process at a moment when it may be doing anything; every few times lets it end, to learn how long it takes now.
     * Returns whether it had ended well by itself.
     */
    private boolean kill(Deed deed, Process process) throws Exception {
        long started = System.nanoTime();
        Double typical = seconds.get(deed);
        if (typical == null || random.nextInt(6) == 0) {
            process.waitFor();
        } else if (!process.waitFor(
                (long) (typical * (0.2 + 0.9 * random.nextDouble()) * 1e6), TimeUnit.MICROSECONDS)) {
            process.destroyForcibly().waitFor();
            kills.merge(deed, 1, Integer::sum);
            return false;
        }
        seconds.put(deed, (System.nanoTime() - started) / 1e9);
        if (process.exitValue() != 0) {
            String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            throw new AssertionError(deed + " ended with " + process.exitValue() + ": " + said);
        }
        return true;
    }

    /** Everything must be there, and can be made whole. */
    private void check() throws IOException {
        try (Keep open = keep.open()) {
            Set<String> there = new TreeSet<>();
            for (int i = 0; i < NAMES; i++) {
                String name = "o" + i;
                int value = read(open.objects(), name);
                if (!expected.allows(name, value)) {
                    throw new AssertionError(name + " is " + value);
                }
                expected.is(name, value);
                if (value != Expected.NOTHING) {
                    there.add(name);
                    makeWhole(open.objects(), name);
                }
            }
            if (!listed(open.objects()).equals(there)) {
                throw new AssertionError("listed " + listed(open.objects()) + ", read " + there);
            }
        }
    }

    private static int read(ObjectStore objects, String name) throws IOException {
        try (Source source = objects.open(object(name), Freshness.PROVEN)) {
            byte[] bytes = new byte[Math.toIntExact(source.length())];
            source.readFullyAt(0, ByteBuffer.wrap(bytes));
            int number = Expected.number(bytes);
            if (!Arrays.equals(bytes, Expected.bytes(number))) {
                throw new AssertionError(name + " has wrong bytes");
            }
            return number;
        } catch (ObjectNotFoundException e) {
            return Expected.NOTHING;
        }
    }

    private void makeWhole(ObjectStore objects, String name) throws IOException {
        if (!bad(objects, name).isEmpty()) {
            objects.repair(object(name), Depth.DEEP);
            Map<String, String> left = bad(objects, name);
            if (!left.isEmpty()) {
                throw new AssertionError(name + " was repaired, and is not whole: " + left);
            }
        }
    }

    /** Returns the sites without a good copy, and why; while one comes or goes it may be lost, or not ready. */
    private Map<String, String> bad(ObjectStore objects, String name) throws IOException {
        Map<String, String> bad =
                new TreeMap<>(objects.inspect(object(name), Depth.DEEP).bad());
        if (change != null && !change.site().isEmpty()) {
            String changing = change.site();
            bad.entrySet()
                    .removeIf(entry -> entry.getKey().startsWith(changing)
                            && entry.getValue().startsWith("away: "));
        }
        return bad;
    }

    private static Set<String> listed(ObjectStore objects) throws IOException {
        var query = new ObjectStore.ListQuery(ObjectName.of(FOLDER + "/"), false, null, 100, Freshness.PROVEN);
        return objects.list(query).entries().stream()
                .map(entry -> entry.name().toString().substring(FOLDER.length() + 1))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static ObjectName object(String name) {
        return ObjectName.of(FOLDER + "/" + name);
    }
}
