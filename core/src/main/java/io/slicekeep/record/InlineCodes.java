package io.slicekeep.record;

import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Layout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How inline objects are sliced, of whatever k: each code is made when it is first needed. Thread-safe. */
public final class InlineCodes {
    private final Maker maker;
    private final Map<Shape, InlineCode> made = new ConcurrentHashMap<>();

    /**
     * Creates it.
     *
     * @param maker makes codes
     */
    public InlineCodes(Maker maker) {
        this.maker = maker;
    }

    /** Makes codes. */
    @FunctionalInterface
    public interface Maker {
        /**
         * Returns a code.
         *
         * @param dataCells k
         * @param parityCells how many parity cells it makes
         * @return the code
         */
        ErasureCode code(int dataCells, int parityCells);
    }

    /**
     * Returns the code that makes a slice for each site.
     *
     * @param dataSlices k
     * @param layout the sites
     * @return the code
     */
    public InlineCode of(int dataSlices, Layout layout) {
        return made.computeIfAbsent(
                new Shape(dataSlices, layout.cells() - dataSlices),
                shape -> new InlineCode(maker.code(shape.dataCells, shape.parityCells)));
    }

    private record Shape(int dataCells, int parityCells) {}
}
