package io.slicekeep.jmh;

import io.slicekeep.Keep;
import io.slicekeep.KeepSpec;
import io.slicekeep.SitePath;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.key.KeyRing;
import io.slicekeep.kms.local.LocalKeystore;
import io.slicekeep.object.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An object of 16 MiB in a keep of six directories, 4+2, on the disk of the temporary folder: operations per second are MiB of
 * plaintext per second. Each iteration has a keep of its own, since what is replaced keeps its bytes at the sites.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class KeepBenchmark {
    private static final int MEBIBYTES = 16;
    private static final int SITES = 6;
    private static final int DATA_SITES = 4;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    private Path folder;
    private Path file;
    private KeyRing keys;
    private Keep keep;

    /**
     * Makes a keep with one object.
     *
     * @throws IOException if it cannot be written
     */
    @Setup(Level.Iteration)
    public void prepare() throws IOException {
        folder = Files.createTempDirectory("slicekeep-jmh");
        byte[] plaintext = new byte[MEBIBYTES << 20];
        new SplittableRandom(1).nextBytes(plaintext);
        file = Files.write(folder.resolve("file"), plaintext);
        LocalKeystore keystore = LocalKeystore.create(folder.resolve("keys"));
        keystore.addKey("benchmark");
        keys = KeyRing.of(keystore.provider("benchmark"));
        var sites = Stream.of("a", "b", "c", "d", "e", "f")
                .map(name -> new SitePath(name, folder.resolve(name)))
                .toList();
        keep = Keep.create(folder.resolve("my.keep"), new KeepSpec(Profile.of(DATA_SITES, 2), sites), keys);
        keep.put("object", file);
    }

    /**
     * Removes it.
     *
     * @throws IOException if it cannot be removed
     */
    @TearDown(Level.Iteration)
    public void clean() throws IOException {
        keep.close();
        keys.close();
        TemporaryFolder.delete(folder);
    }

    /**
     * The limit of a put: as many bytes in as many files, forced.
     *
     * @return the bytes written to the last of them
     * @throws IOException if they cannot be written
     */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public int rawFiles() throws IOException {
        int written = 0;
        for (int i = 0; i < SITES; i++) {
            written = 0;
            try (FileChannel out =
                    FileChannel.open(folder.resolve("raw" + i), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                while (written < (MEBIBYTES << 20) / DATA_SITES) {
                    written += out.write(buffer.clear());
                }
                out.force(true);
            }
        }
        return written;
    }

    /**
     * Puts the object anew.
     *
     * @return which sites took it
     * @throws IOException if it is not acknowledged
     */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public ObjectStore.WriteReport put() throws IOException {
        return keep.put("object", file);
    }

    /**
     * Reads the object.
     *
     * @return the bytes read
     * @throws IOException if it cannot be read
     */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public long get() throws IOException {
        long offset = 0;
        try (BlobSource source = keep.get("object")) {
            while (source.readAt(offset, buffer.clear()) > 0) {
                offset += buffer.position();
            }
        }
        return offset;
    }
}
