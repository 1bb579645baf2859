package io.slicekeep.testkit;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Matrix id 1 of docs/FORMAT.md section 4 a second time, slow and plain: products by shift and xor, inverses by
 * search, and missing data by solving the equations of the cells themselves, forward elimination then back substitution.
 */
final class ReferenceCode {
    private ReferenceCode() {}

    static int multiply(int a, int b) {
        int product = 0;
        for (int bit = 7; bit >= 0; bit--) {
            product <<= 1;
            if ((product & 0x100) != 0) {
                product ^= 0x11D;
            }
            if ((b >> bit & 1) != 0) {
                product ^= a;
            }
        }
        return product;
    }

    static int inverse(int a) {
        int b = 1;
        while (multiply(a, b) != 1) {
            b++;
        }
        return b;
    }

    /** Returns the k coefficients of a cell of the generator. */
    static int[] row(int dataCells, int cell) {
        int[] row = new int[dataCells];
        for (int j = 0; j < dataCells; j++) {
            row[j] = cell >= dataCells ? inverse(cell ^ j) : cell == j ? 1 : 0;
        }
        return row;
    }

    /** Returns data and parity cells for k data cells. */
    static byte[][] encode(int parityCells, byte[]... data) {
        byte[][] cells = Arrays.copyOf(data, data.length + parityCells);
        for (int cell = data.length; cell < cells.length; cell++) {
            int[] row = row(data.length, cell);
            cells[cell] = new byte[data[0].length];
            for (int j = 0; j < data.length; j++) {
                add(cells[cell], row[j], data[j]);
            }
        }
        return cells;
    }

    /** Returns the k data cells from k cells of which {@code cells[i]} stands at {@code indexes[i]}. */
    static byte[][] decode(int[] indexes, byte[]... cells) {
        int k = indexes.length;
        int[][] equations = Arrays.stream(indexes).mapToObj(i -> row(k, i)).toArray(int[][]::new);
        byte[][] sums = Arrays.stream(cells).map(byte[]::clone).toArray(byte[][]::new);
        for (int column = 0; column < k; column++) {
            bringUp(equations, sums, column);
            for (int below = column + 1; below < k; below++) {
                int factor = multiply(equations[below][column], inverse(equations[column][column]));
                for (int j = column; j < k; j++) {
                    equations[below][j] ^= multiply(factor, equations[column][j]);
                }
                add(sums[below], factor, sums[column]);
            }
        }
        for (int column = k - 1; column >= 0; column--) {
            for (int right = column + 1; right < k; right++) {
                add(sums[column], equations[column][right], sums[right]);
            }
            byte[] solved = new byte[sums[column].length];
            add(solved, inverse(equations[column][column]), sums[column]);
            sums[column] = solved;
        }
        return sums;
    }

    private static void bringUp(int[][] equations, byte[][] sums, int column) {
        int row = column;
        while (equations[row][column] == 0) {
            row++;
        }
        int[] equation = equations[row];
        equations[row] = equations[column];
        equations[column] = equation;
        byte[] sum = sums[row];
        sums[row] = sums[column];
        sums[column] = sum;
    }

    private static void add(byte[] target, int factor, byte[] source) {
        int[] products =
                IntStream.range(0, 256).map(value -> multiply(factor, value)).toArray();
        for (int i = 0; i < target.length; i++) {
            target[i] ^= (byte) products[source[i] & 0xff];
        }
    }
}
