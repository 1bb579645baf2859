package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.dispersal.ErasureCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link ErasureCode} of matrix id 1 must do; judged by an independent second implementation. */
public abstract class ErasureCodeContract {
    private static final int[] EDGE_LENGTHS = {
        1, 2, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 4096, 16383, 16384, 16385
    };

    /** Creates the contract. */
    protected ErasureCodeContract() {}

    /**
     * Makes the code under test.
     *
     * @param dataCells k
     * @param parityCells m
     * @return the code
     */
    protected abstract ErasureCode create(int dataCells, int parityCells);

    @Test
    void codeTellsItsShape() {
        ErasureCode code = create(10, 6);
        assertThat(code.dataCells()).isEqualTo(10);
        assertThat(code.parityCells()).isEqualTo(6);
        assertThat(code.matrixId()).isEqualTo(ErasureCode.CAUCHY_11D);
    }

    @Test
    void coefficientsAreThoseOfTheFormat() {
        int[][] shapes = {{1, 1}, {2, 1}, {4, 2}, {5, 3}, {10, 6}, {17, 9}, {200, 55}, {1, 254}, {254, 1}};
        for (int[] shape : shapes) {
            for (int j : new int[] {0, shape[0] / 2, shape[0] - 1}) {
                Stripe stripe = new Stripe(shape[0], shape[1], 64);
                stripe.slab.cell(j).put(0, (byte) 1);
                create(shape[0], shape[1]).encode(stripe.slab, 1);
                for (int i = 0; i < shape[1]; i++) {
                    assertThat(stripe.slab.cell(shape[0] + i).get(0) & 0xff)
                            .as("%d+%d, row %d, column %d", shape[0], shape[1], i, j)
                            .isEqualTo(ReferenceCode.inverse((shape[0] + i) ^ j));
                }
            }
        }
    }

    @Test
    void everyLossOfEverySmallCodeIsRebuilt() {
        for (int k = 1; k <= 8; k++) {
            for (int m = 0; m <= 4; m++) {
                ErasureCode code = create(k, m);
                Stripe stripe = Stripe.random(k, m, 65, new Random(31L * k + m));
                code.encode(stripe.slab, 65);
                stripe.requireReferenceParity();
                forEveryLoss(k + m, m, lost -> stripe.requireRebuilt(code, lost));
            }
        }
    }

    @Test
    void everyLengthAroundABorderIsEncodedAndRebuilt() {
        ErasureCode code = create(5, 3);
        for (int cellBytes : EDGE_LENGTHS) {
            Stripe stripe = Stripe.random(5, 3, cellBytes, new Random(cellBytes));
            code.encode(stripe.slab, cellBytes);
            stripe.requireReferenceParity();
            stripe.requireRebuilt(code, bits(0, 2, 6));
            stripe.requireRebuilt(code, bits(5, 6, 7));
        }
    }

    @Test
    void largeCodesSurviveRandomLosses() {
        Random random = new Random(7);
        int[][] shapes = {{10, 6}, {20, 10}, {3, 200}, {128, 127}, {200, 55}, {254, 1}, {255, 0}, {1, 254}};
        for (int[] shape : shapes) {
            ErasureCode code = create(shape[0], shape[1]);
            Stripe stripe = Stripe.random(shape[0], shape[1], 9, random);
            code.encode(stripe.slab, 9);
            stripe.requireReferenceParity();
            for (int round = 0; round < 3; round++) {
                stripe.requireRebuilt(code, randomLoss(shape[0] + shape[1], shape[1], random));
            }
        }
    }

    @Test
    void referenceDecodesWhatTheCodeEncoded() {
        Random random = new Random(11);
        Stripe stripe = Stripe.random(10, 6, 64, random);
        create(10, 6).encode(stripe.slab, 64);
        byte[][] cells = stripe.cells();
        int[] kept = {1, 3, 4, 6, 9, 10, 11, 12, 14, 15};
        byte[][] decoded = ReferenceCode.decode(
                kept, Arrays.stream(kept).mapToObj(i -> cells[i]).toArray(byte[][]::new));
        assertThat(decoded).isDeepEqualTo(Arrays.copyOf(cells, 10));
    }

