package io.slicekeep.jmh;

import io.slicekeep.key.KeyRing;
import io.slicekeep.kms.local.LocalKeystore;
import io.slicekeep.sealed.Sealed;
import io.slicekeep.sealed.SealedReader;
import io.slicekeep.sealed.SealedWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A sealed stream of 16 MiB in memory: operations per second are MiB of plaintext per second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class SealBenchmark {
    private static final int MEBIBYTES = 16;
    private static final int PLAINTEXT_BYTES = MEBIBYTES << 20;
    private static final int CHUNK_BYTES = 16384;
    private static final int TAG_BYTES = 16;

    private final byte[] plaintext = new byte[PLAINTEXT_BYTES];
    private final byte[] opened = new byte[CHUNK_BYTES];
    private final ByteArrayOutputStream target = new ByteArrayOutputStream(PLAINTEXT_BYTES + PLAINTEXT_BYTES / 64);
    private byte[] sealed;
    private Path folder;
    private KeyRing keys;

    /**
     * Makes a key and one sealed stream.
     *
     * @throws IOException if the keystore cannot be written
     */
    @Setup
    public void prepare() throws IOException {
        folder = Files.createTempDirectory("slicekeep-jmh");
        LocalKeystore keystore = LocalKeystore.create(folder.resolve("keys"));
        keystore.addKey("benchmark");
        keys = KeyRing.of(keystore.provider("benchmark"));
        seal();
        sealed = target.toByteArray();
    }

    /**
     * Removes the keystore.
     *
     * @throws IOException if it cannot be removed
     */
    @TearDown
    public void clean() throws IOException {
        keys.close();
        TemporaryFolder.delete(folder);
    }

    /**
     * The limit: the provider's AES-256-GCM over the same chunks.
     *
     * @return the bytes of the last chunk
     * @throws GeneralSecurityException never
     */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public byte[] rawAesGcm() throws GeneralSecurityException {
        byte[] chunk = new byte[CHUNK_BYTES + TAG_BYTES];
        SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        byte[] nonce = new byte[12];
        for (int offset = 0; offset < PLAINTEXT_BYTES; offset += CHUNK_BYTES) {
            ByteBuffer.wrap(nonce).putInt(8, offset);
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
            cipher.doFinal(plaintext, offset, CHUNK_BYTES, chunk);
        }
        return chunk;
    }

    /**
     * Seals the stream.
     *
     * @return the bytes written
     * @throws IOException never
     */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public int seal() throws IOException {
        target.reset();
        try (SealedWriter out = Sealed.writer(Channels.newChannel(target), keys)) {
            out.write(ByteBuffer.wrap(plaintext));
            out.commit();
        }
        return target.size();
    }

    /**
     * Opens the stream.
     *
     * @return the bytes read
     * @throws IOException never
     */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public long open() throws IOException {
        long bytes = 0;
        ByteBuffer chunk = ByteBuffer.wrap(opened);
        try (SealedReader in = Sealed.reader(Channels.newChannel(new ByteArrayInputStream(sealed)), keys)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk.clear())) {
                bytes += read;
            }
        }
        return bytes;
    }
}
