package io.slicekeep.testkit;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What tests need of the machine. Where it is missing they are skipped, and say so; in CI they fail. */
final class Needs {
    private Needs() {}

    static void root() throws Exception {
        that("0".equals(run("id", "-u").strip()), "this test mounts file systems, so it has to run as root");
    }

    static void tool(String name) {
        String[] folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1);
        boolean found = Arrays.stream(folders).anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        that(found, "this test needs the program " + name);
    }

    static void that(boolean present, String otherwise) {
        if (present) {
            return;
        }
        if ("true".equals(System.getenv("CI"))) {
            fail(otherwise);
        }
        abort(otherwise);
    }

    /** Runs a program and returns what it printed. */
    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(List.of(command) + ": " + output);
        }
        return output;
    }
}
