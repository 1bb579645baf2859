package io.slicekeep.object;

import io.slicekeep.blob.BlobSource;
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

/**
 * The plaintext of a sliced blob whose sites may lie. Checksums find rot; a site that alters its slice and makes the
 * checksums right is found by the tags, which do not say which site it was. So when a tag fails, the read is tried again
 * with each site left out in turn, then with each two, as far as redundancy and patience reach. Thread-safe.
 */
final class DoubtingSource implements BlobSource {
    private static final System.Logger LOG = System.getLogger(DoubtingSource.class.getName());

    /** Each trial opens slices at all sites. */
    private static final int MAX_TRIALS = 150;

    /** As much as a sealed source fetches at once. */
    private static final long TRANSFER_BYTES = 1 << 20;

    private final SlicedBlob blob;
    private final OpenSecret secret;
    private final List<SealedSource> opened = new ArrayList<>();
    private volatile SealedSource trusted;

    private DoubtingSource(SlicedBlob blob, OpenSecret secret) throws IOException {
        this.blob = blob;
        this.secret = secret;
        this.trusted = openFirst();
    }

    /** Opens a blob; the secret is closed with the source, but not if opening fails. */
    static DoubtingSource open(SlicedBlob blob, OpenSecret secret) throws IOException {
        return new DoubtingSource(blob, secret);
    }

    @Override
    public long length() throws IOException {
        return attempt(SealedSource::length);
    }

    @Override
    public int readAt(long offset, ByteBuffer dst) throws IOException {
        return attempt(source -> source.readAt(offset, dst));
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
        synchronized (opened) {
            secret.close();
            for (SealedSource source : opened) {
                source.close();
            }
            opened.clear();
        }
    }

    /** A read that may find that a site lied. */
    private interface Read<T> {
        T from(SealedSource source) throws IOException;
    }

    private SealedSource openFirst() throws IOException {
        try {
            return remember(blob.open(secret, Set.of()));
        } catch (IntegrityException | FormatException e) {
            return search(source -> source, e);
        }
    }

    private <T> T attempt(Read<T> read) throws IOException {
        SealedSource source = trusted;
        try {
            return read.from(source);
        } catch (IntegrityException e) {
            return searchUnless(source, read, e);
        }
    }

    /** Several reads may fail at a time: the first one searches, the others try what it found. */
    private synchronized <T> T searchUnless(SealedSource failed, Read<T> read, IOException failure) throws IOException {
        SealedSource found = trusted;
        if (found != failed) {
            try {
                return read.from(found);
            } catch (IntegrityException e) {
                failure.addSuppressed(e);
            }
        }
        return search(read, failure);
    }

    private <T> T search(Read<T> read, IOException failure) throws IOException {
        for (Set<Integer> leftOut : trials()) {
            try {
                SealedSource candidate = remember(blob.open(secret, leftOut));
                T value = read.from(candidate);
                trusted = candidate;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} of {1} altered slices",
                        names(leftOut),
                        blob.blob().id());
                return value;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "not only " + names(leftOut), e);
            }
        }
        throw failure;
    }

    /** Returns which sites to leave out, each by itself first. */
    private List<Set<Integer>> trials() {
        int sites = blob.spread().sites().size();
        int spare = blob.spread().profile().paritySlices();
        List<Set<Integer>> trials = new ArrayList<>();
        for (int i = 0; i < sites && spare >= 1; i++) {
            trials.add(Set.of(i));
        }
        for (int i = 0; i < sites && spare >= 2; i++) {
            for (int j = i + 1; j < sites && trials.size() < MAX_TRIALS; j++) {
                trials.add(Set.of(i, j));
            }
        }
        return trials;
    }

    private String names(Set<Integer> sites) {
        return new TreeSet<>(sites)
                .stream().map(blob.spread().sites()::get).map(Site::name).collect(Collectors.joining(", "));
    }

    private SealedSource remember(SealedSource source) {
        synchronized (opened) {
            opened.add(source);
        }
        return source;
    }
}