    @Test
    void onlyTheWantedCellsAreRebuilt() {
        Stripe stripe = Stripe.random(4, 3, 100, new Random(3));
        ErasureCode code = create(4, 3);
        code.encode(stripe.slab, 100);
        byte[][] right = stripe.cells();
        BitSet lost = bits(1, 3, 5);
        stripe.spoil(lost);
        byte[][] spoilt = stripe.cells();
        code.rebuild(stripe.slab, 100, bits(0, 2, 4, 6), bits(3));
        byte[][] rebuilt = stripe.cells();
        assertThat(rebuilt[3]).isEqualTo(right[3]);
        assertThat(rebuilt[1]).isEqualTo(spoilt[1]);
        assertThat(rebuilt[5]).isEqualTo(spoilt[5]);
    }

    @Test
    void cellsThatAreNotPresentAreNotRead() {
        Stripe stripe = Stripe.random(4, 3, 64, new Random(5));
        ErasureCode code = create(4, 3);
        code.encode(stripe.slab, 64);
        stripe.spoil(bits(0, 4));
        byte[] right = stripe.cells()[2];
        stripe.spoil(bits(2));
        code.rebuild(stripe.slab, 64, bits(1, 3, 5, 6), bits(2));
        assertThat(stripe.cells()[2]).isEqualTo(right);
    }

    @Test
    void nothingButTheTargetsIsWritten() {
        Stripe stripe = Stripe.random(4, 2, 100, new Random(9));
        Random noise = new Random(10);
        ByteBuffer region = stripe.slab.region();
        for (int i = 0; i < region.capacity(); i++) {
            region.put(i, (byte) noise.nextInt());
        }
        byte[] before = bytes(region);
        create(4, 2).encode(stripe.slab, 70);
        byte[] after = bytes(region);
        for (int i = 0; i < before.length; i++) {
            int cell = i / stripe.slab.pitchBytes();
            boolean target = (cell == 4 || cell == 5) && i % stripe.slab.pitchBytes() < 70;
            if (!target) {
                assertThat(after[i]).as("byte %d of the region", i).isEqualTo(before[i]);
            }
        }
    }

    @Test
    void buffersKeepTheirPositionsAndLimits() {
        Stripe stripe = Stripe.random(3, 2, 100, new Random(13));
        for (int i = 0; i < 5; i++) {
            stripe.slab.cell(i).limit(7 + i).position(i);
        }
        ErasureCode code = create(3, 2);
        code.encode(stripe.slab, 100);
        code.rebuild(stripe.slab, 100, bits(0, 3, 4), bits(1, 2));
        for (int i = 0; i < 5; i++) {
            assertThat(stripe.slab.cell(i).position()).isEqualTo(i);
            assertThat(stripe.slab.cell(i).limit()).isEqualTo(7 + i);
        }
        assertThat(stripe.slab.region().position()).isZero();
        assertThat(stripe.slab.region().remaining())
                .isEqualTo(stripe.slab.region().capacity());
    }

    @Test
    void slabMayHaveMoreAndLargerCellsThanNeeded() {
        CellSlab slab = CellSlab.allocate(9, 1024);
        Stripe stripe = new Stripe(4, 2, 100, slab);
        stripe.fill(new Random(15));
        ErasureCode code = create(4, 2);
        code.encode(slab, 100);
        stripe.requireReferenceParity();
        stripe.requireRebuilt(code, bits(0, 5));
    }

    @Test
    void codeWithoutParityLeavesTheDataAsItIs() {
        Stripe stripe = Stripe.random(3, 0, 64, new Random(17));
        byte[][] before = stripe.cells();
        ErasureCode code = create(3, 0);
        code.encode(stripe.slab, 64);
        code.rebuild(stripe.slab, 64, bits(0, 1, 2), new BitSet());
        assertThat(stripe.cells()).isDeepEqualTo(before);
    }

    @Test
    void argumentSetsAreNotChanged() {
        Stripe stripe = Stripe.random(4, 2, 64, new Random(19));
        ErasureCode code = create(4, 2);
        BitSet present = bits(0, 2, 3, 4, 5);
        BitSet wanted = bits(1);
        code.rebuild(stripe.slab, 64, present, wanted);
        wanted.set(3);
        present.clear(3);
        code.encode(stripe.slab, 64);
        stripe.requireRebuilt(code, bits(1));
        assertThat(present).isEqualTo(bits(0, 2, 4, 5));
    }

