package io.slicekeep.cli.command;

import io.slicekeep.key.KeySlot;
import java.nio.ByteBuffer;

/** What a key slot says of itself, which is not secret. */
final class KeySlots {
    private KeySlots() {}

    static String describe(KeySlot slot) {
        byte[] info = slot.info();
        boolean versioned = slot.uri().scheme().equals("local") && info.length == Integer.BYTES;
        return slot.uri()
                + (versioned
                        ? ", version "
                                + Integer.toUnsignedString(ByteBuffer.wrap(info).getInt())
                        : "");
    }
}
