package io.slicekeep.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.object.ObjectName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    @TempDir
    Path dir;

    private List<String> walk() throws IOException {
        List<String> names = new ArrayList<>();
        FileTree.walk(dir, new FileTree.Visitor() {
            @Override
            public boolean visit(byte[] name, Path path, FileStat stat) {
                names.add(new String(name, StandardCharsets.ISO_8859_1));
                return true;
            }

            @Override
            public void failed(Path path, IOException failure) throws IOException {
                throw failure;
            }
        });
        return names;
    }

    @Test
    void orderIsThatOfWholeNames() throws IOException {
        Files.createDirectories(dir.resolve("a/b"));
        Files.createDirectory(dir.resolve("a-"));
        Files.createDirectory(dir.resolve("a0"));
        for (String file : List.of("a.txt", "a/x", "a/b/y", "a-/z", "B", "a/b.c", "a/b-c")) {
            Files.createFile(dir.resolve(file));
        }
        Files.createFile(PathBytes.resolve(dir, new byte[] {(byte) 0xff}));
        List<String> names = walk();
        List<ObjectName> objects = names.stream()
                .filter(name -> !name.isEmpty())
                .map(name -> ObjectName.ofBytes(name.getBytes(StandardCharsets.ISO_8859_1)))
                .toList();
        assertThat(objects).isSorted().hasSize(12);
        assertThat(names)
                .startsWith("")
                .containsSubsequence("a-/", "a-/z", "a.txt", "a/", "a/b-c", "a/b.c", "a/b/", "a/b/y", "a/x", "a0/");
    }

    @Test
    void linksAreNotFollowed() throws IOException {
        Files.createSymbolicLink(dir.resolve("loop"), dir);
        assertThat(walk()).containsExactly("", "loop");
    }
}
