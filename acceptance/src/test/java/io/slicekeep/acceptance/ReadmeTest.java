package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README shows code that is compiled and run, and links that lead somewhere. */
class ReadmeTest {
    private static final Path TOP = Path.of("..");
    private static final Path EMBEDDER = Path.of("src/it/embedder/src/main/java");
    private static final Pattern MARKED = Pattern.compile("(?s)// README: [^\n]+\n(.*?)\\s*// README\n");
    private static final Pattern FENCED = Pattern.compile("(?s)```java\n(.*?)```");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

    @Test
    void itsCodeIsTheCodeThatIsCompiledAndRun() throws IOException {
        TreeSet<String> compiled = new TreeSet<>();
        try (Stream<Path> files = Files.walk(EMBEDDER)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                compiled.addAll(matches(MARKED, Files.readString(file)));
            }
        }
        assertThat(compiled).hasSize(3);
        assertThat(new TreeSet<>(matches(FENCED, readme()))).isEqualTo(compiled);
    }

    @Test
    void itsLinksLeadToFiles() throws IOException {
        List<String> targets =
                LINK.matcher(readme()).results().map(match -> match.group(1)).toList();
        assertThat(targets)
                .isNotEmpty()
                .allSatisfy(target -> assertThat(TOP.resolve(target)).exists());
    }

    private static String readme() throws IOException {
        return Files.readString(TOP.resolve("README.md"));
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(ReadmeTest::code).toList();
    }

    private static String code(MatchResult match) {
        return match.group(1).stripIndent().strip();
    }
}
