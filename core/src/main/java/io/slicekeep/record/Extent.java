package io.slicekeep.record;

/** How much of a record is read. */
public enum Extent {
    /** All but the slice, which may be much the longest part; the MAC, not the last CRC, vouches for it. */
    HEAD,
    /** Everything. */
    WHOLE
}
