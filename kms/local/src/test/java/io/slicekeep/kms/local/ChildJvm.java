package io.slicekeep.kms.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A main class of the tests, run by a JVM of its own with the paths of this one. */
final class ChildJvm {
    private final Process process;

    private ChildJvm(Process process) {
        this.process = process;
    }

    static ChildJvm start(String option, Class<?> main, String... arguments) throws IOException {
        List<String> command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                option,
                                "-cp",
                                everyPath(main),
                                main.getName()),
                        Stream.of(arguments))
                .toList();
        return new ChildJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    boolean running() {
        return process.isAlive();
    }

    /** Waits for the end and returns what was printed if it failed, else nothing. */
    String failure() throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : "failed: " + output;
    }

    private static String everyPath(Class<?> main) {
        return Stream.of(
                        System.getProperty("java.class.path"),
                        System.getProperty("jdk.module.path"),
                        classes(Argon2id.class),
                        classes(main))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }

    private static String classes(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }
}
