package io.slicekeep;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.key.KeyRing;
import io.slicekeep.kms.local.Argon2Cost;
import io.slicekeep.kms.local.PassphraseProvider;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder with a keep of directories called a, b, c... */
final class Fixture {
    static final Profile PROFILE = Profile.of(4, 2);

    final Path folder;
    final Path keepFile;

    Fixture(Path folder) {
        this.folder = folder;
        this.keepFile = folder.resolve("my.keep");
    }

    /** A passphrase that is cheap to derive from. */
    static KeyRing passphrase(String passphrase) {
        return KeyRing.of(provider(passphrase));
    }

    static PassphraseProvider provider(String passphrase) {
        return PassphraseProvider.of(passphrase.toCharArray(), new Argon2Cost(8, 1, 1), RandomSource.secure());
    }

    Path site(String name) {
        return folder.resolve(name);
    }

    List<SitePath> sites(int count) {
        List<SitePath> sites = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = String.valueOf((char) ('a' + i));
            sites.add(new SitePath(name, site(name)));
        }
        return sites;
    }

    Keep create(KeyRing keys) throws IOException {
        return Keep.create(keepFile, new KeepSpec(PROFILE, sites(PROFILE.sites())), keys, KeepOptions.DEFAULT);
    }

    /** Replaces text of the keep file, as an editor would. */
    void edit(String from, String to) throws IOException {
        String text = Files.readString(keepFile);
        if (!text.contains(from)) {
            throw new AssertionError("not in the keep file: " + from);
        }
        Files.writeString(keepFile, text.replace(from, to));
    }

    void swap(String one, String other) throws IOException {
        Files.move(site(one), folder.resolve("swap"));
        Files.move(site(other), site(one));
        Files.move(folder.resolve("swap"), site(other));
    }

    static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, java.io.IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Returns every file below a directory with its bytes. */
    static Map<String, byte[]> tree(Path root) throws IOException {
        Map<String, byte[]> tree = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                tree.put(root.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return tree;
    }
}
