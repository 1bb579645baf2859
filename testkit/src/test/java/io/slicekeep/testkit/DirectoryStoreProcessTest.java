package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.store.DirectoryStore;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several real processes on one directory. */
@Timeout(300)
class DirectoryStoreProcessTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private static byte[] read(DirectoryStore store, BlobKey key) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BlobSource source = store.open(key)) {
            source.transferTo(Channels.newChannel(bytes));
        }
        return bytes.toByteArray();
    }

    private static byte[] whole(String key, String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < StoreChild.PIECES; i++) {
            bytes.write(StoreChild.content(key, content));
        }
        return bytes.toByteArray();
    }

    @Test
    void aKilledProcessLeavesWholeBlobsOnly() throws Exception {
        try (DirectoryStore store = DirectoryStore.create(directory)) {
            for (int round = 0; round < 3; round++) {
                List<String> acknowledged = putAndKill("r" + round + "/", 10 + 7 * round);
                List<String> listed = store.list(new KeyPrefix("r" + round + "/"), null, 10_000).keys().stream()
                        .map(BlobKey::value)
                        .toList();
                assertThat(listed).containsAll(acknowledged);
                for (String key : listed) {
                    assertThat(read(store, BlobKey.of(key))).as(key).isEqualTo(whole(key, "x"));
                }
            }
        }
    }

    private List<String> putAndKill(String prefix, int acknowledgements) throws Exception {
        Process child = StoreChild.start(List.of(), directory.toString(), prefix, "1000000", "x");
        List<String> keys = new ArrayList<>();
        try (BufferedReader lines = child.inputReader()) {
            while (keys.size() < acknowledgements) {
                keys.add(lines.readLine());
            }
            child.toHandle().destroyForcibly(); // Process.destroyForcibly would close what it still has to tell.
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keys.add(line);
            }
        }
        assertThat(child.waitFor()).isNotZero();
        return keys;
    }

    @Test
    void ofTwoProcessesThatCreateOneKeyExactlyOneWins() throws Exception {
        int keys = 100;
        try (DirectoryStore store = DirectoryStore.create(directory)) {
            List<List<String>> printed = new ArrayList<>();
            List<Process> children = List.of(
                    StoreChild.start(List.of(), directory.toString(), "race/k", "" + keys, "one"),
                    StoreChild.start(List.of(), directory.toString(), "race/k", "" + keys, "two"));
            for (Process child : children) {
                printed.add(child.inputReader().lines().toList());
                assertThat(child.waitFor()).isZero();
            }
            for (int i = 0; i < keys; i++) {
                String key = "race/k" + i;
                boolean first = printed.get(0).contains(key);
                assertThat(printed.get(1).contains(key))
                        .as("winners of %s", key)
                        .isNotEqualTo(first);
                assertThat(printed.get(first ? 1 : 0)).contains("exists " + key);
                assertThat(read(store, BlobKey.of(key))).isEqualTo(whole(key, first ? "one" : "two"));
            }
            assertThat(store.list(KeyPrefix.ALL, null, 1000).keys()).hasSize(keys);
        }
    }

    /** The calls that the operating system sees: bytes synced, then the name, then every directory, then the answer. */
    @Test
    void theSystemSeesTheSyncsInTheirOrder() throws Exception {
        Needs.tool("strace");
        DirectoryStore.create(directory).close();
        Path trace = directory.resolveSibling(directory.getFileName() + ".strace");
        List<String> strace = List.of(
                "strace",
                "-f",
                "-y",
                "-o",
                trace.toString(),
                "-e",
                "trace=fsync,fdatasync,link,linkat,mkdir,mkdirat,write");
        Process child = StoreChild.start(strace, directory.toString(), "a/b/k", "1", "x");
        boolean traced = child.inputReader().lines().toList().contains("a/b/k0");
        child.waitFor();
        Needs.that(traced, "strace is not allowed to trace here");
        assertThat(callsAfterOpening(Files.readAllLines(trace)))
                .containsSubsequence(
                        "mkdir a@", "mkdir a@/b@", "link a@/b@/k0", "sync a@/b@", "sync a@", "sync .", "answer")
                .containsSubsequence("sync #tmp/*", "link a@/b@/k0");
        Files.delete(trace);
    }

    private List<String> callsAfterOpening(List<String> trace) {
        String root = Pattern.quote(directory.toString());
        Pattern sync = Pattern.compile("f(?:data)?sync\\(\\d+<" + root + "/?([^>]*)>");
        Pattern made = Pattern.compile("(link|mkdir)(?:at)?\\(.*\"" + root + "/([^\"]*)\"");
        Pattern answer = Pattern.compile("write\\(1<.*\"a/b/k0");
        List<String> calls = new ArrayList<>();
        for (String line : trace) {
            Matcher synced = sync.matcher(line);
            Matcher named = made.matcher(line);
            if (synced.find()) {
                String path = synced.group(1).replaceFirst("#tmp/.*", "#tmp/*");
                calls.add("sync " + (path.isEmpty() ? "." : path));
            } else if (named.find()) {
                calls.add(named.group(1) + " " + named.group(2));
            } else if (answer.matcher(line).find()) {
                calls.add("answer");
            }
        }
        return calls;
    }
}
