package io.slicekeep;

import io.slicekeep.key.KeyUri;
import java.util.List;
import java.util.Map;

/**
 * What became of a change of a keep's keys. Immutable.
 *
 * @param generation of the keys that now stand
 * @param keys which keys open the keep now
 * @param outdated sites where the former keys may still stand, so that a former key may still open them: name to reason;
 *     empty when done. Rotating again with these sites at hand clears them
 */
public record KeyChange(long generation, List<KeyUri> keys, Map<String, String> outdated) {
    /** Copies the collections. */
    public KeyChange {
        keys = List.copyOf(keys);
        outdated = Map.copyOf(outdated);
    }
}
