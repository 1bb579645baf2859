package io.slicekeep.sealed;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/** Looks into private buffers. */
final class Wiped {
    private Wiped() {}

    /** Tells whether the buffer in a field holds nothing but zeros. */
    static boolean holdsOnlyZeros(Object owner, String field) {
        try {
            Field declared = owner.getClass().getDeclaredField(field);
            declared.setAccessible(true);
            for (byte b : ((ByteBuffer) declared.get(owner)).array()) {
                if (b != 0) {
                    return false;
                }
            }
            return true;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the field is not there", e);
        }
    }
}
