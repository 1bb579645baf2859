package io.slicekeep.cli;

import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands in this process, and collects what they say. */
public final class Cli {
    private final Map<String, String> environment = new HashMap<>();
    private Shell.Terminals terminals = Shell.Terminals.NONE;

    /**
     * How a command ended.
     *
     * @param status its exit status
     * @param bytes of standard output
     * @param err standard error
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Result(int status, byte[] bytes, String err) {
        public String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** Fails, with all that was said, unless the command ended so. */
        public Result expect(ExitCode code) {
            if (status != code.number()) {
                throw new AssertionError(
                        "expected " + code + " (" + code.number() + "), got " + status + "\n" + out() + err);
            }
            return this;
        }
    }

    /** Sets a variable of the environment. */
    public Cli with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Says which streams are terminals. */
    public Cli at(Shell.Terminals given) {
        terminals = given;
        return this;
    }

    /** Runs a command without input. */
    public Result run(String... args) {
        return run(new byte[0], args);
    }

    /** Runs a command with this input. */
    public Result run(byte[] input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Result result = run(new ByteArrayInputStream(input), out, args);
        return new Result(result.status, out.toByteArray(), result.err);
    }

    /** Runs a command on these streams. */
    public Result run(InputStream in, OutputStream out, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(new Shell(in, out, err, environment, terminals), args);
        return new Result(status, new byte[0], err.toString(StandardCharsets.UTF_8));
    }

    /**
     * Starts a command as a process of its own. It heeds SIGINT even where this one was started in the background of a shell,
     * which ignores the signal and leaves that to its children.
     */
    public Process start(List<String> jvmOptions, String... args) throws IOException {
        return start(Main.class, jvmOptions, args);
    }

    /** Starts another program in the same way. */
    public Process start(Class<?> program, List<String> jvmOptions, String... args) throws IOException {
        return start(List.of(), program, jvmOptions, args);
    }

    /** Starts a command that heeds the modes of files, also if it is root's: without the capabilities to pass them by. */
    public Process startHeedingModes(String... args) throws IOException {
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        List<String> wrapper = root ? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search") : List.of();
        return start(wrapper, Main.class, List.of(), args);
    }

    private Process start(List<String> wrapper, Class<?> program, List<String> jvmOptions, String... args)
            throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of("env", "--default-signal=INT", java));
        command.addAll(jvmOptions);
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-cp", classPath(), program.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static String classPath() {
        return String.join(
                java.io.File.pathSeparator,
                Path.of("target", "classes").toAbsolutePath().toString(),
                System.getProperty("java.class.path", ""),
                System.getProperty("jdk.module.path", ""));
    }

    /** Writes a passphrase file that only its owner can read, and returns its name. */
    public static String passphrase(Path directory, String name, String passphrase) throws IOException {
        Path file = Files.writeString(directory.resolve(name), passphrase + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"))
                .toString();
    }
}
