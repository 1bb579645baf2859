package io.slicekeep.cli.demo;

import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * A file that says the same thing over and over, under a name that nothing else has: if a site held plaintext or names, they
 * would be found there.
 *
 * @param name of the file
 * @param words that it repeats
 */
record Canary(String name, String words) {
    private static final int REPETITIONS = 100_000;

    static Canary create(RandomSource random) {
        String mark = HexFormat.of().formatHex(random.bytes(8));
        return new Canary("canary-" + mark + ".txt", "plaintext " + mark + "\n");
    }

    /** Writes the file into a directory, a long one and a short one. */
    void write(Path directory) throws IOException {
        Files.writeString(Files.createDirectory(directory).resolve(name), words.repeat(REPETITIONS));
        Files.writeString(directory.resolve("short-" + name), words);
    }

    /** Returns how many files show the name or the words. */
    long sightings(List<Path> files) throws IOException {
        long sightings = 0;
        for (Path file : files) {
            if (SiteFiles.holds(file, bytes(name)) || SiteFiles.holds(file, bytes(words))) {
                sightings++;
            }
        }
        return sightings;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
