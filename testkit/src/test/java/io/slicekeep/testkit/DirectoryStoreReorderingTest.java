package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.store.DirectoryStore;
import io.slicekeep.store.FileLayer;
import io.slicekeep.testkit.CrashableFiles.Choices;
import io.slicekeep.testkit.CrashableFiles.Disk;
import io.slicekeep.testkit.StoreHistory.Known;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All sequences of up to two calls of a directory store, each by a process that may be killed before any of its changes, and then a
 * power cut: every disk that POSIX allows, where of what was not synced any part is left, in any order.
 */
class DirectoryStoreReorderingTest {
    /** {@code -Dslicekeep.acts=3} takes hours. */
    private static final int MOST_ACTS = Integer.getInteger("slicekeep.acts", 2);

    private static final System.Logger LOG = System.getLogger(DirectoryStoreReorderingTest.class.getName());

    @TempDir(factory = RamDirectory.class)
    @SuppressWarnings("NullAway.Init")
    private Path parent;

    private final Set<String> checked = new HashSet<>();

    /** What is done with a store that others may have changed. */
    private enum Act {
        PUT,
        PUT_BESIDE,
        PUT_DEEPER,
        COPY,
        DELETE,
        LIST,
        LIST_PART,
        END_UNFINISHED
    }

    private static void run(Act act, DirectoryStore store, StoreHistory history) throws IOException {
        switch (act) {
            case PUT -> putOnce(store, history, "d/a");
            case PUT_BESIDE -> putOnce(store, history, "d/b");
            case PUT_DEEPER -> putOnce(store, history, "d/e/c");
            case COPY -> {
                if (history.mustStand("d/a") && !history.knows("f/a", Known.PUT_BEGUN)) {
                    history.copy(store, "d/a", "f/a");
                }
            }
            case DELETE -> history.delete(store, "d/a");
            case LIST -> history.list(store, KeyPrefix.ALL);
            case LIST_PART -> history.list(store, new KeyPrefix("d/e/"));
            case END_UNFINISHED -> {
                for (String write : store.unfinished(KeyPrefix.ALL)) {
                    store.endUnfinished(write);
                }
            }
        }
    }

    /** A key has one content, and none again after its deletion. */
    private static void putOnce(DirectoryStore store, StoreHistory history, String key) throws IOException {
        if (history.knows(key, Known.PUT_BEGUN) || history.knows(key, Known.DELETE_BEGUN)) {
            history.putAgain(store, key);
        } else {
            history.put(store, key);
        }
    }

    /** A process was killed: none of its code runs any more, also none that cleans up. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Takes all possibilities one after the other: the last choice that has another goes on to it, those after it begin anew. */
    private static final class AllChoices implements Choices {
        private final List<Integer> taken = new ArrayList<>();
        private final List<Integer> options = new ArrayList<>();
        private int position;

        /** What is left of temporary files makes no difference: nobody looks at them after the power cut. */
        @Override
        public int next(String path, int count) {
            return path.startsWith("#tmp/") ? 0 : next(count);
        }

        int next(int count) {
            if (position == taken.size()) {
                taken.add(0);
                options.add(count);
            }
            assertThat(options.get(position)).isEqualTo(count);
            return taken.get(position++);
        }

        boolean goOn() {
            position = 0;
            while (!taken.isEmpty()) {
                int last = taken.size() - 1;
                if (taken.get(last) + 1 < options.get(last)) {
                    taken.set(last, taken.get(last) + 1);
                    return true;
                }
                taken.remove(last);
                options.remove(last);
            }
            return false;
        }
    }

    @Test
    void noOrderOfUnsyncedChangesBreaksWhatWasAcknowledgedOrShown() throws Exception {
        for (int acts = 1; acts <= MOST_ACTS; acts++) {
            AllChoices choices = new AllChoices();
            do {
                live(acts, choices);
            } while (choices.goOn());
        }
        LOG.log(System.Logger.Level.INFO, "disks: {0}", checked.size());
        assertThat(checked).hasSizeGreaterThan(100);
    }

    private void live(int acts, AllChoices choices) throws IOException {
        Path root = Files.createTempDirectory(parent, "live");
        CrashableFiles files = new CrashableFiles(root);
        StoreHistory history = new StoreHistory();
        try (DirectoryStore store = DirectoryStore.create(root, files.process(call -> {}))) {
            if (choices.next(2) == 1) {
                run(Act.PUT, store, history);
            }
        }
        for (int i = 1; i < acts; i++) {
            Act act = Act.values()[choices.next(Act.values().length)];
            try {
                live(act, root, history, files.process(call -> {
                    if (changes(call) && choices.next(2) == 1) {
                        throw new Killed();
                    }
                }));
            } catch (Killed e) {
                assertThat(i).isLessThan(acts); // Another goes on.
            }
        }
        live(Act.values()[choices.next(Act.values().length)], root, history, files.process(call -> {
            if (call.startsWith("sync ") || call.startsWith("fsync ")) {
                cutPower(files, history); // What may be on the disk only grows until something is synced.
            }
        }));
        cutPower(files, history);
        delete(root);
    }

    private static void live(Act act, Path root, StoreHistory history, FileLayer files) throws IOException {
        try (DirectoryStore store = DirectoryStore.open(root, files)) {
            run(act, store, history);
        }
    }

    private static boolean changes(String call) {
        return Stream.of("create", "link", "rename", "delete", "write", "sync", "fsync")
                .anyMatch(call::startsWith);
    }

    private void cutPower(CrashableFiles files, StoreHistory history) throws IOException {
        AllChoices choices = new AllChoices();
        do {
            Disk disk = files.afterPowerCut(choices);
            if (checked.add(history + "\n" + disk)) {
                Path directory = Files.createTempDirectory(parent, "disk");
                disk.writeTo(directory);
                history.check(directory);
                delete(directory);
            }
        } while (choices.goOn());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
