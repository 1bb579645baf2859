package io.slicekeep.record;

/**
 * The name that an operation is about. Immutable.
 *
 * @param name how it stands in keys
 * @param shown how messages call it
 */
public record Target(EncodedName name, String shown) {
    @Override
    public String toString() {
        return shown;
    }
}