    @Test
    void wrongArgumentsAreRejected() {
        ErasureCode code = create(4, 2);
        CellSlab slab = CellSlab.allocate(6, 64);
        assertThatIllegalArgumentException().isThrownBy(() -> code.encode(slab, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> code.encode(slab, 65));
        assertThatIllegalArgumentException().isThrownBy(() -> code.encode(CellSlab.allocate(5, 64), 64));
        assertThatIllegalArgumentException().isThrownBy(() -> code.rebuild(slab, 64, bits(0, 1, 2), bits(3)));
        assertThatIllegalArgumentException().isThrownBy(() -> code.rebuild(slab, 64, bits(0, 1, 2, 3), bits(3)));
        assertThatIllegalArgumentException().isThrownBy(() -> code.rebuild(slab, 64, bits(0, 1, 2, 6), bits(3)));
        assertThatIllegalArgumentException().isThrownBy(() -> code.rebuild(slab, 64, bits(0, 1, 2, 3), bits(6)));
        assertThatIllegalArgumentException().isThrownBy(() -> create(0, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> create(4, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> create(200, 56));
    }

    @Test
    void oneCodeServesManyThreads() {
        ErasureCode code = create(6, 3);
        IntStream.range(0, 64).parallel().forEach(round -> {
            Random random = new Random(round);
            Stripe stripe = Stripe.random(6, 3, 500, random);
            code.encode(stripe.slab, 500);
            stripe.requireReferenceParity();
            stripe.requireRebuilt(code, randomLoss(9, 3, random));
        });
    }

    private static void forEveryLoss(int cells, int most, Consumer<BitSet> action) {
        IntStream.range(1, 1 << cells)
                .filter(mask -> Integer.bitCount(mask) <= most)
                .forEach(mask -> action.accept(BitSet.valueOf(new long[] {mask})));
    }

    private static BitSet randomLoss(int cells, int count, Random random) {
        BitSet lost = new BitSet();
        while (lost.cardinality() < count) {
            lost.set(random.nextInt(cells));
        }
        return lost;
    }

    private static BitSet bits(int... indexes) {
        BitSet bits = new BitSet();
        Arrays.stream(indexes).forEach(bits::set);
        return bits;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    /** A slab with its shape, and what one does to it. */
    private record Stripe(int k, int m, int cellBytes, CellSlab slab) {
        Stripe(int k, int m, int cellBytes) {
            this(k, m, cellBytes, CellSlab.allocate(k + m, (cellBytes + 63) / 64 * 64));
        }

        static Stripe random(int k, int m, int cellBytes, Random random) {
            Stripe stripe = new Stripe(k, m, cellBytes);
            stripe.fill(random);
            return stripe;
        }

        void fill(Random random) {
            for (int i = 0; i < k + m; i++) {
                put(i, random);
            }
        }

        void spoil(BitSet cells) {
            Random noise = new Random(cells.hashCode());
            cells.stream().forEach(i -> put(i, noise));
        }

        byte[][] cells() {
            byte[][] cells = new byte[k + m][cellBytes];
            for (int i = 0; i < cells.length; i++) {
                slab.region().get(i * slab.pitchBytes(), cells[i]);
            }
            return cells;
        }

        void requireReferenceParity() {
            byte[][] cells = cells();
            assertThat(cells).isDeepEqualTo(ReferenceCode.encode(m, Arrays.copyOf(cells, k)));
        }

        void requireRebuilt(ErasureCode code, BitSet lost) {
            byte[][] right = cells();
            spoil(lost);
            BitSet present = new BitSet();
            present.set(0, k + m);
            present.andNot(lost);
            code.rebuild(slab, cellBytes, present, lost);
            assertThat(Arrays.deepEquals(cells(), right))
                    .as("%d+%d, cells of %d, lost %s", k, m, cellBytes, lost)
                    .isTrue();
        }

        private void put(int cell, Random random) {
            byte[] bytes = new byte[cellBytes];
            random.nextBytes(bytes);
            slab.region().put(cell * slab.pitchBytes(), bytes);
        }
    }
}
