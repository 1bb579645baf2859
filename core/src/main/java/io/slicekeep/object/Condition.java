package io.slicekeep.object;

import java.util.Optional;

/**
 * What must hold of a name at the moment at which a write takes effect (RFC 9110 13.1). Only namespaces whose mode is conditional
 * can promise it. Immutable.
 */
public sealed interface Condition {
    /** Nothing: the write takes effect in any case. */
    Condition NONE = new None();

    /** That there is no object of the name: {@code If-None-Match: *}. */
    Condition IF_ABSENT = new IfAbsent();

    /**
     * Returns the condition that an object is there as it was seen: {@code If-Match}.
     *
     * @param etag from an {@link ObjectStore.ObjectInfo} or {@link ObjectStore.ObjectEntry} of the name
     * @return the condition
     */
    static Condition ifMatch(String etag) {
        return new IfMatch(etag);
    }

    /**
     * Tells whether it holds.
     *
     * @param etag that of the object which is there; empty if there is none
     * @return true if the write may take effect
     */
    boolean holds(Optional<String> etag);

    /** Holds always. */
    record None() implements Condition {
        @Override
        public boolean holds(Optional<String> etag) {
            return true;
        }

        @Override
        public String toString() {
            return "no condition";
        }
    }

    /** Holds if there is no object. */
    record IfAbsent() implements Condition {
        @Override
        public boolean holds(Optional<String> etag) {
            return etag.isEmpty();
        }

        @Override
        public String toString() {
            return "If-None-Match: *";
        }
    }

    /**
     * Holds if the object is the one that was seen.
     *
     * @param etag the seen object's
     */
    record IfMatch(String etag) implements Condition {
        @Override
        public boolean holds(Optional<String> found) {
            return found.equals(Optional.of(etag));
        }

        @Override
        public String toString() {
            return "If-Match: " + etag;
        }
    }
}
