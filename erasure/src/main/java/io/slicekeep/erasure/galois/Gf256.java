package io.slicekeep.erasure.galois;

/**
 * The field GF(2^8) of polynomials over GF(2) modulo x^8 + x^4 + x^3 + x^2 + 1 (0x11D). Elements are ints from 0 to 255;
 * adding is xor. Multiplying goes by logarithms to the generator x = 2.
 */
final class Gf256 {
    static final int POLYNOMIAL = 0x11D;

    /** The multiplicative group's order: 2 to the power of it is 1. */
    private static final int ORDER = 255;

    /** Powers of 2, twice over, so that the sum of two logarithms needs no reduction. */
    private static final int[] POWER = new int[2 * ORDER];

    private static final int[] LOGARITHM = new int[256];

    static {
        int element = 1;
        for (int exponent = 0; exponent < ORDER; exponent++) {
            POWER[exponent] = element;
            POWER[exponent + ORDER] = element;
            LOGARITHM[element] = exponent;
            element <<= 1;
            if (element > 255) {
                element ^= POLYNOMIAL;
            }
        }
    }

    private Gf256() {}

    static int multiply(int a, int b) {
        return a == 0 || b == 0 ? 0 : POWER[LOGARITHM[a] + LOGARITHM[b]];
    }

    static int inverse(int a) {
        if (a == 0) {
            throw new ArithmeticException("0 has no inverse");
        }
        return POWER[ORDER - LOGARITHM[a]];
    }
}
