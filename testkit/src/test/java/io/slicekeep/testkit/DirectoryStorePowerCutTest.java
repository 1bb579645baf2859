package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.store.DirectoryStore;
import io.slicekeep.store.FileLayer;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.testkit.CrashableFiles.Unsynced;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes work on one directory and are killed at any call; then the power is cut, and of what was not synced any part
 * is left. What was acknowledged, and what anybody was shown, must be there; nothing may be there by halves. What was missing
 * in a listing that showed its directory must be gone.
 */
class DirectoryStorePowerCutTest {
    private static final int SEEDS = 100;
    private static final int PROCESSES = 3;
    private static final int OPERATIONS = 6;

    @TempDir(factory = RamDirectory.class)
    @SuppressWarnings("NullAway.Init")
    private Path parent;

    /** What somebody knows of a key; the test asks what of it still holds. */
    private enum Known {
        PUT_BEGUN,
        PUT_DONE,
        SHOWN,
        DELETE_BEGUN,
        DELETE_DONE,
        SHOWN_AS_DELETED
    }

    /** What all processes together did and were told. */
    private static final class History {
        private final Map<String, Set<Known>> keys = new TreeMap<>();

        void note(String key, Known fact) {
            keys.computeIfAbsent(key, unused -> EnumSet.noneOf(Known.class)).add(fact);
        }

        boolean knows(String key, Known fact) {
            return keys.getOrDefault(key, Set.of()).contains(fact);
        }

        List<String> with(Known fact) {
            return keys.keySet().stream().filter(key -> knows(key, fact)).toList();
        }

        boolean mustStand(String key) {
            return (knows(key, Known.PUT_DONE) || knows(key, Known.SHOWN)) && !knows(key, Known.DELETE_BEGUN);
        }

        boolean mustBeGone(String key) {
            return knows(key, Known.DELETE_DONE) || knows(key, Known.SHOWN_AS_DELETED);
        }
    }

    /** A process was killed: none of its code runs any more, also none that cleans up. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void whatWasAcknowledgedOrShownSurvivesAPowerCut() {
        SimulatedTasks.forEachSeed(SEEDS, tasks -> {
            Path root = Files.createTempDirectory(parent, "live");
            Random random =
                    new Random(ByteBuffer.wrap(tasks.random().bytes(Long.BYTES)).getLong());
            World world = new World(tasks, new CrashableFiles(root), root, random, new History());
            DirectoryStore.create(root, world.files.process(tasks::step)).close();
            try (TaskGroup<Boolean> group = tasks.group()) {
                for (int process = 0; process < PROCESSES; process++) {
                    String name = "p" + process;
                    group.fork(process, () -> live(name, world));
                }
                awaitAll(tasks, group);
            }
            check(world);
        });
    }

    @Test
    void aDeletionThatAnotherLeftUnsyncedIsMadeDurable() throws Exception {
        Path root = Files.createTempDirectory(parent, "live");
        CrashableFiles files = new CrashableFiles(root);
        History history = new History();
        DirectoryStore.create(root, files.process(call -> {})).close();
        BlobStore killed = DirectoryStore.open(root, files.process(call -> {
            if (call.equals("sync d@") && history.knows("d/k", Known.DELETE_BEGUN)) {
                throw new Killed();
            }
        }));
        put(killed, "d/k", history);
        assertThatThrownBy(() -> delete(killed, "d/k", history)).isInstanceOf(Killed.class);
        delete(DirectoryStore.open(root, files.process(call -> {})), "d/k", history);
        Path disk = Files.createTempDirectory(parent, "disk");
        files.afterPowerCut(disk, Unsynced.LOST, new Random(0));
        checkDisk(disk, history);
    }

    @Test
    void aDirectoryThatAStoppedCreationLeftUnsyncedIsMadeDurable() throws Exception {
        Path machine = Files.createTempDirectory(parent, "live");
        CrashableFiles files = new CrashableFiles(machine);
        Path root = machine.resolve("new").resolve("store");
        FileLayer killed = files.process(call -> {
            if (call.equals("sync new")) {
                throw new Killed();
            }
        });
        assertThatThrownBy(() -> DirectoryStore.create(root, killed)).isInstanceOf(Killed.class);
        DirectoryStore.create(root, files.process(call -> {})).close();
        Path disk = Files.createTempDirectory(parent, "disk");
        files.afterPowerCut(disk, Unsynced.LOST, new Random(0));
        DirectoryStore.open(disk.resolve("new").resolve("store")).close();
    }

    private record World(SimulatedTasks tasks, CrashableFiles files, Path root, Random random, History history) {}

    private static void awaitAll(SimulatedTasks tasks, TaskGroup<Boolean> group) throws IOException {
        while (group.underWay() > 0) {
            try {
                Outcome<Boolean> outcome = group.next(tasks.deadline(Duration.ofDays(1)));
                assertThat(outcome)
                        .isNotNull()
                        .satisfies(o -> assertThat(o.failure()).isNull());
            } catch (Killed e) {
                assertThat(group.underWay()).isLessThan(PROCESSES);
            }
        }
    }

    private boolean live(String name, World world) throws IOException {
        int[] callsLeft = {world.random.nextInt(400)};
        BlobStore store = DirectoryStore.open(world.root, world.files.process(call -> {
            if (callsLeft[0]-- <= 0) {
                throw new Killed();
            }
            world.tasks.step(call);
        }));
        for (int i = 0; i < OPERATIONS; i++) {
            operate(name + i, store, world);
            check(world);
        }
        return true;
    }

    private static void operate(String name, BlobStore store, World world) throws IOException {
        List<String> known = world.history.with(Known.PUT_BEGUN);
        int choice = world.random.nextInt(10);
        if (choice < 4 || known.isEmpty()) {
            put(store, "d/" + (world.random.nextBoolean() ? "e/" : name + "/f/") + name, world.history);
            return;
        }
        String key = known.get(world.random.nextInt(known.size()));
        if (choice < 6) {
            delete(store, key, world.history);
        } else if (choice < 8) {
            putAgain(store, key, world.history);
        } else {
            list(store, new KeyPrefix(world.random.nextBoolean() ? directory(key) : ""), world.history);
        }
    }

    private static void put(BlobStore store, String key, History history) throws IOException {
        history.note(key, Known.PUT_BEGUN);
        try (BlobSink sink = store.create(BlobKey.of(key))) {
            sink.write(ByteBuffer.wrap(content(key)));
            sink.commit();
        }
        history.note(key, Known.PUT_DONE);
    }

    /** Asks whether a key stands, as a writer does who tries again. Nothing is committed: keys have one content. */
    private static void putAgain(BlobStore store, String key, History history) throws IOException {
        try (BlobSink sink = store.create(BlobKey.of(key))) {
            assertThat(sink.isOpen()).isTrue();
        } catch (BlobExistsException e) {
            history.note(key, Known.SHOWN);
        }
    }

