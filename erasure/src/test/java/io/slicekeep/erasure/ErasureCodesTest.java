package io.slicekeep.erasure;

import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.testkit.ErasureCodeContract;

class ErasureCodesTest extends ErasureCodeContract {
    @Override
    protected ErasureCode create(int dataCells, int parityCells) {
        return ErasureCodes.cauchy(dataCells, parityCells);
    }
}
