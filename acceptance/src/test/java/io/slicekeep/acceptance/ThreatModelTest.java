package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/THREAT-MODEL.md names tests that exist, for every attack that is not left to a later part. */
class ThreatModelTest {
    private static final Path TOP = Path.of("..");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\|.*$");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|Contract))\\.(\\w+)`");

    @Test
    void everyAttackHasOneRow() throws IOException {
        List<Integer> numbers = rows().map(row -> Integer.valueOf(row.group(1))).toList();
        assertThat(numbers).isEqualTo(IntStream.rangeClosed(1, 30).boxed().toList());
    }

    @Test
    void everyRowNamesATestOrThePartThatBringsIt() throws IOException {
        assertThat(rows().map(MatchResult::group))
                .allSatisfy(row -> assertThat(TEST.matcher(row).find() || row.contains("comes with"))
                        .as(row)
                        .isTrue());
    }

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        Map<String, String> sources = testSources();
        List<MatchResult> named = TEST.matcher(threatModel()).results().toList();
        assertThat(named).hasSizeGreaterThan(60);
        assertThat(named)
                .allSatisfy(test -> assertThat(sources.getOrDefault(test.group(1), ""))
                        .as(test.group())
                        .containsPattern("void " + test.group(2) + "\\("));
    }

    private static Stream<MatchResult> rows() throws IOException {
        return ROW.matcher(threatModel()).results();
    }

    private static String threatModel() throws IOException {
        return Files.readString(TOP.resolve("docs/THREAT-MODEL.md"));
    }

    /** The sources of tests and contracts by class name. */
    private static Map<String, String> testSources() throws IOException {
        try (Stream<Path> files = Files.walk(TOP)) {
            return files.filter(file -> file.toString().matches(".*/src/(main|test)/java/.*(Test|Contract)\\.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            ThreatModelTest::text,
                            String::concat));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
