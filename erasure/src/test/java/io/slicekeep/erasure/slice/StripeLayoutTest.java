package io.slicekeep.erasure.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Judged by {@link Model}, which walks through the slice block by block and never divides. */
class StripeLayoutTest {
    private static final int[] WIDTHS = {1, 2, 3, 4, 5, 7, 8, 10, 12, 16, 20, 63, 64, 65, 100, 128, 200, 254, 255};

    @Test
    void cellsAreTheSmallestMultiplesOf64ThatHoldTheStripe() {
        for (int k = 1; k <= 255; k++) {
            assertThat(StripeLayout.fullCellBytes(k)).isEqualTo(smallestCell(k, 1 << 20));
            for (int bytes : new int[] {1, 2, 63, 64, 65, 64 * k - 1, 64 * k, 64 * k + 1, 99_999, 1 << 20}) {
                assertThat(StripeLayout.cellBytes(k, bytes))
                        .as("k=%d bytes=%d", k, bytes)
                        .isEqualTo(smallestCell(k, bytes));
            }
        }
    }

    @Test
    void everyBlockOfTheBlobIsWhereTheModelPutsIt() {
        for (int k : WIDTHS) {
            int stripe = StripeLayout.fullStripeBytes(k);
            int[] lengths = {
                0,
                1,
                63,
                64,
                65,
                k * 64,
                k * 64 + 1,
                k * 16384,
                k * 16384 + 1,
                stripe - 1,
                stripe,
                stripe + 1,
                2 * stripe,
                3 * stripe + 12_345
            };
            for (int length : lengths) {
                new Model(k, length).requireEqual(new StripeLayout(k, length));
            }
        }
    }

