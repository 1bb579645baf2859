package io.slicekeep.dispersal;

/** How a site leaves a keep. */
public enum Departure {
    /** It answers as before until its successor holds everything. */
    SERVING,
    /** It is lost for good, its operator says, and is never called again. */
    LOST
}
