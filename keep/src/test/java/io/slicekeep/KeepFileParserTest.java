package io.slicekeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.key.KeyUri;
import io.slicekeep.membership.KeepId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeepFileParserTest {
    private static final Path FILE = Path.of("/home/u/my.keep");
    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final String GOOD = """
            version = 1
            id = "0123456789abcdef0123456789abcdef"
            keys = ["passphrase:"]
            epoch = 1
            [sites]
            a = "/mnt/a"
            b = "b"
            """;

    @Test
    void aGoodFileIsRead() throws KeepFileException {
        KeepFile file = KeepFileParser.parse(FILE, GOOD);
        assertThat(file.id()).isEqualTo(new KeepId(ID));
        assertThat(file.keys()).containsExactly(new KeyUri("passphrase:"));
        assertThat(file.epoch()).isEqualTo(1);
        assertThat(file.sites()).extracting(KeepFile.SiteLine::name).containsExactly("a", "b");
        assertThat(file.sites()).extracting(KeepFile.SiteLine::line).containsExactly(6, 7);
    }

    @Test
    void relativePathsStartAtTheFilesDirectory() throws KeepFileException {
        KeepFile file = KeepFileParser.parse(FILE, GOOD);
        assertThat(file.sites().get(0).directory(FILE)).isEqualTo(Path.of("/mnt/a"));
        assertThat(file.sites().get(1).directory(FILE)).isEqualTo(Path.of("/home/u/b"));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws KeepFileException {
        KeepFile file = new KeepFile(
                new KeepId(ID),
                List.of(new KeyUri("passphrase:"), new KeyUri("local:a\"b\\c")),
                7,
                List.of(
                        new KeepFile.SiteLine("a-1", "/mnt/with \"quotes\" and \\ and ünïcode \ud83d\ude00", 0),
                        new KeepFile.SiteLine("B_2", "relative/one", 0)));
        KeepFile read = KeepFileParser.parse(FILE, KeepFileText.of(file));
        assertThat(read.id()).isEqualTo(file.id());
        assertThat(read.keys()).isEqualTo(file.keys());
        assertThat(read.epoch()).isEqualTo(7);
        assertThat(read.sites()).extracting(KeepFile.SiteLine::name).containsExactly("a-1", "B_2");
        assertThat(read.sites())
                .extracting(KeepFile.SiteLine::path)
                .containsExactlyElementsOf(
                        file.sites().stream().map(KeepFile.SiteLine::path).toList());
    }

    /** What is put in the place of what, the line that is named, and what the message must say. */
    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "version = 1|version = 2|1|found version 2, allowed is 1",
                "version = 1|version = \"1\"|1|found the text \"1\" for \"version\", allowed is the whole number 1",
                "version = 1|version = 1.5|1|found 1.5 for \"version\"",
                "version = 1|vresion = 1|0|found no \"version\" (is \"vresion\" at line 1 meant?)",
                "version = 1|# nothing|0|found no \"version\", allowed is the whole number 1",
                "epoch = 1|epoch = 0|4|found the epoch 0, allowed is a whole number from 1",
                "epoch = 1|epoch = true|4|found true for \"epoch\", allowed is a whole number from 1",
                "epoch = 1|epoch = 1⏎epcoh = 2|5|found the unknown key \"epcoh\", allowed are version, id, keys, epoch, sites; did you mean \"epoch\"?",
                "epoch = 1|epoch = 1⏎c = \"/mnt/c\"|5|found the unknown key \"c\", allowed are version, id, keys, epoch, sites; sites stand below the line [sites]",
                "epoch = 1|epoch = 1⏎epoch = 2|5|epoch previously defined at line 4",
                "epoch = 1|epoch = 99999999999999999999|4|Integer is too large",
                "id = \"0|id = \"X|2|allowed are 32 lower-case hex digits",
                "id = \"0123|id = \"|2|allowed are 32 lower-case hex digits",
                "[\"passphrase:\"]|\"passphrase:\"|3|found the text \"passphrase:\" for \"keys\", allowed is a list of 1 to 16 key URIs",
                "[\"passphrase:\"]|[]|3|found a list of 0, allowed is a list of 1 to 16",
                "[\"passphrase:\"]|[passphrase:]|3|Unexpected 'p'",
                "[\"passphrase:\"]|[\"passphrase\"]|3|found the key \"passphrase\", allowed is scheme:rest",
                "[\"passphrase:\"]|[\"a:\", \"a:\"]|3|found the key \"a:\" twice",
                "[\"passphrase:\"]|[\"a:\", 3]|3|found 3 in keys, allowed are texts",
                "[\"passphrase:\"]|1979-05-27|3|found a date or time for \"keys\"",
                "[sites]|[site]|5|found the unknown key \"site\", allowed are version, id, keys, epoch, sites; did you mean \"sites\"?",
                "[sites]|[[sites]]|5|found a list for \"sites\", allowed is a line [sites]",
                "[sites]|[sites|5|Unexpected end of line, expected ]",
                "a = \"/mnt/a\"|a = /mnt/a|6|Unexpected '/', expected",
                "a = \"/mnt/a\"|a = \"/mnt/a|6|Unexpected end of line, expected \" or a character",
                "a = \"/mnt/a\"|a = 7|6|found 7 for site a, allowed is a directory in quotes",
                "a = \"/mnt/a\"|a = \"\"|6|found an empty path",
                "a = \"/mnt/a\"|a = \"~/a\"|6|~ means nothing here",
                "a = \"/mnt/a\"|a = \"s3://bucket\"|6|found the address s3://bucket, allowed is a directory",
                "a = \"/mnt/a\"|a = \"/mnt/\\u0000\"|6|control characters",
                "a = \"/mnt/a\"|a.x = \"/mnt/a\"|6|found a table for site a",
                "a = \"/mnt/a\"|\"a b\" = \"/mnt/a\"|6|found the site name \"a b\", allowed are 1 to 32 letters",
                "a = \"/mnt/a\"|a = \"/mnt/../home/u/b\"|7|found the directory b for a and for b",
                "a = \"/mnt/a\"|b = \"/mnt/a\"|7|b previously defined at line 6",
            })
    void aMistakeIsNamedWithItsLineAndWhatIsAllowed(String good, String bad, int line, String message) {
        String text = GOOD.replace(good, bad.replace("⏎", "\n"));
        assertThat(text).isNotEqualTo(GOOD);
        assertThatThrownBy(() -> KeepFileParser.parse(FILE, text))
                .isInstanceOfSatisfying(KeepFileException.class, e -> {
                    assertThat(e.getMessage()).contains("/home/u/my.keep").contains(message);
                    assertThat(e.line()).isEqualTo(line);
                    assertThat(e.file()).isEqualTo(FILE);
                });
    }

    @Test
    void noSitesAreRefused() {
        String none = GOOD.substring(0, GOOD.indexOf("a = "));
        assertThatThrownBy(() -> KeepFileParser.parse(FILE, none)).hasMessageContaining("found 0 sites");
    }

    @Test
    void anEmptyFileIsRefused() {
        assertThatThrownBy(() -> KeepFileParser.parse(FILE, "")).hasMessageContaining("found no \"version\"");
    }

    @Test
    void deepNestingIsRefused() {
        String deep = GOOD.replace("[\"passphrase:\"]", "[".repeat(100_000) + "]".repeat(100_000));
        assertThatThrownBy(() -> KeepFileParser.parse(FILE, deep))
                .isInstanceOf(KeepFileException.class)
                .hasMessageContaining("nested too deeply");
    }

    @Test
    void aHugeFileIsRefused() {
        assertThatThrownBy(() -> KeepFileParser.parse(FILE, GOOD + "#".repeat(KeepFileParser.MAX_CHARS)))
                .hasMessageContaining("a keep file at most");
    }

    @Test
    void suggestionsAreNear() {
        assertThat(Suggestion.nearest("Epoch", List.of("epoch", "id"))).contains("epoch");
        assertThat(Suggestion.nearest("kyes", List.of("keys", "id"))).contains("keys");
        assertThat(Suggestion.nearest("is", List.of("id"))).contains("id");
        assertThat(Suggestion.nearest("xy", List.of("id"))).isEmpty();
        assertThat(Suggestion.edits("kitten", "sitting")).isEqualTo(3);
    }
}
