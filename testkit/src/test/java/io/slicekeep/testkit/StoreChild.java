package io.slicekeep.testkit;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.error.BlobExistsException;
import io.slicekeep.store.DirectoryStore;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process of its own that uses a directory store: prints the key of each blob after its commit has returned. */
final class StoreChild {
    static final int PIECES = 20;

    private StoreChild() {}

    /** Arguments: directory, beginning of all keys, count, content. */
    public static void main(String[] args) throws IOException {
        try (DirectoryStore store = DirectoryStore.open(Path.of(args[0]))) {
            for (int i = 0; i < Integer.parseInt(args[2]); i++) {
                put(store, args[1] + i, args[3]);
            }
        }
    }

    private static void put(DirectoryStore store, String key, String content) throws IOException {
        try (BlobSink sink = store.create(BlobKey.of(key))) {
            for (int i = 0; i < PIECES; i++) {
                sink.write(ByteBuffer.wrap(content(key, content)));
            }
            sink.commit();
            System.out.println(key);
        } catch (BlobExistsException e) {
            System.out.println("exists " + key);
        }
    }

    /** One of the equal pieces that a blob is made of. */
    static byte[] content(String key, String content) {
        return (key + " " + content + " ").repeat(100).getBytes(StandardCharsets.US_ASCII);
    }

    /** Starts a child with the classes of this process. */
    static Process start(List<String> wrapper, String... args) throws IOException {
        String paths = Stream.of(System.getProperty("java.class.path"), System.getProperty("jdk.module.path"))
                .filter(Objects::nonNull)
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", classes() + File.pathSeparator + paths));
        command.add(StoreChild.class.getName());
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Where this class lies: on the module path it is patched into its module, and no path names it. */
    private static String classes() {
        return Path.of(StoreChild.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
    }
}
