package io.slicekeep.record;

/** What a reader insists on. */
public enum Certainty {
    /** R sites answer and the value stands on W sites: no acknowledged write is missed, none is seen and lost again. */
    PROVEN,
    /** What any k sites can serve. */
    POSSIBLY_STALE,
    /** What any k sites can serve, as they are: nothing is written back. */
    UNTOUCHED
}
