package io.slicekeep.cli;

import io.slicekeep.Keep;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.key.KeyRing;
import io.slicekeep.kms.local.LocalKeystore;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A keep of six directories, 4+2, that opens with a keystore: no passphrase, so no Argon2id. */
public final class KeepFixture {
    public static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");

    final Path dir;
    public final Cli cli = new Cli();

    private final Map<String, Path> moved = new HashMap<>();

    KeepFixture(Path dir) {
        this.dir = dir;
        cli.with("SLICEKEEP_KEEP", keepFile().toString())
                .with("SLICEKEEP_KEYSTORE", keystore().toString());
    }

    /** Creates one, with further options for 'create'. */
    public static KeepFixture create(Path dir, String... options) {
        KeepFixture fixture = new KeepFixture(dir);
        fixture.run("key", "create", "--key", "k").expect(ExitCode.OK);
        List<String> line = new ArrayList<>(List.of(fixture.createLine()));
        line.addAll(List.of(options));
        fixture.run(line.toArray(String[]::new)).expect(ExitCode.OK);
        return fixture;
    }

    String[] createLine() {
        List<String> line = new ArrayList<>(List.of("create", keepFile().toString(), "--profile", "4+2", "--key", "k"));
        NAMES.forEach(name -> line.addAll(List.of("--site", name + "=" + site(name))));
        return line.toArray(String[]::new);
    }

    public Path keepFile() {
        return dir.resolve("my.keep");
    }

    public Path keystore() {
        return dir.resolve("my.keys");
    }

    Path site(String name) {
        return moved.getOrDefault(name, dir.resolve("site-" + name));
    }

    /** Another directory has taken the place of a site. */
    public void moved(String site, Path directory) {
        moved.put(site, directory);
    }

    public Path path(String name) {
        return dir.resolve(name);
    }

    public Cli.Result run(String... args) {
        return cli.run(args);
    }

    /** Opens the keep without the command. */
    public Keep open() throws IOException {
        try (KeyRing keys = KeyRing.of(LocalKeystore.open(keystore()).provider("k"))) {
            return Keep.open(keepFile(), keys);
        }
    }

    /** Puts an object without the command, under any name. */
    void store(ObjectName name, String contents, ObjectStore.PutOptions options) throws IOException {
        try (Keep keep = open();
                ObjectStore.Sink sink = keep.objects().create(name, options)) {
            sink.write(ByteBuffer.wrap(contents.getBytes(StandardCharsets.UTF_8)));
            sink.commit();
        }
    }

    /** Destroys a site. */
    public void lose(String site) throws IOException {
        try (Stream<Path> files = Files.walk(site(site))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Returns the files of a site that are records or slices. */
    public List<Path> blobs(String site) throws IOException {
        Path namespaces = site(site).resolve("n@");
        if (!Files.exists(namespaces)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(namespaces)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Flips a byte in the middle of each record and slice of a site. */
    public void rot(String site) throws IOException {
        for (Path file : blobs(site)) {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length > 0) {
                bytes[bytes.length / 2] ^= 0x55;
                Files.write(file, bytes);
            }
        }
    }

    /** Returns what is being written, or was left over, at a site. */
    long unfinished(String site) throws IOException {
        try (Stream<Path> files = Files.list(site(site).resolve("#tmp"))) {
            return files.count();
        }
    }
}