    /** A deletion that overlaps the put may come before it, and then says nothing about it. */
    private static void delete(BlobStore store, String key, History history) throws IOException {
        boolean stood = history.knows(key, Known.PUT_DONE) || history.knows(key, Known.SHOWN);
        history.note(key, Known.DELETE_BEGUN);
        store.delete(BlobKey.of(key));
        if (stood) {
            history.note(key, Known.DELETE_DONE);
        }
    }

    private static void list(BlobStore store, KeyPrefix prefix, History history) throws IOException {
        List<String> doneBefore = history.with(Known.PUT_DONE);
        List<String> shown = new ArrayList<>();
        store.list(prefix, null, 1000).keys().forEach(key -> shown.add(key.value()));
        shown.forEach(key -> history.note(key, Known.SHOWN));
        for (String key : doneBefore) {
            if (prefix.matches(BlobKey.of(key)) && !shown.contains(key)) {
                assertThat(history.knows(key, Known.DELETE_BEGUN))
                        .as("missing: %s", key)
                        .isTrue();
                if (shown.stream().anyMatch(other -> directory(other).equals(directory(key)))) {
                    history.note(key, Known.SHOWN_AS_DELETED);
                }
            }
        }
    }

    private static String directory(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    /** Whoever was told something may act on it at once, so a cut right after each answer must not make it untrue. */
    private void check(World world) throws IOException {
        for (Unsynced unsynced : Unsynced.values()) {
            Path disk = Files.createTempDirectory(parent, "disk");
            world.files.afterPowerCut(disk, unsynced, world.random);
            checkDisk(disk, world.history);
        }
    }

    private static void checkDisk(Path disk, History history) throws IOException {
        try (BlobStore store = DirectoryStore.open(disk, new UnsyncedFiles())) {
            List<String> found = new ArrayList<>();
            for (BlobKey key : store.list(KeyPrefix.ALL, null, 1000).keys()) {
                found.add(key.value());
                assertThat(read(store, key)).as("content of %s", key).isEqualTo(content(key.value()));
            }
            assertThat(history.keys.keySet()).containsAll(found);
            assertThat(history.keys.keySet().stream().filter(history::mustStand))
                    .as("acknowledged or shown")
                    .isSubsetOf(found);
            assertThat(found).as("deleted").noneMatch(history::mustBeGone);
        }
    }

    private static byte[] content(String key) {
        return ("content of " + key).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] read(BlobStore store, BlobKey key) throws IOException {
        try (BlobSource source = store.open(key)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) source.length());
            source.readFullyAt(0, bytes);
            return bytes.array();
        }
    }
}
