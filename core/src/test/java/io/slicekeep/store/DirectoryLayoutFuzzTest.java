package io.slicekeep.store;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;

/** Whatever names stand in a directory, at most one of them stands for a segment of keys. */
class DirectoryLayoutFuzzTest {
    @FuzzTest
    void entry(FuzzedDataProvider data) {
        String name = data.consumeRemainingAsString();
        Optional<String> entry = DirectoryLayout.entry(name);
        String written = entry.map(found -> found.endsWith("/")
                        ? DirectoryLayout.fileName(found.substring(0, found.length() - 1)) + "@"
                        : DirectoryLayout.fileName(found))
                .orElse(name);
        if (!written.equals(name)) {
            throw new AssertionError("a name that was accepted is written differently: " + name);
        }
        if (entry.isPresent() && DirectoryLayout.isBucket(name)) {
            throw new AssertionError("both a segment and a bucket: " + name);
        }
    }
}
