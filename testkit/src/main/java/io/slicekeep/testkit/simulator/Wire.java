package io.slicekeep.testkit.simulator;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.ConditionalBlobStore;
import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.blob.TidyBlobStore;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.probe.StoreProbe;
import io.slicekeep.testkit.simulator.Violation.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One process's way to one site: every call is a request that travels, is served, and is answered, if nothing goes wrong. What
 * does go wrong is drawn per call, from the seed, the process and the number of its call alone. Confined to one thread at a
 * time.
 */
class Wire implements TidyBlobStore, ConditionalBlobStore {
    private static final long FASTEST_NANOS = 50_000;
    private static final long USUAL_NANOS = 2_000_000;
    private static final long DELAY_NANOS = 10_000_000;
    private static final int LONGEST_DELAY_SHIFT = 10;
    private static final long TIMEOUT_NANOS = 3_000_000_000L;
    private static final String UPLOADS = "uploads";
    private static final String OBJECTS = "n/";

    private final Run run;
    private final SimulatedProcess process;
    private final SimulatedSite site;

    Wire(Run run, SimulatedProcess process, SimulatedSite site) {
        this.run = run;
        this.process = process;
        this.site = site;
    }

    /** A wire to a site that copies by itself. */
    static final class Copying extends Wire implements CopyingBlobStore {
        Copying(Run run, SimulatedProcess process, SimulatedSite site) {
            super(run, process, site);
        }

        @Override
        public void copy(BlobKey from, BlobKey to) throws IOException {
            exchange(Call.COPY, to.value(), draws -> {
                site().copy(from, to);
                return to;
            });
        }
    }

    /** What is asked of a site. */
    enum Call {
        LIST,
        OPEN,
        READ,
        WRITE,
        COMMIT,
        COPY,
        DELETE,
        UNFINISHED,
        END;

        /** Tells whether it may have its effect though its sender is told nothing. */
        boolean changes() {
            return this == COMMIT || this == COPY || this == DELETE || this == END;
        }

        boolean needsRoom() {
            return this == WRITE || this == COMMIT || this == COPY;
        }
    }

    /** What a request does when it arrives. */
    interface Request<T> {
        T serve(SplittableRandom draws) throws IOException;
    }

    @Override
    public BlobSink create(BlobKey key) throws IOException {
        process.enter();
        return new Sink(key);
    }

    @Override
    public BlobSource open(BlobKey key) throws IOException {
        byte[] bytes = exchange(Call.OPEN, key.value(), draws -> site.get(key));
        if (site.tellsLies(key.value())) {
            run.tally().fault(FaultKind.LIE);
        }
        return new Source(key, bytes);
    }

    @Override
    public void delete(BlobKey key) throws IOException {
        requireAllowed(key, mayChange(key));
        exchange(Call.DELETE, key.value(), draws -> {
            site.delete(key);
            return key;
        });
    }

