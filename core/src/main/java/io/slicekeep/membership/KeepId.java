package io.slicekeep.membership;

import io.slicekeep.key.OpenSecret;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The identity of a keep, derived from its secret: the first 16 bytes of the secret's commitment. So it tells the right
 * secret from any other, and a site cannot put another one in its place. Immutable.
 *
 * @param hex 32 lower-case hex digits
 */
public record KeepId(String hex) {
    /** The length of an id, in bytes. */
    public static final int BYTES = 16;

    /** Checks the form. */
    public KeepId {
        Hex.require(hex, BYTES, "a keep id");
    }

    /**
     * Returns the id of the keep with this secret.
     *
     * @param secret the keep's secret
     * @return its id
     */
    public static KeepId of(OpenSecret secret) {
        return of(Arrays.copyOf(secret.commitment(), BYTES));
    }

    /**
     * Returns the id of these bytes.
     *
     * @param bytes 16 bytes
     * @return the id
     */
    public static KeepId of(byte[] bytes) {
        return new KeepId(HexFormat.of().formatHex(bytes));
    }

    /**
     * Returns the bytes.
     *
     * @return 16 bytes
     */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
