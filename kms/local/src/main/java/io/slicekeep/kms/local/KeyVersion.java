package io.slicekeep.kms.local;

/**
 * What a keystore says of one version of a key, without the key. Immutable.
 *
 * @param name the key's name
 * @param version from 1; the highest version of a name wraps, all others only open
 * @param state whether it can be used
 */
public record KeyVersion(String name, int version, State state) {
    /** Whether a version of a key can be used. */
    public enum State {
        /** It opens, and wraps if it is the highest of its name. */
        ENABLED,
        /** It stands in the file, and does nothing until it is enabled again. */
        DISABLED,
        /** Its bytes are gone from the file, and what only it wrapped cannot be opened again. */
        DESTROYED
    }
}
