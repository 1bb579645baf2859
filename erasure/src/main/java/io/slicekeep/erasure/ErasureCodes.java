package io.slicekeep.erasure;

import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.erasure.galois.JavaErasureCode;

/** Makes erasure codes, of the fastest implementation that this machine has. All give the same bytes. */
public final class ErasureCodes {
    private ErasureCodes() {}

    /**
     * Makes the systematic Cauchy Reed-Solomon code of docs/FORMAT.md section 4. Any k of its k + m cells give the others.
     *
     * @param dataCells k, at least 1
     * @param parityCells m, at least 0; k + m at most 255
     * @return the code, immutable and best kept: it remembers what it worked out for each pattern of losses
     */
    public static ErasureCode cauchy(int dataCells, int parityCells) {
        return JavaErasureCode.cauchy(dataCells, parityCells);
    }

    /**
     * Says which implementation this machine has.
     *
     * @return in words
     */
    public static String implementation() {
        return "Java, without native code";
    }
}
