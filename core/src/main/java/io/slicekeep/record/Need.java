package io.slicekeep.record;

/** What a reading is for. */
public enum Need {
    /** What the record says. */
    HEAD,
    /** Its inline slices too, if it has any. */
    BODY
}
