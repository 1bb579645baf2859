package io.slicekeep.erasure.slice;

import io.slicekeep.dispersal.DispersedSink;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Slices a blob onto n sites while it is written. Confined to one thread at a time.
 *
 * <p>Two stripes are in memory: one is filled by the caller and encoded while the one before is on its way. It is sent
 * when every site that still takes part has the one before, or has used up its time and is left out.
 */
public final class SlicedSink implements DispersedSink {
    private final Workshop workshop;
    private final Spread spread;
    private final ErasureCode code;
    private final SliceLanes lanes;
    private final int cellBytes;
    private final int stripeBytes;

    private @Nullable Lease<StripeBuffer> filling;
    private int filledBytes;
    private @Nullable Sent sent;
    private long blobBytes;
    private long nextOrdinal;

    private @Nullable IOException failure;
    private boolean committed;
    private boolean closed;

    private SlicedSink(Workshop workshop, Spread spread, ErasureCode code, SliceLanes lanes) {
        this.workshop = workshop;
        this.spread = spread;
        this.code = code;
        this.lanes = lanes;
        this.cellBytes = StripeLayout.fullCellBytes(code.dataCells());
        this.stripeBytes = StripeLayout.fullStripeBytes(code.dataCells());
    }

    /**
     * Starts a blob at its sites.
     *
     * @param workshop tasks and memory
     * @param spread where it goes
     * @param code for the spread's k and m
     * @return a sink, to be closed by the caller
     * @throws IOException if fewer than W sites take it
     */
    public static SlicedSink create(Workshop workshop, Spread spread, ErasureCode code) throws IOException {
        return begun(new SlicedSink(workshop, spread, code, SliceLanes.all(workshop, spread, SliceLane.Claim.SOLE)));
    }

    /**
     * Starts a blob at its sites that others may be putting there too, with the same bytes.
     *
     * @param workshop tasks and memory
     * @param spread where it goes
     * @param code for the spread's k and m
     * @return a sink, to be closed by the caller
     * @throws IOException if fewer than W sites take it
     */
    public static SlicedSink createShared(Workshop workshop, Spread spread, ErasureCode code) throws IOException {
        return begun(new SlicedSink(workshop, spread, code, SliceLanes.all(workshop, spread, SliceLane.Claim.SHARED)));
    }

    /**
     * Starts a blob anew at some of its sites: the others have their slices already.
     *
     * @param workshop tasks and memory
     * @param spread where it goes
     * @param code for the spread's k and m
     * @param only the sites that take part
     * @return a sink, to be closed by the caller; one site is enough for it
     * @throws IOException if no site takes it
     */
    public static SlicedSink create(Workshop workshop, Spread spread, ErasureCode code, Set<Integer> only)
            throws IOException {
        return begun(new SlicedSink(workshop, spread, code, SliceLanes.some(workshop, spread, only)));
    }

    private static SlicedSink begun(SlicedSink sink) throws IOException {
        try {
            sink.lanes.await(sink.lanes.fork(SliceLane::create));
            return sink;
        } catch (IOException | RuntimeException | Error e) {
            sink.fail(e);
            throw e;
        }
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        requireOpen();
        int start = src.position();
        int count = src.remaining();
        try {
            while (src.hasRemaining()) {
                take(src);
                if (filledBytes == stripeBytes) {
                    send();
                }
            }
            return count;
        } catch (IOException | RuntimeException | Error e) {
            src.position(start);
            fail(e);
            throw e;
        }
    }

    @Override
    public void write(ByteBuffer[] srcs, int count) throws IOException {
        int[] starts = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = srcs[i].position();
        }
        try {
            DispersedSink.super.write(srcs, count);
        } catch (IOException | RuntimeException | Error e) {
            for (int i = 0; i < count; i++) {
                srcs[i].position(starts[i]);
            }
            throw e;
        }
    }

    @Override
    public void commit() throws IOException {
        requireOpen();
        try {
            if (filledBytes > 0) {
                send();
            }
            awaitSent();
            StripeLayout layout = new StripeLayout(code.dataCells(), blobBytes);
            lanes.commit(SliceFooter.of(layout, spread.blobId()));
            committed = true;
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
            throw e;
        }
    }

    @Override
    public Map<Integer, IOException> failures() {
        return Collections.unmodifiableMap(new TreeMap<>(lanes.failures()));
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        if (!closed && !committed && failure == null) {
            discard();
        }
        closed = true;
    }

    /** Copies what the stripe has room for. */
    private void take(ByteBuffer src) {
        Lease<StripeBuffer> stripe = filling;
        if (stripe == null) {
            stripe = workshop.lendStripe(code.dataCells() + code.parityCells(), cellBytes);
            filling = stripe;
        }
        int count = Math.min(src.remaining(), stripeBytes - filledBytes);
        stripe.memory().put(filledBytes, cellBytes, src, count);
        filledBytes += count;
        blobBytes += count;
    }

    /** Encodes the stripe that was filled and, once the one before has arrived, sends it. */
    private void send() throws IOException {
        Lease<StripeBuffer> stripe = Objects.requireNonNull(filling);
        int sentCellBytes = StripeLayout.cellBytes(code.dataCells(), filledBytes);
        if (filledBytes < stripeBytes) {
            stripe.memory().shorten(filledBytes, cellBytes, sentCellBytes, code.dataCells());
        }
        code.encode(stripe.memory().slab(), sentCellBytes);
        awaitSent();
        long firstOrdinal = nextOrdinal;
        sent = new Sent(stripe, lanes.fork(lane -> lane.append(stripe, sentCellBytes, firstOrdinal)));
        filling = null;
        filledBytes = 0;
        nextOrdinal += StripeLayout.blockCount(sentCellBytes);
    }

    private void awaitSent() throws IOException {
        Sent before = sent;
        if (before != null) {
            lanes.await(before.group);
            before.stripe.release();
            sent = null;
        }
    }

    private void fail(Throwable cause) {
        failure = cause instanceof IOException e ? e : new IOException("an earlier step failed", cause);
        discard();
    }

    /** Lets go of all memory and takes back what the sites have. */
    private void discard() {
        if (filling != null) {
            filling.release();
            filling = null;
        }
        if (sent != null) {
            sent.group.close();
            sent.stripe.release();
            sent = null;
        }
        lanes.discard();
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (failure != null) {
            throw failure;
        }
        if (committed) {
            throw new IllegalStateException("committed");
        }
    }

    /** A stripe on its way, and who brings it. */
    private record Sent(Lease<StripeBuffer> stripe, TaskGroup<Integer> group) {}
}
