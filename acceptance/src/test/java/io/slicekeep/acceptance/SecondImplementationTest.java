package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.slicekeep.Keep;
import io.slicekeep.KeepOptions;
import io.slicekeep.KeepSpec;
import io.slicekeep.SitePath;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.key.KeyRing;
import io.slicekeep.kms.local.Argon2Cost;
import io.slicekeep.kms.local.PassphraseProvider;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.sealed.Sealed;
import io.slicekeep.sealed.SealedWriter;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The second implementation (testkit/second, Python, written from docs/FORMAT.md) reads what this one writes. It needs
 * Debian's or Ubuntu's python3-cryptography and python3-argon2, which ./check installs.
 */
class SecondImplementationTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String PASSPHRASE = "correct horse battery sta\u0301ple";

    @TempDir
    Path folder;

    @BeforeAll
    static void needsPythonWithItsLibraries() throws Exception {
        boolean there = Files.isExecutable(Path.of(PYTHON))
                && new ProcessBuilder(PYTHON, "-c", "import cryptography, argon2")
                                .start()
                                .waitFor()
                        == 0;
        boolean required = "true".equals(System.getenv("CI"));
        assertThat(there || !required)
                .as("python3-cryptography and python3-argon2 are installed")
                .isTrue();
        assumeTrue(there, "python3-cryptography and python3-argon2 are not installed");
    }

    @Test
    void sealedFilesAreRead() throws Exception {
        byte[] plaintext = FormatVectors.pattern(100_000, 7);
        Path file = folder.resolve("file.sk");
        try (KeyRing keys = keys();
                SealedWriter writer = Sealed.writer(
                        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), keys)) {
            writer.write(ByteBuffer.wrap(plaintext));
            writer.commit();
        }

        assertThat(second("open", file.toString(), passphraseFile().toString())).isEqualTo(plaintext);
    }

    @Test
    void objectsAreReadFromAnyFourSites() throws Exception {
        Map<ObjectName, byte[]> objects = objects();
        List<String> names = List.of("a", "b", "c", "d", "e", "f");
        try (KeyRing keys = keys();
                Keep keep = Keep.create(folder.resolve("my.keep"), spec(names), keys, KeepOptions.DEFAULT)) {
            for (Map.Entry<ObjectName, byte[]> object : objects.entrySet()) {
                put(keep, object.getKey(), object.getValue());
            }
            put(keep, ObjectName.of("deleted"), new byte[10]);
            keep.objects().delete(ObjectName.of("deleted"));
        }

        for (List<String> four : List.of(names.subList(0, 4), names.subList(2, 6), List.of("a", "c", "d", "f"))) {
            assertThat(listedBySecond(four)).isEqualTo(digests(objects));
        }
    }

    private static void put(Keep keep, ObjectName name, byte[] plaintext) throws IOException {
        ObjectStore.PutOptions options =
                new ObjectStore.PutOptions(Instant.ofEpochSecond(-1, 5000), Map.of("mode", "0644", "ü", "ß"), true);
        try (ObjectStore.Sink sink = keep.objects().create(name, options)) {
            sink.write(ByteBuffer.wrap(plaintext));
            sink.commit();
        }
    }

    /** Small, empty, inline at the border, sliced; short, deep, long and non-UTF-8 names. */
    private static Map<ObjectName, byte[]> objects() {
        Map<ObjectName, byte[]> objects = new TreeMap<>();
        objects.put(ObjectName.of("empty"), new byte[0]);
        objects.put(ObjectName.of("photos/2026/cat.jpg"), FormatVectors.pattern(5000, 1));
        objects.put(ObjectName.of("photos/2026/" + "x".repeat(200)), FormatVectors.pattern(17, 2));
        objects.put(ObjectName.of("deep/".repeat(40) + "file"), FormatVectors.pattern(16384, 3));
        objects.put(ObjectName.ofBytes(new byte[] {'n', (byte) 0xff, '/', (byte) 0xfe}), FormatVectors.pattern(1, 4));
        objects.put(ObjectName.of("sliced"), FormatVectors.pattern(2_500_000, 5));
        return objects;
    }

    private Map<String, String> listedBySecond(List<String> sites) throws Exception {
        List<String> command = new ArrayList<>(List.of("list", passphraseFile().toString()));
        sites.forEach(site -> command.add(folder.resolve(site).toString()));
        String rows = new String(second(command.toArray(String[]::new)), StandardCharsets.UTF_8);
        Map<String, String> listed = new TreeMap<>();
        for (String row : rows.lines().toList()) {
            JsonObject object = JsonParser.parseString(row).getAsJsonObject();
            assertThat(FormatVectors.texts(object.getAsJsonObject("metadata")))
                    .isEqualTo(Map.of("mode", "0644", "ü", "ß"));
            listed.put(object.get("name").getAsString(), object.get("sha256").getAsString());
        }
        return listed;
    }

    private static Map<String, String> digests(Map<ObjectName, byte[]> objects) {
        Map<String, String> digests = new TreeMap<>();
        objects.forEach((name, plaintext) ->
                digests.put(HexFormat.of().formatHex(name.bytes()), FormatVectors.sha256(plaintext)));
        return digests;
    }

    private KeepSpec spec(List<String> names) {
        Stream<SitePath> sites = names.stream().map(name -> new SitePath(name, folder.resolve(name)));
        return new KeepSpec(Profile.of(4, 2), sites.toList());
    }

    private static KeyRing keys() {
        Argon2Cost cheap = new Argon2Cost(1024, 1, 2);
        return KeyRing.of(PassphraseProvider.of(PASSPHRASE.toCharArray(), cheap, RandomSource.secure()));
    }

    private Path passphraseFile() throws IOException {
        return Files.writeString(folder.resolve("passphrase"), PASSPHRASE + "\n");
    }

    private byte[] second(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(PYTHON, "-B", "-m", "slicekeep2"));
        command.addAll(List.of(arguments));
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(command)
                .directory(Path.of("../testkit/second").toFile())
                .redirectError(errors.toFile())
                .start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        return output;
    }
}
