package io.slicekeep.jmh;

import io.slicekeep.Keep;
import io.slicekeep.KeepOptions;
import io.slicekeep.KeepSpec;
import io.slicekeep.SitePath;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.key.KeyRing;
import io.slicekeep.kms.local.LocalKeystore;
import io.slicekeep.scrub.ScrubListener;
import io.slicekeep.scrub.ScrubOptions;
import io.slicekeep.scrub.ScrubOptions.Depth;
import io.slicekeep.scrub.ScrubReport;
import io.slicekeep.task.ExecutorTasks;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How fast a deep scrub reads the slices of directory sites per core, against {@code cat} of the same files, turn by turn in one
 * run with all of them in the page cache. Processor time counts, so that other work on the machine does not.
 */
public final class ScrubSpeed {
    private static final int OBJECTS = 8;
    private static final int OBJECT_BYTES = 64 << 20;
    private static final int ROUNDS = 10;
    private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s");

    private ScrubSpeed() {}

    /**
     * Measures and prints one line per round.
     *
     * @param args none
     * @throws IOException if the keep cannot be made or read
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("slicekeep-scrub");
        try {
            Path keepFile = fill(folder);
            List<String> cat = new ArrayList<>(List.of("sh", "-c", "cat \"$@\" >/dev/null; times", "sh"));
            long bytes = 0;
            for (Path file : slices(folder)) {
                cat.add(file.toString());
                bytes += Files.size(file);
            }
            for (int round = 0; round < ROUNDS; round++) {
                double raw = bytes / (double) cat(cat);
                double scrubbed = bytes / (double) scrub(keepFile);
                System.out.printf(
                        Locale.ROOT, "cat %.2f GB/s, scrub %.2f GB/s, %.2f of it%n", raw, scrubbed, scrubbed / raw);
            }
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private static Path fill(Path folder) throws IOException {
        byte[] plaintext = new byte[OBJECT_BYTES];
        new SplittableRandom(1).nextBytes(plaintext);
        Path file = Files.write(folder.resolve("file"), plaintext);
        LocalKeystore keystore = LocalKeystore.create(folder.resolve("keys"));
        keystore.addKey("benchmark");
        List<SitePath> sites = Stream.of("a", "b", "c", "d", "e", "f")
                .map(name -> new SitePath(name, folder.resolve("sites").resolve(name)))
                .toList();
        Path keepFile = folder.resolve("my.keep");
        try (KeyRing keys = KeyRing.of(keystore.provider("benchmark"));
                Keep keep = Keep.create(keepFile, new KeepSpec(Profile.of(4, 2), sites), keys)) {
            for (int i = 0; i < OBJECTS; i++) {
                keep.put("object" + i, file);
            }
        }
        return keepFile;
    }

    private static List<Path> slices(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("sites"))) {
            return files.filter(file -> file.toString().contains("/b@/"))
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }

    private static long cat(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).start();
        String times = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        process.waitFor();
        Matcher ofChildren = TIMES.matcher(times.substring(times.indexOf('\n')));
        double seconds = 0;
        while (ofChildren.find()) {
            seconds += 60 * Double.parseDouble(ofChildren.group(1)) + Double.parseDouble(ofChildren.group(2));
        }
        return (long) (seconds * 1e9);
    }

    private static long scrub(Path keepFile) throws IOException {
        ScrubListener deaf = new ScrubListener() {
            @Override
            public void found(Finding finding) {
                throw new IllegalStateException(finding.toString());
            }

            @Override
            public void reached(String cursor, ScrubReport soFar) {}
        };
        KeepOptions oneThread = KeepOptions.DEFAULT.withTasks(ExecutorTasks.on(Runnable::run));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        Keep.scrub(keepFile, oneThread, new ScrubOptions(Depth.DEEP, false, "", 0), deaf);
        return threads.getCurrentThreadCpuTime() - start;
    }
}
