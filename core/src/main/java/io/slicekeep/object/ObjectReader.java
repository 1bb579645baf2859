package io.slicekeep.object;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ObjectInfo;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.Content;
import io.slicekeep.record.Current;
import io.slicekeep.record.Need;
import io.slicekeep.record.SealedBlob;
import io.slicekeep.sealed.SealedSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Finds and opens objects. */
final class ObjectReader {
    private final Namespace namespace;

    ObjectReader(Namespace namespace) {
        this.namespace = namespace;
    }

    /** What a caller does with the newest value of a name. */
    interface Use<T> {
        /** Uses the value; its secret is closed afterwards. */
        T apply(Current.Value value, ObjectInfo info) throws IOException;
    }

    /** Reads a name and hands its value over. */
    <T> T read(ObjectName name, Need need, Freshness freshness, Use<T> use) throws IOException {
        return read(name, need, namespace.certainty(freshness), use);
    }

    <T> T read(ObjectName name, Need need, Certainty certainty, Use<T> use) throws IOException {
        try (Current current = namespace.heads().read(namespace.target(name), need, certainty)) {
            boolean proven = current.proven() && namespace.isProof(certainty);
            if (current.found().isEmpty()) {
                throw notFound(name, proven);
            }
            Current.Value value = current.found().get();
            return use.apply(value, ObjectDescriptions.info(name, value, proven));
        }
    }

    ObjectInfo head(ObjectName name, Freshness freshness) throws IOException {
        return read(name, Need.HEAD, freshness, (value, info) -> info);
    }

    Source open(ObjectName name, Freshness freshness) throws IOException {
        return read(name, Need.BODY, freshness, (value, info) -> new OpenObject(info, plaintext(value)));
    }

    /** Opens the plaintext of a value. Inline slices are under a MAC each. */
    BlobSource plaintext(Current.Value value) throws IOException {
        OpenSecret secret = value.record().secret();
        if (value.record().stored().common().content() instanceof Content.Inline inline) {
            SealedBlob blob = inline.blob();
            ByteBuffer sealed = namespace
                    .inlineCode(value.hints().dataSlices())
                    .join(value.slices(), Math.toIntExact(blob.sealedBytes()));
            return SealedSource.open(
                    new BufferSource(sealed),
                    secret,
                    blob.id(),
                    blob.commitment().toArray());
        }
        return DoubtingSource.open(sliced(value), secret);
    }

    SlicedBlob sliced(Current.Value value) {
        return SlicedBlob.of(namespace, value);
    }

    private static ObjectNotFoundException notFound(ObjectName name, boolean proven) {
        return new ObjectNotFoundException(
                "no object " + name + (proven ? "" : " at the sites that answered, which were too few to be sure"));
    }

    /** An object that is read. Thread-safe. */
    private record OpenObject(ObjectInfo info, BlobSource plaintext) implements Source {
        @Override
        public long length() throws IOException {
            return plaintext.length();
        }

        @Override
        public int readAt(long offset, ByteBuffer dst) throws IOException {
            return plaintext.readAt(offset, dst);
        }

        @Override
        public long transferTo(WritableByteChannel target) throws IOException {
            return plaintext.transferTo(target);
        }

        @Override
        public void close() throws IOException {
            plaintext.close();
        }
    }
}
