package io.slicekeep.sealed;

import java.nio.ByteBuffer;

/** An element of GHASH's field GF(2^128) (NIST SP 800-38D section 6.3): the first bit is the coefficient of x^0. */
record Gf128(long high, long low) {
    private static final Gf128 ONE = new Gf128(1L << 63, 0);
    private static final long REDUCTION = 0xE1L << 56;

    static Gf128 of(byte[] block) {
        ByteBuffer bytes = ByteBuffer.wrap(block);
        return new Gf128(bytes.getLong(0), bytes.getLong(8));
    }

    byte[] bytes() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    Gf128 plus(Gf128 other) {
        return new Gf128(high ^ other.high, low ^ other.low);
    }

    Gf128 times(Gf128 other) {
        Gf128 sum = new Gf128(0, 0);
        Gf128 shifted = this;
        for (int i = 0; i < 128; i++) {
            if ((i < 64 ? other.high << i : other.low << (i - 64)) < 0) {
                sum = sum.plus(shifted);
            }
            shifted = shifted.timesX();
        }
        return sum;
    }

    Gf128 power(int exponent) {
        Gf128 product = ONE;
        for (int i = 0; i < exponent; i++) {
            product = product.times(this);
        }
        return product;
    }

    /** The (2^128 - 2)-th power. */
    Gf128 inverse() {
        Gf128 product = ONE;
        Gf128 square = this;
        for (int i = 1; i < 128; i++) {
            square = square.times(square);
            product = product.times(square);
        }
        return product;
    }

    private Gf128 timesX() {
        long reduced = (high >>> 1) ^ ((low & 1) == 0 ? 0 : REDUCTION);
        return new Gf128(reduced, low >>> 1 | high << 63);
    }
}
