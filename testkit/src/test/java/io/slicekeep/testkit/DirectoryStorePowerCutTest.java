package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.store.DirectoryStore;
import io.slicekeep.store.FileLayer;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.testkit.CrashableFiles.Choices;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
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
            World world = new World(tasks, new CrashableFiles(root), root, random, new StoreHistory());
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
        StoreHistory history = new StoreHistory();
        DirectoryStore.create(root, files.process(call -> {})).close();
        BlobStore killed = DirectoryStore.open(root, files.process(call -> {
            if (call.equals("sync d@") && history.knows("d/k", StoreHistory.Known.DELETE_BEGUN)) {
                throw new Killed();
            }
        }));
        history.put(killed, "d/k");
        assertThatThrownBy(() -> history.delete(killed, "d/k")).isInstanceOf(Killed.class);
        history.delete(DirectoryStore.open(root, files.process(call -> {})), "d/k");
        Path disk = Files.createTempDirectory(parent, "disk");
        files.afterPowerCut(Choices.LOST).writeTo(disk);
        history.check(disk);
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
        files.afterPowerCut(Choices.LOST).writeTo(disk);
        DirectoryStore.open(disk.resolve("new").resolve("store")).close();
    }

    private record World(SimulatedTasks tasks, CrashableFiles files, Path root, Random random, StoreHistory history) {}

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
        List<String> known = world.history.with(StoreHistory.Known.PUT_BEGUN);
        int choice = world.random.nextInt(10);
        if (choice < 4 || known.isEmpty()) {
            world.history.put(store, "d/" + (world.random.nextBoolean() ? "e/" : name + "/f/") + name);
            return;
        }
        String key = known.get(world.random.nextInt(known.size()));
        if (choice < 6) {
            world.history.delete(store, key);
        } else if (choice < 8) {
            world.history.putAgain(store, key);
        } else {
            world.history.list(store, new KeyPrefix(world.random.nextBoolean() ? StoreHistory.directory(key) : ""));
        }
    }

    /** Whoever was told something may act on it at once, so a cut right after each answer must not make it untrue. */
    private void check(World world) throws IOException {
        for (Choices choices : List.<Choices>of(Choices.LOST, (path, options) -> world.random.nextInt(options))) {
            Path disk = Files.createTempDirectory(parent, "disk");
            world.files.afterPowerCut(choices).writeTo(disk);
            world.history.check(disk);
        }
    }
}
