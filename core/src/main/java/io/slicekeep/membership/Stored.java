package io.slicekeep.membership;

/** A value and the blob that it was parsed from, which is needed again to verify it. Immutable. */
final class Stored<T> {
    private final T value;
    private final byte[] blob;

    /** Takes ownership of the blob. */
    Stored(T value, byte[] blob) {
        this.value = value;
        this.blob = blob;
    }

    T value() {
        return value;
    }

    /** Returns the live blob, which nobody changes. */
    byte[] blob() {
        return blob;
    }
}
