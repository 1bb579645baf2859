package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Failure;
import io.slicekeep.cli.ui.OutputException;
import io.slicekeep.error.ConditionUnsupportedException;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.PreconditionFailedException;
import io.slicekeep.error.SupersededException;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.error.UnavailableException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExitCodeTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new CommandException(ExitCode.CHANGED, "x changed"), 5, "x changed"),
                arguments(CommandException.usage("say y"), 2, "say y"),
                arguments(new NoSuchFileException("/x"), 3, "/x"),
                arguments(new ObjectNotFoundException("no object /x"), 3, "slicekeep ls"),
                arguments(new PreconditionFailedException("If-Match: 1f", Optional.of("2e")), 14, "1f"),
                arguments(new ConditionUnsupportedException("use --mode conditional"), 2, "--mode"),
                arguments(new FileAlreadyExistsException("/x"), 4, "/x"),
                arguments(new AccessDeniedException("/x"), 7, "permission denied: /x"),
                arguments(new FileSystemException("/x", null, "No space left on device"), 7, "No space left on device"),
                arguments(new IOException("no cable"), 7, "no cable"),
                arguments(new UncheckedIOException(new IOException("no cable")), 7, "no cable"),
                arguments(new OutputException(new IOException("No space left on device")), 7, "standard output"),
                arguments(new OutOfMemoryError("Java heap space"), 7, "SLICEKEEP_JAVA_OPTS"),
                arguments(new UnavailableException("5 sites must answer, 3 do"), 8, "3 do"),
                arguments(new OutcomeUnknownException("it may be there"), 9, "may be there"),
                arguments(new SupersededException("a newer write came first"), 9, "newer"),
                arguments(
                        new KeyUnavailableException(KeyUnavailableException.Reason.WRONG_KEY, "wrong key"),
                        10,
                        "wrong key"),
                arguments(new FormatException(FormatException.Kind.NOT_OURS, "not ours"), 11, "not ours"),
                arguments(new FormatException(FormatException.Kind.TOO_NEW, "version 9"), 11, "update slicekeep"),
                arguments(new FormatException(FormatException.Kind.CORRUPT, "bad CRC"), 11, "restore"),
                arguments(new TooFewSlicesException("b", 4, 3, List.of("a", "c", "e")), 12, "a; c; e"),
                arguments(new IntegrityException("chunk 3 is damaged"), 13, "chunk 3"),
                arguments(new InterruptedIOException("interrupted"), 130, "interrupted"),
                arguments(new OutputException(new IOException("Broken pipe")), 141, "Broken pipe"),
                arguments(new IllegalStateException("closed"), 1, "--debug"),
                arguments(new NullPointerException(), 1, "--debug"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyFailureHasItsStatusAndOneTellingLine(Throwable thrown, int status, String words) {
        Failure failure = Failure.of(thrown);
        assertThat(failure.code().number()).isEqualTo(status);
        assertThat(failure.message()).contains(words).hasLineCount(1);
    }

    @ParameterizedTest
    @EnumSource
    void helpListsEveryStatus(ExitCode code) {
        assertThat(new Cli().run("--help").expect(ExitCode.OK).out())
                .containsPattern("(?m)^ +" + code.number() + " +\\S");
    }

    @Test
    void worseOfTwoIsTheLaterOne() {
        assertThat(ExitCode.OK.worse(ExitCode.IO)).isEqualTo(ExitCode.IO);
        assertThat(ExitCode.INTEGRITY.worse(ExitCode.CHANGED)).isEqualTo(ExitCode.INTEGRITY);
    }

    static Stream<List<String>> mistakes() {
        return Stream.of(
                List.of(),
                List.of("opn"),
                List.of("open", "--frce"),
                List.of("put", "x"),
                List.of("key"),
                List.of("profile"),
                List.of("profile", "explain"),
                List.of("profile", "explain", "4*2"),
                List.of("profile", "explain", "1+1"),
                List.of("ls"),
                List.of("create", "x.keep"),
                List.of("get", "-k", "x.keep", "/a", "/b", "-"),
                List.of("get", "-k", "x.keep", "/../a", "b"),
                List.of("put", "-k", "x.keep", "--jobs", "many", "a", "/b"),
                List.of("key", "create", "--key", "k"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakesOnTheCommandLineAreUsageErrors(List<String> line) {
        Cli.Result result = new Cli().run(line.toArray(String[]::new)).expect(ExitCode.USAGE);
        assertThat(result.err().lines().toList()).last().asString().startsWith("slicekeep: ");
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create",
                "adopt",
                "show",
                "put",
                "get",
                "ls",
                "stat",
                "rm",
                "verify",
                "scrub",
                "seal",
                "open",
                "key",
                "key create",
                "key list",
                "key rotate",
                "passwd",
                "profile",
                "profile explain",
                "demo",
                "completion",
                "version"
            })
    void everyCommandExplainsItself(String command) {
        String line = command + " --help";
        String help = new Cli().run(line.split(" ", -1)).expect(ExitCode.OK).out();
        assertThat(help).contains("Usage: slicekeep " + command);
        boolean simple = List.of("key", "profile", "version").contains(command);
        assertThat(simple || help.contains("slicekeep " + command + " ") || help.contains("(slicekeep completion)"))
                .as("an example")
                .isTrue();
    }

    @Test
    void stackTracesAreShownOnlyWhenAskedFor() {
        assertThat(new Cli().run("open", "/nothing").err()).doesNotContain("\tat ");
        assertThat(new Cli().run("open", "--debug", "/nothing").err()).contains("\tat ");
    }

    @Test
    void completionIsAShellScriptThatKnowsTheOptions() {
        assertThat(new Cli().run("completion").expect(ExitCode.OK).out())
                .contains("complete ")
                .contains("--passphrase-file")
                .contains("explain");
    }

    @Test
    void versionSaysWhatItRunsOn() {
        assertThat(new Cli().run("version").expect(ExitCode.OK).out())
                .contains("slicekeep")
                .contains("Java ");
        assertThat(new Cli().run("--version").expect(ExitCode.OK).out()).contains("Java ");
    }
}
