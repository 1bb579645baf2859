package io.slicekeep.sealed;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/** Looks into private buffers. */
final class Wiped {
    private Wiped() {}

    /** Tells whether the buffer in a field of the object in a field holds nothing but zeros. */
    static boolean holdsOnlyZeros(Object owner, String part, String buffer) {
        for (byte b : ((ByteBuffer) field(field(owner, part), buffer)).array()) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static Object field(Object owner, String name) {
        try {
            Field declared = owner.getClass().getDeclaredField(name);
            declared.setAccessible(true);
            return declared.get(owner);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the field is not there", e);
        }
    }
}
