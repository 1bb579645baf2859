package io.slicekeep.erasure.slice;

import java.nio.ByteBuffer;

/** Some blocks of one slice's cell, asked for by a {@link StripeLoad} and kept by it. Confined to one thread at a time. */
final class RangeRead {
    /** How far it is. */
    enum State {
        ASKED,
        /** Asked, and not answered for a while. */
        SLOW,
        GOOD,
        FAILED
    }

    private final int slice;
    private final BlockRange blocks;
    private final Lease<ByteBuffer> stored;
    private State state = State.ASKED;

    RangeRead(int slice, BlockRange blocks, Lease<ByteBuffer> stored) {
        this.slice = slice;
        this.blocks = blocks;
        this.stored = stored;
    }

    int slice() {
        return slice;
    }

    BlockRange blocks() {
        return blocks;
    }

    Lease<ByteBuffer> stored() {
        return stored;
    }

    State state() {
        return state;
    }

    void become(State next) {
        state = next;
    }

    boolean open() {
        return state == State.ASKED || state == State.SLOW;
    }

    /** Copies bytes of the cell, all of them in these blocks, leaving out the checksums. */
    void copyTo(ByteBuffer dst, int dstIndex, int cellOffset, int count) {
        int at = cellOffset;
        int end = cellOffset + count;
        while (at < end) {
            int block = at / StripeLayout.BLOCK_BYTES;
            int inBlock = at % StripeLayout.BLOCK_BYTES;
            int run = Math.min(end - at, StripeLayout.BLOCK_BYTES - inBlock);
            int from = StripeLayout.storedOffset(blocks, block) + inBlock;
            dst.put(dstIndex + at - cellOffset, stored.memory(), from, run);
            at += run;
        }
    }
}
