package io.slicekeep.scrub;

import java.util.Map;

/** Watches a scrub, on the thread that runs it. */
public interface ScrubListener {
    /**
     * A version of an object is not whole, or was not.
     *
     * @param finding what is known of it
     */
    void found(Finding finding);

    /**
     * A name is done.
     *
     * @param cursor with which another scrub goes on behind it
     * @param soFar what was found up to there
     */
    void reached(String cursor, ScrubReport soFar);

    /**
     * What was found of one version.
     *
     * @param name the object's encoded name
     * @param wholeSlices how many of its n slices are whole, with the records beside them
     * @param bad sites that lack or spoil something: name to reason
     * @param mended sites whose slice was rebuilt: name to what was wrong
     */
    record Finding(String name, int wholeSlices, Map<String, String> bad, Map<String, String> mended) {
        /** Copies the maps. */
        public Finding {
            bad = Map.copyOf(bad);
            mended = Map.copyOf(mended);
        }
    }
}
