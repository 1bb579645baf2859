package io.slicekeep.erasure.galois;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GfMatrixTest {
    @Test
    void matrixTimesItsInverseIsTheIdentity() {
        Random random = new Random(1);
        for (int k = 1; k <= 40; k++) {
            GfMatrix generator = GfMatrix.cauchyGenerator(k, 20);
            BitSet rows = new BitSet();
            while (rows.cardinality() < k) {
                rows.set(random.nextInt(k + 20));
            }
            GfMatrix square = generator.select(rows);
            requireIdentity(square.times(square.inverse()));
            requireIdentity(square.inverse().times(square));
        }
    }

    @Test
    void matrixWithoutInverseIsRejected() {
        GfMatrix generator = GfMatrix.cauchyGenerator(2, 1);
        BitSet first = new BitSet();
        first.set(0);
        GfMatrix column = GfMatrix.cauchyGenerator(1, 1);
        GfMatrix rankOne = column.times(generator.select(first));
        assertThatThrownBy(rankOne::inverse).isInstanceOf(ArithmeticException.class);
    }

    private static void requireIdentity(GfMatrix matrix) {
        for (int i = 0; i < matrix.rowCount(); i++) {
            for (int j = 0; j < matrix.columnCount(); j++) {
                assertThat(matrix.at(i, j)).isEqualTo(i == j ? 1 : 0);
            }
        }
    }
}