    @Test
    void blocksOfARangeAreThoseThatHoldItsBytes() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            int k = WIDTHS[random.nextInt(WIDTHS.length)];
            int stripeBytes = StripeLayout.fullStripeBytes(k);
            long length = 1L + random.nextInt(3 * stripeBytes);
            StripeLayout layout = new StripeLayout(k, length);
            long from = random.nextInt((int) length);
            long to = from + 1 + random.nextInt((int) (layout.stripeEnd(layout.stripeAt(from)) - from));
            requireBlocks(layout, from, to);
        }
    }

    @Test
    void emptyBlobHasHeaderAndFooterOnly() {
        StripeLayout layout = new StripeLayout(4, 0);
        assertThat(layout.stripeCount()).isZero();
        assertThat(layout.footerOffset()).isEqualTo(SliceHeader.BYTES);
        assertThat(layout.sliceBytes()).isEqualTo(SliceHeader.BYTES + SliceFooter.BYTES);
    }

    @Test
    void largestBlobDoesNotOverflow() {
        for (int k : WIDTHS) {
            StripeLayout layout = new StripeLayout(k, StripeLayout.MAX_BLOB_BYTES);
            long last = layout.stripeCount() - 1;
            assertThat(layout.stripeEnd(last)).isEqualTo(StripeLayout.MAX_BLOB_BYTES);
            assertThat(layout.sliceBytes()).isBetween(StripeLayout.MAX_BLOB_BYTES / k, Long.MAX_VALUE / 2);
            assertThat(layout.stripeAt(StripeLayout.MAX_BLOB_BYTES - 1)).isEqualTo(last);
        }
    }

    @Test
    void impossibleShapesAreRejected() {
        assertThatIllegalArgumentException().isThrownBy(() -> new StripeLayout(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new StripeLayout(256, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new StripeLayout(4, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new StripeLayout(4, StripeLayout.MAX_BLOB_BYTES + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new BlockRange(2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new BlockRange(-1, 1));
    }

    @Test
    void hullCoversBothRangesAndNothingElse() {
        BlockRange range = new BlockRange(2, 4);
        assertThat(range.hull(new BlockRange(7, 9))).isEqualTo(new BlockRange(2, 9));
        assertThat(range.hull(BlockRange.NONE)).isEqualTo(range);
        assertThat(BlockRange.NONE.hull(range)).isEqualTo(range);
        assertThat(range.covers(new BlockRange(2, 4))).isTrue();
        assertThat(range.covers(new BlockRange(3, 5))).isFalse();
        assertThat(range.covers(new BlockRange(1, 3))).isFalse();
        assertThat(range.covers(BlockRange.NONE)).isTrue();
    }

    private static int smallestCell(int k, int stripeBytes) {
        int cell = 64;
        while ((long) cell * k < stripeBytes) {
            cell += 64;
        }
        return cell;
    }

    private static void requireBlocks(StripeLayout layout, long from, long to) {
        long stripe = layout.stripeAt(from);
        int cellBytes = layout.cellBytes(stripe);
        for (int cell = 0; cell < layout.dataCells(); cell++) {
            long cellStart = layout.stripeStart(stripe) + (long) cell * cellBytes;
            BlockRange found = layout.blocks(stripe, cell, from, to);
            for (int block = 0; block < layout.allBlocks(stripe).end(); block++) {
                long start = cellStart + (long) block * StripeLayout.BLOCK_BYTES;
                long end = Math.min(start + StripeLayout.BLOCK_BYTES, cellStart + cellBytes);
                boolean touched = start < to && from < end;
                assertThat(found.first() <= block && block < found.end())
                        .as("%s from %d to %d: cell %d, block %d", layout, from, to, cell, block)
                        .isEqualTo(touched);
            }
        }
    }

    /** What the format says, one block after the other. */
    private record Model(int k, long length) {
        void requireEqual(StripeLayout layout) {
            long sliceOffset = 64;
            long ordinal = 0;
            long stripe = 0;
            for (long start = 0; start < length; start += (long) k * smallestCell(k, 1 << 20)) {
                long end = Math.min(length, start + (long) k * smallestCell(k, 1 << 20));
                int cellBytes = end - start == (long) k * smallestCell(k, 1 << 20)
                        ? smallestCell(k, 1 << 20)
                        : smallestCell(k, (int) (end - start));
                assertThat(layout.stripeStart(stripe)).isEqualTo(start);
                assertThat(layout.stripeEnd(stripe)).isEqualTo(end);
                assertThat(layout.stripeAt(start)).isEqualTo(stripe);
                assertThat(layout.stripeAt(end - 1)).isEqualTo(stripe);
                assertThat(layout.cellBytes(stripe)).isEqualTo(cellBytes);
                int block = 0;
                for (int inCell = 0; inCell < cellBytes; inCell += 16384) {
                    int blockBytes = Math.min(16384, cellBytes - inCell);
                    assertThat(layout.sliceOffset(stripe, block)).isEqualTo(sliceOffset);
                    assertThat(layout.ordinal(stripe, block)).isEqualTo(ordinal);
                    assertThat(layout.blockBytes(stripe, block)).isEqualTo(blockBytes);
                    requireBorders(layout, start, inCell, blockBytes, cellBytes);
                    sliceOffset += blockBytes + 4;
                    ordinal++;
                    block++;
                }
                assertThat(layout.allBlocks(stripe)).isEqualTo(new BlockRange(0, block));
                requireRanges(layout, stripe, block);
                stripe++;
            }
            assertThat(layout.stripeCount()).isEqualTo(stripe);
            assertThat(layout.footerOffset()).isEqualTo(sliceOffset);
            assertThat(layout.sliceBytes()).isEqualTo(sliceOffset + 48);
        }

        /** The borders of the block in each data cell, seen from its first, a middle and its last byte. */
        private void requireBorders(StripeLayout layout, long stripeStart, int inCell, int blockBytes, int cellBytes) {
            for (int cell = 0; cell < k; cell++) {
                long first = stripeStart + (long) cell * cellBytes + inCell;
                for (long byteAt : new long[] {first, first + blockBytes / 2, first + blockBytes - 1}) {
                    if (byteAt < length) {
                        assertThat(layout.blockStart(byteAt)).isEqualTo(first);
                        assertThat(layout.blockEnd(byteAt)).isEqualTo(Math.min(length, first + blockBytes));
                    }
                }
            }
        }

        private void requireRanges(StripeLayout layout, long stripe, int blocks) {
            for (int first = 0; first < blocks; first++) {
                for (int end = first + 1; end <= blocks; end++) {
                    BlockRange range = new BlockRange(first, end);
                    int bytes = IntStream.range(first, end)
                            .map(b -> layout.blockBytes(stripe, b))
                            .sum();
                    assertThat(layout.cellBytes(stripe, range)).isEqualTo(bytes);
                    assertThat(layout.storedBytes(stripe, range)).isEqualTo(bytes + 4 * range.count());
                    assertThat(StripeLayout.storedOffset(range, end - 1))
                            .isEqualTo((int) (layout.sliceOffset(stripe, end - 1) - layout.sliceOffset(stripe, first)));
                }
            }
        }
    }
}
