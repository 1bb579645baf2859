package io.slicekeep.membership;

import io.slicekeep.blob.BlobStore;
import java.io.IOException;
import java.util.Optional;

/**
 * A store that is said to be a site of a keep. What it is, its identity tells. Immutable.
 *
 * @param name the site's name by the keep file; empty if the store was given without one
 * @param address where it is, for messages
 * @param opening opens it
 */
public record Candidate(Optional<String> name, String address, Opening opening) {
    /** Tells whether another one is said to be the same site at the same place. */
    boolean isSamePlace(Candidate other) {
        return name.equals(other.name) && address.equals(other.address);
    }

    @Override
    public String toString() {
        return name.map(text -> text + " (" + address + ")").orElse(address);
    }

    /** Opens a store. */
    @FunctionalInterface
    public interface Opening {
        /**
         * Opens the store; called once.
         *
         * @return the store, to be closed by the caller
         * @throws IOException if it is out of reach or no store, saying what to do
         */
        BlobStore open() throws IOException;
    }
}
