package io.slicekeep.erasure.galois;

import java.util.Arrays;
import java.util.BitSet;

/** A matrix over GF(2^8). Immutable. */
final class GfMatrix {
    private final int columns;
    private final byte[][] rows;

    private GfMatrix(int columns, byte[][] rows) {
        this.columns = columns;
        this.rows = rows;
    }

    /**
     * Returns the generator of a systematic Cauchy code: the identity, and below it m rows with coefficient
     * {@code 1 / ((k + i) xor j)} in row i, column j (docs/FORMAT.md section 4, matrix id 1). Every square part of the m rows
     * has an inverse, as the elements k + i and j are all different; so any k rows of the generator have one.
     */
    static GfMatrix cauchyGenerator(int dataCells, int parityCells) {
        byte[][] rows = new byte[dataCells + parityCells][dataCells];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < dataCells; j++) {
                int coefficient = i < dataCells ? (i == j ? 1 : 0) : Gf256.inverse(i ^ j);
                rows[i][j] = (byte) coefficient;
            }
        }
        return new GfMatrix(dataCells, rows);
    }

    int rowCount() {
        return rows.length;
    }

    int columnCount() {
        return columns;
    }

    int at(int row, int column) {
        return Byte.toUnsignedInt(rows[row][column]);
    }

    /** Returns the matrix of the rows whose indexes are set, in ascending order. */
    GfMatrix select(BitSet indexes) {
        return new GfMatrix(columns, indexes.stream().mapToObj(i -> rows[i]).toArray(byte[][]::new));
    }

    GfMatrix times(GfMatrix right) {
        byte[][] product = new byte[rows.length][right.columns];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns; j++) {
                addMultiple(product[i], at(i, j), right.rows[j]);
            }
        }
        return new GfMatrix(right.columns, product);
    }

    /**
     * Returns the inverse of a square matrix, by Gauss and Jordan. Rows that are zero in a column are passed over, so a
     * matrix of mostly unit rows, as after few losses, costs little.
     *
     * @throws ArithmeticException if there is none
     */
    GfMatrix inverse() {
        byte[][] left = Arrays.stream(rows).map(byte[]::clone).toArray(byte[][]::new);
        byte[][] right = new byte[rows.length][columns];
        for (int i = 0; i < rows.length; i++) {
            right[i][i] = 1;
        }
        for (int column = 0; column < columns; column++) {
            int pivot = pivotRow(left, column);
            swap(left, column, pivot);
            swap(right, column, pivot);
            clear(left, right, column);
        }
        return new GfMatrix(columns, right);
    }

    private static int pivotRow(byte[][] left, int column) {
        int row = column;
        while (row < left.length && left[row][column] == 0) {
            row++;
        }
        if (row == left.length) {
            throw new ArithmeticException("the matrix has no inverse");
        }
        return row;
    }

    /** Makes the pivot 1 and the rest of its column 0. */
    private static void clear(byte[][] left, byte[][] right, int column) {
        int scale = Gf256.inverse(Byte.toUnsignedInt(left[column][column]));
        left[column] = multiple(scale, left[column]);
        right[column] = multiple(scale, right[column]);
        for (int row = 0; row < left.length; row++) {
            int factor = Byte.toUnsignedInt(left[row][column]);
            if (row != column) {
                addMultiple(left[row], factor, left[column]);
                addMultiple(right[row], factor, right[column]);
            }
        }
    }

    private static byte[] multiple(int factor, byte[] row) {
        byte[] result = new byte[row.length];
        addMultiple(result, factor, row);
        return result;
    }

    private static void addMultiple(byte[] target, int factor, byte[] row) {
        if (factor == 0) {
            return;
        }
        for (int j = 0; j < row.length; j++) {
            target[j] ^= (byte) Gf256.multiply(factor, Byte.toUnsignedInt(row[j]));
        }
    }

    private static void swap(byte[][] rows, int a, int b) {
        byte[] row = rows[a];
        rows[a] = rows[b];
        rows[b] = row;
    }
}
