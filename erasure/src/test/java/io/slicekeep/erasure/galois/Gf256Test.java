package io.slicekeep.erasure.galois;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class Gf256Test {
    @Test
    void productsAreThoseOfPolynomials() {
        for (int a = 0; a < 256; a++) {
            for (int b = 0; b < 256; b++) {
                assertThat(Gf256.multiply(a, b)).as("%d x %d", a, b).isEqualTo(polynomialProduct(a, b));
            }
        }
    }

    @Test
    void elementTimesItsInverseIsOne() {
        for (int a = 1; a < 256; a++) {
            assertThat(Gf256.multiply(a, Gf256.inverse(a))).isEqualTo(1);
        }
    }

    @Test
    void zeroHasNoInverse() {
        assertThatThrownBy(() -> Gf256.inverse(0)).isInstanceOf(ArithmeticException.class);
    }

    /** The product without carries, reduced from the top. */
    private static int polynomialProduct(int a, int b) {
        int product = 0;
        for (int bit = 0; bit < 8; bit++) {
            product ^= (b >> bit & 1) * (a << bit);
        }
        for (int bit = 14; bit >= 8; bit--) {
            product ^= (product >> bit & 1) * (Gf256.POLYNOMIAL << (bit - 8));
        }
        return product;
    }
}
