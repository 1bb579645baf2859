package io.slicekeep.object;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.sealed.SealedSource;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

    /** Those that proved right once, by the sites that they leave out: reads under way may still use them. */
    private final Map<Set<Integer>, SealedSource> proven = new HashMap<>();

    private volatile SealedSource trusted;
    private boolean closed;

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
        synchronized (proven) {
            closed = true;
            secret.close();
            for (SealedSource source : proven.values()) {
                source.close();
            }
            proven.clear();
        }
    }

    /** A read that may find that a site lied. */
    private interface Read<T> {
        T from(SealedSource source) throws IOException;
    }

    private SealedSource openFirst() throws IOException {
        try {
            return tried(Set.of(), source -> source);
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
                T value = tried(leftOut, read);
                LOG.log(
                        System.Logger.Level.WARNING,
                        "leaving out {0}: altered slices of {1}",
                        names(leftOut),
                        blob.blob().id());
                return value;
            } catch (InterruptedIOException e) {
                throw e;
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

    /** Reads with some sites left out, and trusts them from then on if that succeeds. */
    private <T> T tried(Set<Integer> leftOut, Read<T> read) throws IOException {
        SealedSource known = known(leftOut);
        if (known != null) {
            T value = read.from(known);
            trusted = known;
            return value;
        }
        SealedSource candidate = blob.open(secret, leftOut);
        try {
            T value = read.from(candidate);
            remember(leftOut, candidate);
            trusted = candidate;
            return value;
        } catch (IOException | RuntimeException e) {
            candidate.close();
            throw e;
        }
    }

    private @Nullable SealedSource known(Set<Integer> leftOut) {
        synchronized (proven) {
            return proven.get(leftOut);
        }
    }

    private void remember(Set<Integer> leftOut, SealedSource source) {
        synchronized (proven) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            proven.put(leftOut, source);
        }
    }
}
