package io.slicekeep.erasure.galois;

import io.slicekeep.dispersal.CellSlab;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Computes target cells as sums of multiples of source cells: what encoding and rebuilding both are. Immutable, thread-safe.
 *
 * <p>Eight targets are computed together. For each source a table holds, under each value of a byte, its products with the
 * eight targets' coefficients side by side in one {@code long}; so a source byte costs one lookup and one xor for all eight.
 * A strip of the cells is finished at a time, small enough for its sums to stay in the nearest cache.
 */
final class CellProduct {
    private static final int LANES = Long.BYTES;
    private static final int STRIP_BYTES = 1024;

    private final int[] sources;
    private final int[] targets;
    private final long[][][] tables; // [group of eight targets][source][value of a byte]

    /** Row i, column j of the coefficients belongs to target i and source j. */
    CellProduct(GfMatrix coefficients, int[] sources, int[] targets) {
        this.sources = sources;
        this.targets = targets;
        this.tables = new long[groups(targets.length)][sources.length][];
        for (int group = 0; group < tables.length; group++) {
            for (int source = 0; source < sources.length; source++) {
                tables[group][source] = table(coefficients, group * LANES, source);
            }
        }
    }

    /** Returns how much memory the tables of so many targets and sources take. */
    static long tableBytes(int targets, int sources) {
        return (long) groups(targets) * sources * 256 * Long.BYTES;
    }

    void apply(CellSlab slab, int cellBytes) {
        long[] sums = new long[Math.min(STRIP_BYTES, cellBytes)];
        byte[] strip = new byte[sums.length];
        for (int offset = 0; offset < cellBytes; offset += sums.length) {
            int count = Math.min(sums.length, cellBytes - offset);
            for (int group = 0; group < tables.length; group++) {
                sum(slab, offset, count, tables[group], sums, strip);
                store(slab, offset, count, group * LANES, sums, strip);
            }
        }
    }

    private void sum(CellSlab slab, int offset, int count, long[][] tableOf, long[] sums, byte[] strip) {
        Arrays.fill(sums, 0, count, 0);
        ByteBuffer region = slab.region();
        for (int j = 0; j < sources.length; j++) {
            region.get(sources[j] * slab.pitchBytes() + offset, strip, 0, count);
            long[] table = tableOf[j];
            for (int i = 0; i < count; i++) {
                sums[i] ^= table[strip[i] & 0xff];
            }
        }
    }

    private void store(CellSlab slab, int offset, int count, int firstTarget, long[] sums, byte[] strip) {
        int end = Math.min(firstTarget + LANES, targets.length);
        for (int target = firstTarget; target < end; target++) {
            int shift = Byte.SIZE * (target - firstTarget);
            for (int i = 0; i < count; i++) {
                strip[i] = (byte) (sums[i] >>> shift);
            }
            slab.region().put(targets[target] * slab.pitchBytes() + offset, strip, 0, count);
        }
    }

    private static long[] table(GfMatrix coefficients, int firstRow, int column) {
        long[] table = new long[256];
        for (int bit = 1; bit < 256; bit <<= 1) {
            table[bit] = products(coefficients, firstRow, column, bit);
            for (int rest = 1; rest < bit; rest++) {
                table[bit | rest] = table[bit] ^ table[rest];
            }
        }
        return table;
    }

    private static long products(GfMatrix coefficients, int firstRow, int column, int value) {
        int end = Math.min(firstRow + LANES, coefficients.rowCount());
        long products = 0;
        for (int row = firstRow; row < end; row++) {
            long product = Gf256.multiply(coefficients.at(row, column), value);
            products |= product << (Byte.SIZE * (row - firstRow));
        }
        return products;
    }

    private static int groups(int targets) {
        return (targets + LANES - 1) / LANES;
    }
}
