package io.slicekeep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.PutOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListingTest {
    private static final Instant TIME = Instant.parse("2026-11-21T12:00:00.5Z");

    @TempDir
    Path dir;

    private KeepFixture keep = new KeepFixture(Path.of(""));

    @BeforeEach
    void fill() throws IOException {
        keep = KeepFixture.create(dir);
        store("photos/", "", Map.of("file.type", "directory"));
        store("photos/cat.jpg", "meow", Map.of("colour", "black"));
        store("photos/deep/er/dog.jpg", "wuff", Map.of());
        store("photos-old", "x", Map.of());
    }

    private void store(String name, String contents, Map<String, String> metadata) throws IOException {
        keep.store(ObjectName.of(name), contents, new PutOptions(TIME, metadata, false));
    }

    /** Reads an array of flat objects, which proves too that it is one JSON document. */
    private static List<Map<String, String>> array(String json) throws IOException {
        List<Map<String, String>> elements = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_ARRAY);
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                elements.add(object(parser));
            }
            assertThat(parser.nextToken()).isNull();
        }
        return elements;
    }

    private static Map<String, String> object(JsonParser parser) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, parser.getText());
            if (parser.currentToken().isStructStart()) {
                parser.skipChildren();
            }
        }
        return fields;
    }

    @Test
    void folderShowsItsChildren() {
        assertThat(keep.run("ls").expect(ExitCode.OK).out()).isEqualTo("/photos-old\n/photos/\n");
        assertThat(keep.run("ls", "/photos").out()).isEqualTo("/photos/cat.jpg\n/photos/deep/\n");
        assertThat(keep.run("ls", "/photos/").out()).isEqualTo("/photos/cat.jpg\n/photos/deep/\n");
        assertThat(keep.run("ls", "/photos/cat.jpg").out()).isEqualTo("/photos/cat.jpg\n");
        assertThat(keep.run("ls", "-R", "/photos").out()).isEqualTo("/photos/cat.jpg\n/photos/deep/er/dog.jpg\n");
        assertThat(keep.run("ls", "-l", "/photos").out())
                .contains("             4  2026-11-21T12:00:00Z  /photos/cat.jpg");
        assertThat(keep.run("ls", "/phot").expect(ExitCode.NOT_FOUND).err()).contains("/phot");
    }

    @Test
    void jsonIsOneArray() throws IOException {
        List<Map<String, String>> elements =
                array(keep.run("ls", "--json", "/photos").expect(ExitCode.OK).out());
        assertThat(elements)
                .extracting(element -> element.get("name"))
                .containsExactly("/photos/cat.jpg", "/photos/deep/");
        assertThat(elements.get(0))
                .containsEntry("type", "object")
                .containsEntry("bytes", "4")
                .containsEntry("modified", "2026-11-21T12:00:00.500Z")
                .containsKey("crc32c")
                .containsKey("etag");
        assertThat(array(keep.run("ls", "--json", "-R").out())).hasSize(4);
    }

    @Test
    void emptyKeepIsAnEmptyArray() throws IOException {
        KeepFixture empty = KeepFixture.create(java.nio.file.Files.createDirectory(dir.resolve("empty")));
        assertThat(array(empty.run("ls", "--json").expect(ExitCode.OK).out())).isEmpty();
        assertThat(empty.run("ls").expect(ExitCode.OK).out()).isEmpty();
    }

    @Test
    void namesThatAreNoTextShowTheirBytes() throws IOException {
        keep.store(ObjectName.ofBytes(new byte[] {'z', (byte) 0xff}), "", PutOptions.NONE);
        keep.store(ObjectName.of("z\u001b[31m\n"), "", PutOptions.NONE);
        assertThat(keep.run("ls").out())
                .contains("/z\\xff\n")
                .contains("/z\\x1b[31m\\n\n")
                .doesNotContain("\u001b");
        assertThat(array(keep.run("ls", "--json").out()))
                .anySatisfy(element ->
                        assertThat(element).containsEntry("name", "/z\\xff").containsEntry("nameHex", "7aff"))
                .anySatisfy(element -> assertThat(element)
                        .containsEntry("name", "/z\u001b[31m\n")
                        .doesNotContainKey("nameHex"));
    }

    @Test
    void listingIsWholeOverManyPages() throws IOException {
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            store(String.format(java.util.Locale.ROOT, "many/%03d", i), "x", Map.of());
            expected.append(String.format(java.util.Locale.ROOT, "/many/%03d%n", i));
        }
        assertThat(keep.run("ls", "/many").out()).isEqualTo(expected.toString());
    }

    @Test
    void statTellsRedundancy() throws IOException {
        String whole = keep.run("stat", "/photos/cat.jpg").expect(ExitCode.OK).out();
        assertThat(whole).contains("4 bytes", "colour = black", "6 of 6 slices whole, 4 needed: 2 more may be lost");
        keep.lose("c");
        keep.rot("e");
        String less = keep.run("stat", "--deep", "/photos/cat.jpg")
                .expect(ExitCode.OK)
                .out();
        assertThat(less)
                .contains("4 of 6 slices whole, 4 needed: no more may be lost")
                .containsPattern("c: (?!whole)");
        try (JsonParser parser = new JsonFactory()
                .createParser(
                        keep.run("stat", "--json", "--deep", "/photos/cat.jpg").out())) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            assertThat(object(parser))
                    .containsEntry("goodSlices", "4")
                    .containsEntry("kind", "inline")
                    .containsEntry("bytes", "4");
        }
        keep.run("stat", "/photos/mouse.jpg").expect(ExitCode.NOT_FOUND);
    }

    @Test
    void removedObjectsAreGone() {
        keep.run("rm", "/photos/cat.jpg").expect(ExitCode.OK);
        keep.run("get", "/photos/cat.jpg", "-").expect(ExitCode.NOT_FOUND);
        assertThat(keep.run("rm", "/photos").expect(ExitCode.USAGE).err()).contains("-r");
        assertThat(keep.run("rm", "/nothing").expect(ExitCode.NOT_FOUND).err()).contains("/nothing");
        keep.run("rm", "-f", "/nothing").expect(ExitCode.OK);
        keep.run("rm", "-r", "/photos").expect(ExitCode.OK);
        assertThat(keep.run("ls", "-R").out()).isEqualTo("/photos-old\n");
        keep.run("rm", "-r", "/").expect(ExitCode.USAGE);
        keep.run("rm", "-rf", "/").expect(ExitCode.OK);
        assertThat(keep.run("ls", "-R").expect(ExitCode.OK).out()).isEmpty();
    }

    @Test
    void verifyTellsWholeFromDegradedFromLost() throws IOException {
        assertThat(keep.run("verify").expect(ExitCode.OK).out()).contains("verified 4 entries");
        keep.rot("b");
        assertThat(keep.run("verify").expect(ExitCode.DEGRADED).out())
                .contains("/photos/cat.jpg: 5 of 6 slices whole; bad: b: ")
                .contains("4 objects with 5 whole slices")
                .contains("site b: 4 bad or missing slices");
        assertThat(keep.run("verify", "--json").expect(ExitCode.DEGRADED).out())
                .contains("\"name\": \"/photos/cat.jpg\"", "\"wholeSlices\": 5", "\"badBySite\": {");
        keep.run("verify", "--light").expect(ExitCode.OK);
        keep.rot("c");
        keep.rot("d");
        Cli.Result lost = keep.run("verify").expect(ExitCode.TOO_FEW_SLICES);
        assertThat(lost.err()).contains("/photos/cat.jpg").contains("needed 4");
    }

    @Test
    void verifyCountsWhatASiteThatIsAwayLacksAndNamesWhatIsRotten() throws IOException {
        keep.lose("a");
        assertThat(keep.run("verify").expect(ExitCode.DEGRADED).out())
                .contains("site a: 4 bad or missing slices")
                .doesNotContain("/photos/cat.jpg");
        keep.rot("b");
        assertThat(keep.run("verify").expect(ExitCode.DEGRADED).out())
                .contains("/photos/cat.jpg: 4 of 6 slices whole")
                .contains("site b: 4 bad or missing slices");
    }

    @Test
    void repairMakesRottenAndMissingSlicesAnew() throws IOException {
        keep.rot("b");
        for (Path blob : keep.blobs("e")) {
            Files.delete(blob);
        }
        assertThat(keep.run("repair", "--dry-run").expect(ExitCode.DEGRADED).out())
                .contains("4 objects with 4 whole slices");
        assertThat(keep.run("repair", "--light").expect(ExitCode.OK).out())
                .contains("site e: 4 mended objects")
                .doesNotContain("site b:");
        assertThat(keep.run("repair", "/photos/cat.jpg").expect(ExitCode.OK).out())
                .contains("/photos/cat.jpg: 6 of 6 slices whole; mended: b: ");
        assertThat(keep.run("repair", "--json").expect(ExitCode.OK).out())
                .contains("\"objectsByWholeSlices\": {\n    \"6\": 4\n  }")
                .contains("\"b\": 3");
        keep.run("verify").expect(ExitCode.OK);
        assertThat(keep.run("get", "/photos/cat.jpg", "-").expect(ExitCode.OK).out())
                .isNotEmpty();
    }

    @Test
    void repairLeavesWhatItCannotRebuild() throws IOException {
        keep.rot("b");
        keep.rot("c");
        keep.rot("d");
        List<byte[]> before = contents("b");
        assertThat(keep.run("repair").expect(ExitCode.TOO_FEW_SLICES).err()).contains("/photos/cat.jpg");
        assertThat(contents("b")).containsExactlyElementsOf(before);
    }

    private List<byte[]> contents(String site) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (Path blob : keep.blobs(site)) {
            contents.add(Files.readAllBytes(blob));
        }
        return contents;
    }

    @Test
    void repairWaitsForASiteThatIsAway() throws IOException {
        keep.rot("b");
        keep.lose("a");
        assertThat(keep.run("repair").expect(ExitCode.DEGRADED).out())
                .contains("mended: b: ")
                .contains("4 objects with 5 whole slices")
                .contains("site a: 4 bad or missing slices");
    }

    /** Old versions have to be waited for, which is tested where time is simulated. */
    @Test
    void gcHasNothingToDoWhereNothingIsOld() {
        assertThat(keep.run("gc").expect(ExitCode.OK).out())
                .isEqualTo("deleted 0 old records and 0 old slices, forgot 0 names\n");
    }

    @Test
    void noJobsIsAMistakeOfTheCaller() {
        assertThat(keep.run("verify", "-j", "0").expect(ExitCode.USAGE).err()).contains("--jobs");
    }

    @Test
    void aFolderIsNotWrittenToStandardOutput() {
        assertThat(keep.run("get", "/photos", "-").expect(ExitCode.USAGE).err()).contains("/photos is a folder");
        assertThat(keep.run("get", "/none", "-").expect(ExitCode.NOT_FOUND).err())
                .contains("/none");
    }
}
