package io.slicekeep.object;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Doubt;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.sealed.SealedSource;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The plaintext of a sliced blob whose sites may lie. Checksums find rot; a site that alters its slice and makes the
 * checksums right is found by the tags, which do not say which site it was. So when a tag fails, those cells are sought that
 * agree with the tags, and the bytes are taken from there; the sites whose cells differ are named and left out from then on.
 * Thread-safe.
 */
final class DoubtingSource implements BlobSource {
    private static final System.Logger LOG = System.getLogger(DoubtingSource.class.getName());

    /** As much as a sealed source fetches at once. */
    private static final long TRANSFER_BYTES = 1 << 20;

    /** What is doubted at a time lies in two stripes at most. */
    private static final int PIECE_BYTES = 256 << 10;

    private final SlicedBlob blob;
    private final OpenSecret secret;
    private volatile @Nullable SealedSource trusted;

    // Under this object's lock.
    private final Set<Integer> liars = new TreeSet<>();
    private final List<SealedSource> opened = new ArrayList<>();
    private boolean closed;

    private DoubtingSource(SlicedBlob blob, OpenSecret secret) {
        this.blob = blob;
        this.secret = secret.copy();
    }

    /** Opens a blob; the secret stays the caller's. */
    static DoubtingSource open(SlicedBlob blob, OpenSecret secret) throws IOException {
        DoubtingSource source = new DoubtingSource(blob, secret);
        try {
            source.attempt(0, 1, plaintext -> true);
            return source;
        } catch (IOException | RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    @Override
    public long length() throws IOException {
        long sealedBytes = blob.blob().sealedBytes();
        return attempt(sealedBytes - 1, sealedBytes, SealedSource::length);
    }

    @Override
    public int readAt(long offset, ByteBuffer dst) throws IOException {
        SealedSource source = trusted;
        if (source != null) {
            try {
                return source.readAt(offset, dst);
            } catch (IntegrityException e) {
                LOG.log(System.Logger.Level.DEBUG, "to be read again, piece by piece", e);
            }
        }
        return readPieces(offset, dst);
    }

    @Override
    public long transferTo(WritableByteChannel target) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(length() + 1, TRANSFER_BYTES));
        long offset = 0;
        try {
            while (readAt(offset, buffer.clear()) > 0) {
                offset += buffer.position();
                for (buffer.flip(); buffer.hasRemaining(); ) {
                    target.write(buffer);
                }
            }
            return offset;
        } finally {
            Arrays.fill(buffer.array(), (byte) 0);
        }
    }

    @Override
    public void close() throws IOException {
        secret.close();
        closeOpened();
    }

    /** A read that may find that a site lied. */
    private interface Read<T> {
        T from(SealedSource source) throws IOException;
    }

    private int readPieces(long offset, ByteBuffer dst) throws IOException {
        ByteBuffer rest = dst.duplicate();
        int count;
        do {
            int done = rest.position() - dst.position();
            ByteBuffer piece = rest.duplicate();
            piece.limit(piece.position() + Math.min(PIECE_BYTES, piece.remaining()));
            count = readPiece(offset + done, piece);
            rest.position(piece.position());
        } while (count > 0 && rest.hasRemaining());
        int total = rest.position() - dst.position();
        dst.position(rest.position());
        return total == 0 ? count : total;
    }

    private int readPiece(long offset, ByteBuffer piece) throws IOException {
        long from = blob.chunkOffset(offset);
        long to = blob.chunkOffset(offset + piece.remaining()) + 1;
        return attempt(from, to, source -> source.readAt(offset, piece));
    }

    /** Reads what lies in a range of the sealed blob; if that is not what was sealed, finds out where it is. */
    private <T> T attempt(long fromOffset, long toOffset, Read<T> read) throws IOException {
        try {
            return read.from(source());
        } catch (IntegrityException | FormatException e) {
            Witness<T> witness = new Witness<>(read);
            try {
                leaveOut(blob.blame(known(), new Doubt(fromOffset, toOffset, witness))
                        .keySet());
            } catch (IntegrityException none) {
                e.addSuppressed(none);
                throw e;
            }
            return witness.seen();
        }
    }

    /** Judges by the tags, and reads from those cells that it finds right: their sites may say something else next time. */
    private final class Witness<T> implements Doubt.Judge {
        private final Read<T> read;
        private @Nullable T value;

        Witness(Read<T> read) {
            this.read = read;
        }

        @Override
        public void require(BlobSource slices, long fromOffset, long toOffset) throws IOException {
            try (SealedSource plaintext = blob.open(slices, secret)) {
                plaintext.verify(fromOffset, toOffset);
                if (value == null) {
                    value = read.from(plaintext); // Once: in a joint layout both memberships are asked.
                }
            }
        }

        T seen() {
            if (value == null) {
                throw new IllegalStateException("nobody was blamed, and nobody was not");
            }
            return value;
        }
    }

    private SealedSource source() throws IOException {
        SealedSource known = trusted;
        if (known != null) {
            return known;
        }
        Set<Integer> leftOut = known();
        SealedSource fresh = blob.open(secret, leftOut);
        synchronized (this) {
            if (!closed) {
                opened.add(fresh);
                if (liars.equals(leftOut)) {
                    trusted = fresh;
                }
                return fresh;
            }
        }
        fresh.close();
        throw new IllegalStateException("closed");
    }

    private synchronized Set<Integer> known() {
        return Set.copyOf(liars);
    }

    private void leaveOut(Set<Integer> blamed) {
        boolean more;
        synchronized (this) {
            more = liars.addAll(blamed);
            trusted = more ? null : trusted;
        }
        if (more) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "blob {0}: altered slices, left out from now on, of site {1}",
                    blob.blob().id(),
                    names(blamed));
        }
    }

    private String names(Set<Integer> sites) {
        return new TreeSet<>(sites)
                .stream().map(blob.spread().sites()::get).map(Site::name).collect(Collectors.joining(", "));
    }

    private void closeOpened() throws IOException {
        List<SealedSource> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(opened);
            opened.clear();
        }
        for (SealedSource source : all) {
            source.close();
        }
    }
}
