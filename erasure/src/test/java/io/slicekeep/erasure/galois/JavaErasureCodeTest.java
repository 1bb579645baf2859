package io.slicekeep.erasure.galois;

import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.testkit.ErasureCodeContract;

class JavaErasureCodeTest extends ErasureCodeContract {
    @Override
    protected ErasureCode create(int dataCells, int parityCells) {
        return JavaErasureCode.cauchy(dataCells, parityCells);
    }
}
