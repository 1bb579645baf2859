package io.slicekeep.record;

import io.slicekeep.error.FormatException;

/** What a record says. */
public enum RecordKind {
    /** The object's slices stand in its records. */
    INLINE(1),
    /** The object's slices stand beside its records. */
    SLICED(2),
    /** The object was deleted. */
    TOMBSTONE(3);

    private final int code;

    RecordKind(int code) {
        this.code = code;
    }

    /** Returns the byte that stands for this kind. */
    int code() {
        return code;
    }

    static RecordKind parse(int code) throws FormatException {
        for (RecordKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new FormatException(
                FormatException.Kind.TOO_NEW, "unknown kind of record: found " + code + ", known are 1 to 3");
    }
}
