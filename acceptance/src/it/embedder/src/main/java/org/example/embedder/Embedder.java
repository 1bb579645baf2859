package org.example.embedder;

import io.slicekeep.key.KeyRing;
import io.slicekeep.kms.local.LocalKeystore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Runs the README's examples and checks what they give back. */
public final class Embedder {
    private Embedder() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "embedder");
        byte[] data = new byte[100_000];
        Arrays.setAll(data, i -> (byte) i);

        LocalKeystore keystore = LocalKeystore.create(folder.resolve("keys"));
        keystore.addKey("embedder");
        try (KeyRing keys = KeyRing.of(keystore.provider("embedder"))) {
            Path file = folder.resolve("file.sk");
            SealStream.seal(file, keys, ByteBuffer.wrap(data));
            requireEqual(data, SealStream.open(file, keys));
            requireEqual(data, EncryptStore.writeAndRead(folder.resolve("store"), keys, ByteBuffer.wrap(data)));
        }
        String kind = Embedder.class.getModule().isNamed() ? "module path" : "class path";
        System.out.println("Slicekeep embedded on the " + kind);
    }

    private static void requireEqual(byte[] expected, byte[] found) {
        if (!Arrays.equals(expected, found)) {
            throw new AssertionError("what came back is not what was written");
        }
    }
}
