package io.slicekeep;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** No text makes the parser fail in another way than it says, and what it accepts is written so that it accepts it again. */
class KeepFileFuzzTest {
    private static final Path FILE = Path.of("/fuzz/my.keep");

    @FuzzTest
    void parse(byte[] bytes) throws KeepFileException {
        KeepFile file;
        try {
            file = KeepFileParser.parse(FILE, new String(bytes, StandardCharsets.UTF_8));
        } catch (KeepFileException e) {
            return;
        }
        KeepFile again = KeepFileParser.parse(FILE, KeepFileText.of(file));
        if (!again.keys().equals(file.keys()) || again.epoch() != file.epoch()) {
            throw new AssertionError("written otherwise than read: " + file);
        }
    }
}