    @Override
    public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
        process.listing(prefix.value());
        List<String> before = site.list(prefix, after, limit + 1);
        Listing listing = exchange(Call.LIST, prefix.value(), draws -> {
            List<String> now = site.list(prefix, after, limit + 1);
            boolean whole = before.size() <= limit && now.size() <= limit;
            return page(whole ? blurred(before, now, draws) : now, limit, draws);
        });
        if (site.tellsLies(prefix.value() + "/h/")) {
            run.tally().fault(FaultKind.LIE);
        }
        return listing;
    }

    @Override
    public Set<String> unfinished(KeyPrefix prefix) throws IOException {
        return exchange(Call.UNFINISHED, UPLOADS, draws -> site.unfinished(prefix));
    }

    @Override
    public void endUnfinished(String name) throws IOException {
        exchange(Call.END, UPLOADS, draws -> {
            site.end(name);
            return name;
        });
    }

    @Override
    public void close() {
        // A wire holds nothing.
    }

    @Override
    public String toString() {
        return site.name();
    }

    final SimulatedSite site() {
        return site;
    }

    /** Sends a request and waits for its answer. A probe's is answered at once: it asks for more than a run's time is worth. */
    final <T> T exchange(Call call, String key, Request<T> request) throws IOException {
        if (isOfProbe(key)) {
            requireThere(call);
            return request.serve(process.draws(0));
        }
        int number = process.nextCall();
        SplittableRandom draws = process.draws(number);
        if (call == Call.COMMIT
                && draws.nextDouble() < run.weather().stalls()
                && run.happening(FaultKind.SUSPENDED, process.piece(number)) != null) {
            process.suspend(draws);
        }
        process.enter();
        FaultKind fault = run.happening(run.weather().onRequest(draws), process.piece(number));
        long sequence = site.depart();
        try {
            run.tasks().pause(Duration.ofNanos(travelNanos(fault, draws)));
        } catch (InterruptedIOException e) {
            throw call.changes() && draws.nextBoolean() ? givenUp(call, key, request, number, e) : e;
        }
        requireThere(call);
        if (fault == FaultKind.LOST_REQUEST) {
            if (call.changes() && draws.nextBoolean()) {
                again(FaultKind.LATE, call, key, request, number);
            }
            throw unanswered(call, key, "lost");
        }
        T answer = serve(call, key, request, draws, sequence);
        if (call.changes() && draws.nextDouble() < run.weather().duplicates()) {
            again(FaultKind.DUPLICATED, call, key, request, number);
        }
        if (fault == FaultKind.LOST_ANSWER) {
            throw unanswered(call, key, "answer lost");
        }
        await(call, draws);
        process.enter();
        return answer;
    }

    private static boolean isOfProbe(String key) {
        return key.startsWith(StoreProbe.FOLDER.value());
    }

    /** Who has no keys rebuilds slices, and no more. */
    private boolean mayChange(BlobKey key) {
        return process.hasKeys() || !key.value().startsWith(OBJECTS);
    }

    private void requireAllowed(BlobKey key, boolean allowed) throws IOException {
        if (!allowed) {
            run.fail(new Violation(Promise.NO_TRESPASS, process + " has no keys and changes " + key));
            process.enter();
        }
    }

    private <T> T serve(Call call, String key, Request<T> request, SplittableRandom draws, long sequence)
            throws IOException {
        run.tally().step();
        if (site.isOvertaken(sequence)) {
            run.tally().fault(FaultKind.REORDERED);
        }
        run.note(key.hashCode() * 31L + call.name().hashCode(), () -> words(call, key));
        try {
            return request.serve(draws);
        } catch (Violation e) {
            run.fail(e);
            process.enter();
            throw e;
        }
    }

    private String words(Call call, String key) {
        return process + " " + call + " " + site.name() + " " + Journal.abbreviated(key);
    }

    /** The answer travels too. Whoever stops waiting for it does not know what became of his write. */
    private void await(Call call, SplittableRandom draws) throws IOException {
        try {
            run.tasks().pause(Duration.ofNanos(travelNanos(null, draws)));
        } catch (InterruptedIOException e) {
            throw call.changes()
                    ? new OutcomeUnknownException("interrupted before " + site.name() + " answered", e)
                    : e;
        }
    }

    private static long travelNanos(@Nullable FaultKind fault, SplittableRandom draws) {
        long usual = FASTEST_NANOS + draws.nextLong(USUAL_NANOS);
        return fault == FaultKind.DELAYED ? DELAY_NANOS << draws.nextInt(LONGEST_DELAY_SHIFT) | usual : usual;
    }

    private void requireThere(Call call) throws IOException {
        if (site.isAway(run.nowNanos())) {
            run.tally().fault(FaultKind.REFUSED);
            throw new UnavailableException(site.name() + " is away");
        }
        if (call.needsRoom() && site.isFull(run.nowNanos())) {
            run.tally().fault(FaultKind.FULL);
            throw new IOException("no space left at " + site.name());
        }
    }

    /** Nobody answers. Whether a write arrived cannot be told. */
    private IOException unanswered(Call call, String key, String why) throws InterruptedIOException {
        run.note(why.hashCode(), () -> words(call, key) + ": " + why);
        try {
            run.tasks().pause(Duration.ofNanos(TIMEOUT_NANOS));
        } catch (InterruptedIOException e) {
            if (!call.changes()) {
                throw e;
            }
        }
        process.enter();
        String message = "no answer from " + site.name();
        return call.changes() ? new OutcomeUnknownException(message) : new UnavailableException(message);
    }

    /** The sender has stopped waiting while his request is on its way; it arrives all the same. */
    private <T> IOException givenUp(Call call, String key, Request<T> request, int number, InterruptedIOException e) {
        again(FaultKind.LATE, call, key, request, number);
        return new OutcomeUnknownException("interrupted while a request was on its way to " + site.name(), e);
    }

    /** A request arrives once more, or at last, when nobody waits for it. */
    private <T> void again(FaultKind kind, Call call, String key, Request<T> request, int number) {
        if (run.happening(kind, process.piece(number)) == null) {
            return;
        }
        SplittableRandom draws = process.draws(-number);
        run.later(Duration.ofNanos(travelNanos(FaultKind.DELAYED, draws) / 2), () -> {
            if (!site.isAway(run.nowNanos())) {
                run.note(kind.name().hashCode(), () -> words(call, key) + ": " + kind);
                request.serve(draws);
            }
        });
    }

    /** A listing that was under way while things changed shows each change or not. */
    private List<String> blurred(List<String> before, List<String> now, SplittableRandom draws) {
        if (before.equals(now) || draws.nextDouble() >= run.weather().blurs()) {
            return now;
        }
        run.tally().fault(FaultKind.BLURRED);
        TreeSet<String> shown = new TreeSet<>(before);
        shown.retainAll(now);
        TreeSet<String> changed = new TreeSet<>(before);
        changed.addAll(now);
        changed.removeAll(shown);
        changed.removeIf(key -> draws.nextBoolean());
        shown.addAll(changed);
        return new ArrayList<>(shown);
    }

    /** Cuts a page where it is full, or earlier: a store may. */
    private Listing page(List<String> keys, int limit, SplittableRandom draws) {
        int shown = Math.min(limit, keys.size());
        if (shown > 1 && draws.nextDouble() < run.weather().blurs()) {
            run.tally().fault(FaultKind.SHORT_PAGE);
            shown = 1 + draws.nextInt(shown - 1);
        }
        return new Listing(keys.subList(0, shown).stream().map(BlobKey::of).toList(), shown < keys.size());
    }

    /** Gathers the bytes of one blob and sends them as one request, then commits in another. */
    private final class Sink implements BlobSink {
        private final BlobKey key;
        private final String upload;
        private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
        private @Nullable IOException failure;
        private boolean committed;
        private boolean closed;

        Sink(BlobKey key) {
            this.key = key;
            this.upload = process.newUpload() + "@" + key;
            process.opened();
        }

        @Override
        public int write(ByteBuffer src) throws IOException {
            int count = src.remaining();
            write(new ByteBuffer[] {src}, 1);
            return count;
        }

        @Override
        public void write(ByteBuffer[] srcs, int count) throws IOException {
            requireWritable();
            try {
                exchange(Call.WRITE, key.value(), draws -> {
                    tear(draws);
                    site.begin(upload);
                    return key;
                });
            } catch (IOException e) {
                failure = e;
                throw e;
            }
            for (int i = 0; i < count; i++) {
                byte[] bytes = new byte[srcs[i].remaining()];
                srcs[i].get(bytes);
                gathered.writeBytes(bytes);
            }
        }

        @Override
        public void commit() throws IOException {
            requireWritable();
            requireInTime();
            requireAllowed(key, mayChange(key) || key.value().contains("/b/"));
            committed = true;
            byte[] bytes = gathered.toByteArray();
            try {
                exchange(Call.COMMIT, key.value(), draws -> {
                    noteContent(key, bytes);
                    site.finish(upload, key, bytes);
                    return key;
                });
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        private void noteContent(BlobKey key, byte[] bytes) {
            if (!isOfProbe(key.value())) {
                CRC32C crc = new CRC32C();
                crc.update(bytes);
                run.note(crc.getValue(), () -> bytes.length + " bytes");
            }
        }

        @Override
        public boolean isOpen() {
            return !closed;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                process.closed();
                if (!committed && failure == null) {
                    site.abort(upload, key, gathered.toByteArray());
                }
            }
        }

        /** An operation's deadline counts from before its listing of the name. */
        private void requireInTime() throws IOException {
            long lateNanos = run.nowNanos()
                    - process.listedAtNanos(key.value())
                    - Run.TIMING.deadline().toNanos();
            if (key.value().contains("/h/") && !key.value().contains("!ok!") && lateNanos > 0) {
                run.fail(new Violation(Promise.NOT_LATE, key + " is put " + lateNanos + " ns too late"));
                process.enter();
            }
        }

        private void tear(SplittableRandom draws) throws IOException {
            if (draws.nextDouble() < run.weather().tears()) {
                run.tally().fault(FaultKind.TORN);
                throw new IOException("the connection to " + site.name() + " broke");
            }
        }

        private void requireWritable() throws IOException {
            if (closed) {
                throw new ClosedChannelException();
            }
            if (failure != null) {
                throw failure;
            }
            if (committed) {
                throw new IllegalStateException("already committed");
            }
        }
    }

    /** One blob as it was when it was opened; blobs do not change. */
    private final class Source implements BlobSource {
        private final BlobKey key;
        private final byte[] bytes;
        private boolean closed;

        Source(BlobKey key, byte[] bytes) {
            this.key = key;
            this.bytes = bytes;
            process.opened();
        }

        @Override
        public long length() {
            requireOpen();
            return bytes.length;
        }

        @Override
        public int readAt(long offset, ByteBuffer dst) throws IOException {
            requireOpen();
            if (!dst.hasRemaining()) {
                return 0;
            }
            int count = (int) Math.min(dst.remaining(), bytes.length - offset);
            if (count <= 0) {
                return -1;
            }
            exchange(Call.READ, key.value(), draws -> key);
            dst.put(bytes, (int) offset, count);
            return count;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                process.closed();
            }
        }

        private void requireOpen() {
            if (closed) {
                throw new IllegalStateException("closed");
            }
        }
    }
}
