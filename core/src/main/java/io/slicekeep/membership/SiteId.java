package io.slicekeep.membership;

import io.slicekeep.task.RandomSource;
import java.util.HexFormat;

/**
 * The identity of one site of a keep, drawn when the site joins: a site that is wiped comes back as another one. Immutable.
 *
 * @param hex 32 lower-case hex digits
 */
public record SiteId(String hex) {
    /** The length of an id, in bytes. */
    public static final int BYTES = 16;

    /** Checks the form. */
    public SiteId {
        Hex.require(hex, BYTES, "a site id");
    }

    /**
     * Draws a fresh id.
     *
     * @param random where from
     * @return the id
     */
    public static SiteId random(RandomSource random) {
        return of(random.bytes(BYTES));
    }

    /**
     * Returns the id of these bytes.
     *
     * @param bytes 16 bytes
     * @return the id
     */
    public static SiteId of(byte[] bytes) {
        return new SiteId(HexFormat.of().formatHex(bytes));
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
