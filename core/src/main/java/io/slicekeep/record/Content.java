package io.slicekeep.record;

/** What a record is about. Immutable. */
public sealed interface Content {
    /**
     * Returns what a record with this content says.
     *
     * @return the kind
     */
    RecordKind kind();

    /** A sealed blob, if there is one. */
    sealed interface Stored extends Content {
        /**
         * Returns the blob.
         *
         * @return what is known of it
         */
        SealedBlob blob();
    }

    /**
     * An object whose slices stand in its records.
     *
     * @param blob the sealed blob, one stripe at most
     */
    record Inline(SealedBlob blob) implements Stored {
        @Override
        public RecordKind kind() {
            return RecordKind.INLINE;
        }
    }

    /**
     * An object whose slices stand beside its records.
     *
     * @param blob the sealed blob
     */
    record Sliced(SealedBlob blob) implements Stored {
        @Override
        public RecordKind kind() {
            return RecordKind.SLICED;
        }
    }

    /** Nothing: the object was deleted. */
    record Tombstone() implements Content {
        @Override
        public RecordKind kind() {
            return RecordKind.TOMBSTONE;
        }
    }
}
