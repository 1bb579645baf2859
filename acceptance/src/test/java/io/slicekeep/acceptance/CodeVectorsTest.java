package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.erasure.ErasureCodes;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The code and its matrix are those of docs/FORMAT.md section 4. */
class CodeVectorsTest {
    static Stream<JsonObject> codes() {
        return FormatVectors.objects(FormatVectors.read("codes"));
    }

    @ParameterizedTest
    @MethodSource("codes")
    void parityIsThatOfTheVectors(JsonObject vector) {
        int k = vector.get("k").getAsInt();
        int m = vector.get("m").getAsInt();
        int cellBytes = vector.get("cellBytes").getAsInt();
        CellSlab slab = CellSlab.allocate(k + m, 128);
        for (int j = 0; j < k; j++) {
            slab.cell(j).put(0, FormatVectors.pattern(cellBytes, 7 * j + k));
        }
        ErasureCode code = ErasureCodes.cauchy(k, m);

        code.encode(slab, cellBytes);

        byte[] parity = parity(slab, k, m, cellBytes);
        assertThat(FormatVectors.sha256(parity)).isEqualTo(vector.get("parity").getAsString());
        assertThat(HexFormat.of().formatHex(parity))
                .startsWith(vector.get("parityHead").getAsString());
    }

    /** A unit vector as data gives a column of the matrix as parity. */
    @ParameterizedTest
    @MethodSource("codes")
    void coefficientsAreThoseOfTheVectors(JsonObject vector) {
        int k = vector.get("k").getAsInt();
        int m = vector.get("m").getAsInt();
        CellSlab slab = CellSlab.allocate(k + m, 256);
        for (int j = 0; j < k; j++) {
            slab.cell(j).put(j, (byte) 1);
        }

        ErasureCodes.cauchy(k, m).encode(slab, k);

        for (int i = 0; i < m; i++) {
            byte[] row = new byte[k];
            slab.cell(k + i).get(0, row);
            assertThat(HexFormat.of().formatHex(row))
                    .isEqualTo(vector.getAsJsonArray("matrix").get(i).getAsString());
        }
    }

    private static byte[] parity(CellSlab slab, int k, int m, int cellBytes) {
        byte[] parity = new byte[m * cellBytes];
        for (int i = 0; i < m; i++) {
            slab.cell(k + i).get(0, parity, i * cellBytes, cellBytes);
        }
        return parity;
    }
}
