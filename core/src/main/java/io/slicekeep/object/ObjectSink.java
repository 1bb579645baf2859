package io.slicekeep.object;

import io.slicekeep.blob.BlobId;
import io.slicekeep.dispersal.DispersedSink;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.WriteReport;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Content;
import io.slicekeep.record.Metadata;
import io.slicekeep.record.RecordFormat;
import io.slicekeep.record.SealedBlob;
import io.slicekeep.record.Target;
import io.slicekeep.sealed.BlobSealer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Seals, slices and records one object. */
final class ObjectSink implements ObjectStore.Sink {
    private final Target target;
    private final Bytes name;
    private final long modifiedMicros;
    private final List<Metadata.Entry> entries;
    private final CRC32C crc = new CRC32C();
    private final @Nullable MessageDigest sha256;
    private final BlobId blobId;
    private final OpenSecret secret;
    private final SealedStaging staging;
    private final BlobSealer sealer;
    private boolean committed;
    private boolean closed;

    ObjectSink(Namespace namespace, ObjectName name, PutOptions options) throws IOException {
        namespace.heads().require(options.condition());
        this.target = namespace.target(name);
        this.name = Bytes.of(name.bytes());
        this.modifiedMicros = options.modified() != null
                ? ObjectDescriptions.micros(options.modified())
                : namespace.tasks().wallMicros();
        this.entries = ObjectDescriptions.entries(options.metadata());
        this.sha256 = options.sha256() ? newSha256() : null;
        this.blobId = BlobId.random(namespace.random());
        this.secret = RecordFormat.drawSecret(blobId, namespace.random());
        this.staging = new SealedStaging(namespace, target, options.condition(), blobId);
        this.sealer = BlobSealer.create(staging, secret, blobId, namespace.random());
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        requireWritable();
        ByteBuffer summed = src.duplicate();
        int bytes = sealer.write(src);
        crc.update(summed.duplicate());
        if (sha256 != null) {
            sha256.update(summed);
        }
        return bytes;
    }

    @Override
    public WriteReport commit() throws IOException {
        requireWritable();
        committed = true;
        sealer.finish();
        Heads.Write write = staging.begun();
        DispersedSink sink = staging.sink();
        SealedBlob blob = new SealedBlob(blobId, Bytes.of(sealer.commitment()), staging.sealedBytes());
        Namespace begun = staging.namespace();
        HeadWriter writer = new HeadWriter(begun, secret, metadata(), begun.placement());
        if (sink == null) {
            return writer.write(write, new Content.Inline(blob), Optional.of(staging.inline()), Map.of());
        }
        write.slicesAppear();
        sink.commit();
        return writer.write(write, new Content.Sliced(blob), Optional.empty(), sink.failures());
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        sealer.close();
        secret.close();
        staging.close();
    }

    private Metadata metadata() {
        Optional<Bytes> digest = Optional.ofNullable(sha256).map(sha -> Bytes.of(sha.digest()));
        return new Metadata(sealer.plaintextBytes(), modifiedMicros, (int) crc.getValue(), digest, name, entries);
    }

    private void requireWritable() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (committed) {
            throw new IllegalStateException("already committed");
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
