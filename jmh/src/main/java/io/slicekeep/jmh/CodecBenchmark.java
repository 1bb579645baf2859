package io.slicekeep.jmh;

import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.erasure.ErasureCodes;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Stripes of 1 MiB of data: operations per second are MiB of data per second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CodecBenchmark {
    private static final int STRIPE_BYTES = 1 << 20;

    /** k+m. */
    @Param({"4+2", "8+3"})
    public String profile = "";

    private final BitSet present = new BitSet();
    private final BitSet lost = new BitSet();
    private ErasureCode code;
    private CellSlab slab;
    private int cellBytes;

    /** Fills a slab, encodes it, and loses as many data cells as can be lost. */
    @Setup
    public void fill() {
        int plus = profile.indexOf('+');
        int dataCells = Integer.parseInt(profile.substring(0, plus));
        int parityCells = Integer.parseInt(profile.substring(plus + 1));
        code = ErasureCodes.cauchy(dataCells, parityCells);
        cellBytes = STRIPE_BYTES / dataCells;
        slab = CellSlab.allocate(dataCells + parityCells, cellBytes);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < dataCells; i++) {
            byte[] cell = new byte[cellBytes];
            random.nextBytes(cell);
            slab.cell(i).put(0, cell);
        }
        code.encode(slab, cellBytes);
        lost.set(0, parityCells);
        present.set(parityCells, dataCells + parityCells);
    }

    /**
     * The limit: reading the data once and writing what becomes parity.
     *
     * @return the last cell
     */
    @Benchmark
    public ByteBuffer copy() {
        for (int i = 0; i < code.dataCells(); i++) {
            slab.cell(code.dataCells() + i % code.parityCells()).put(0, slab.cell(i), 0, cellBytes);
        }
        return slab.cell(slab.cellCount() - 1);
    }

    /**
     * Computes all parity.
     *
     * @return the slab
     */
    @Benchmark
    public CellSlab encode() {
        code.encode(slab, cellBytes);
        return slab;
    }

    /**
     * Computes m lost data cells.
     *
     * @return the slab
     */
    @Benchmark
    public CellSlab rebuild() {
        code.rebuild(slab, cellBytes, present, lost);
        return slab;
    }
}
