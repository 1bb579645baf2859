package org.example.embedder;

import io.slicekeep.SitePath;
import io.slicekeep.key.KeyRing;
import io.slicekeep.kms.local.LocalKeystore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Runs the README's examples and checks what they give back. */
public final class Embedder {
    private Embedder() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "embedder");
        byte[] data = bytes(100_000);

        LocalKeystore keystore = LocalKeystore.create(folder.resolve("keys"));
        keystore.addKey("embedder");
        try (KeyRing keys = KeyRing.of(keystore.provider("embedder"))) {
            Path file = folder.resolve("file.sk");
            SealStream.seal(file, keys, ByteBuffer.wrap(data));
            requireEqual(data, SealStream.open(file, keys));
            requireEqual(data, EncryptStore.writeAndRead(folder.resolve("store"), keys, ByteBuffer.wrap(data)));
            putAndGet(folder, keys);
        }
        String kind = Embedder.class.getModule().isNamed() ? "module path" : "class path";
        System.out.println("Slicekeep embedded on the " + kind);
    }

    private static void putAndGet(Path folder, KeyRing keys) throws IOException {
        byte[] picture = bytes(1_500_000);
        Path catPicture = Files.write(folder.resolve("cat.jpg"), picture);
        List<SitePath> sites = Stream.of("a", "b", "c", "d", "e", "f")
                .map(name -> new SitePath(name, folder.resolve(name)))
                .toList();
        ByteBuffer read = PutAndGet.run(folder.resolve("my.keep"), sites, keys, catPicture);
        requireEqual(Arrays.copyOfRange(picture, 1_000_000, 1_001_000), read.array());
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static void requireEqual(byte[] expected, byte[] found) {
        if (!Arrays.equals(expected, found)) {
            throw new AssertionError("what came back is not what was written");
        }
    }
}
