package io.slicekeep.key;

import io.slicekeep.error.FormatException;
import io.slicekeep.error.FormatException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The stored form of 1 to 16 slots (docs/FORMAT.md section 2):
 *
 * <pre>
 *   off  len
 *     0    4  "SKSL"
 *     4    1  version = 1
 *     5    1  slot count, 1..16
 *     6    2  must be zero
 *     8    4  usedBytes: length of this header and the slots
 *    12       slots, each  u16 uriBytes, uri, u16 infoBytes, info, u16 wrappedBytes, wrapped
 *             zero bytes
 *   end-4  4  CRC32C of all bytes of the area before it
 * </pre>
 *
 * <p>The CRC finds damage; who changes an area on purpose makes a new one. Nothing here is believed before a slot has opened
 * to the commitment that stands elsewhere.
 */
public final class SlotArea {
    /** The most slots of an area. */
    public static final int MAX_SLOTS = 16;

    /** The shortest area, in bytes. */
    public static final int MIN_BYTES = 64;

    /** The longest area, in bytes. */
    public static final int MAX_BYTES = 65536;

    private static final int MAGIC = 0x534b534c; // "SKSL"
    private static final int VERSION = 1;
    private static final int VERSION_OFFSET = 4;
    private static final int COUNT_OFFSET = 5;
    private static final int ZERO_OFFSET = 6;
    private static final int USED_BYTES_OFFSET = 8;
    private static final int SLOTS_OFFSET = 12;
    private static final int CRC_BYTES = Integer.BYTES;

    private SlotArea() {}

    /**
     * Returns how long an area must be for some slots where nothing else fixes its length.
     *
     * @param slots 1 to 16 slots
     * @return at least 64 bytes; more than 65536 if no area can hold them
     */
    public static int bytesFor(List<KeySlot> slots) {
        return Math.max(MIN_BYTES, usedBytes(slots) + CRC_BYTES);
    }

    /**
     * Encodes slots.
     *
     * @param slots 1 to 16 slots
     * @param areaBytes the length of the area, 64 to 65536
     * @return the area
     * @throws IllegalArgumentException if the slots do not fit
     */
    public static byte[] encode(List<KeySlot> slots, int areaBytes) {
        requireBounds(slots, areaBytes);
        ByteBuffer area = ByteBuffer.allocate(areaBytes);
        area.putInt(MAGIC).put((byte) VERSION).put((byte) slots.size()).putShort((short) 0);
        area.putInt(usedBytes(slots));
        for (KeySlot slot : slots) {
            putField(area, slot.uri().value().getBytes(StandardCharsets.US_ASCII));
            putField(area, slot.info());
            putField(area, slot.wrapped());
        }
        int crcOffset = areaBytes - CRC_BYTES;
        area.putInt(crcOffset, crc(area, crcOffset));
        return area.array();
    }

    /**
     * Decodes an area.
     *
     * @param src the whole area, consumed
     * @return its 1 to 16 slots
     * @throws FormatException if it is not a slot area, too new or corrupt
     */
    public static List<KeySlot> parse(ByteBuffer src) throws FormatException {
        ByteBuffer area = src.slice();
        requireHeader(area);
        List<KeySlot> slots = parseSlots(
                area.slice(SLOTS_OFFSET, area.getInt(USED_BYTES_OFFSET) - SLOTS_OFFSET),
                Byte.toUnsignedInt(area.get(COUNT_OFFSET)));
        src.position(src.limit());
        return slots;
    }

    private static void requireHeader(ByteBuffer area) throws FormatException {
        int areaBytes = area.limit();
        if (areaBytes < Integer.BYTES || area.getInt(0) != MAGIC) {
            throw new FormatException(Kind.NOT_OURS, "not a slot area: it does not begin with SKSL");
        }
        if (areaBytes < MIN_BYTES || areaBytes > MAX_BYTES) {
            throw corrupt("its length must be 64 to 65536 bytes: bytes=" + areaBytes);
        }
        int version = Byte.toUnsignedInt(area.get(VERSION_OFFSET));
        if (version != VERSION) {
            throw tooNew("version=" + version);
        }
        int crcOffset = areaBytes - CRC_BYTES;
        if (area.getInt(crcOffset) != crc(area, crcOffset)) {
            throw corrupt("its CRC is wrong");
        }
        if (area.getShort(ZERO_OFFSET) != 0) {
            throw tooNew("flags=" + Short.toUnsignedInt(area.getShort(ZERO_OFFSET)));
        }
        int count = Byte.toUnsignedInt(area.get(COUNT_OFFSET));
        if (count < 1 || count > MAX_SLOTS) {
            throw corrupt("it must have 1 to 16 slots: slots=" + count);
        }
        requireUsedBytes(area, crcOffset);
    }

    private static void requireUsedBytes(ByteBuffer area, int crcOffset) throws FormatException {
        long usedBytes = Integer.toUnsignedLong(area.getInt(USED_BYTES_OFFSET));
        if (usedBytes < SLOTS_OFFSET || usedBytes > crcOffset) {
            throw corrupt("its slots must end before its CRC: usedBytes=" + usedBytes);
        }
        for (int i = (int) usedBytes; i < crcOffset; i++) {
            if (area.get(i) != 0) {
                throw corrupt("what follows its slots must be zero");
            }
        }
    }

    private static List<KeySlot> parseSlots(ByteBuffer slots, int count) throws FormatException {
        List<KeySlot> parsed = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            KeyUri uri = parseUri(takeField(slots, KeyUri.MAX_BYTES));
            byte[] info = takeField(slots, KeySlot.MAX_INFO_BYTES);
            byte[] wrapped = takeField(slots, KeySlot.MAX_WRAPPED_BYTES);
            if (wrapped.length == 0) {
                throw corrupt("a slot must have a wrapped secret");
            }
            parsed.add(new KeySlot(uri, info, wrapped));
        }
        if (slots.hasRemaining()) {
            throw corrupt("its slots are shorter than it says: bytes left=" + slots.remaining());
        }
        return List.copyOf(parsed);
    }

    private static KeyUri parseUri(byte[] ascii) throws FormatException {
        try {
            // ISO 8859-1 maps every byte to one character, so that no byte above 0x7f can pass for another.
            return new KeyUri(new String(ascii, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new FormatException(Kind.CORRUPT, "corrupt slot area: a slot's URI is malformed", e);
        }
    }

    private static byte[] takeField(ByteBuffer slots, int maxBytes) throws FormatException {
        if (slots.remaining() < Short.BYTES) {
            throw corrupt("a slot ends early");
        }
        int fieldBytes = Short.toUnsignedInt(slots.getShort());
        if (fieldBytes > maxBytes || fieldBytes > slots.remaining()) {
            throw corrupt("a field of a slot is too long: bytes=" + fieldBytes);
        }
        byte[] field = new byte[fieldBytes];
        slots.get(field);
        return field;
    }

    private static void putField(ByteBuffer area, byte[] field) {
        area.putShort((short) field.length).put(field);
    }

    private static void requireBounds(List<KeySlot> slots, int areaBytes) {
        if (slots.isEmpty() || slots.size() > MAX_SLOTS) {
            throw new IllegalArgumentException("a slot area must have 1 to 16 slots: slots=" + slots.size());
        }
        if (areaBytes < MIN_BYTES || areaBytes > MAX_BYTES) {
            throw new IllegalArgumentException("a slot area must have 64 to 65536 bytes: areaBytes=" + areaBytes);
        }
        if (bytesFor(slots) > areaBytes) {
            throw new IllegalArgumentException(
                    "the slots need an area of " + bytesFor(slots) + " bytes: areaBytes=" + areaBytes);
        }
    }

    private static int usedBytes(List<KeySlot> slots) {
        int usedBytes = SLOTS_OFFSET;
        for (KeySlot slot : slots) {
            usedBytes += 3 * Short.BYTES + slot.uri().value().length() + slot.info().length + slot.wrapped().length;
        }
        return usedBytes;
    }

    private static int crc(ByteBuffer area, int endOffset) {
        CRC32C crc = new CRC32C();
        crc.update(area.slice(0, endOffset));
        return (int) crc.getValue();
    }

    private static FormatException corrupt(String what) {
        return new FormatException(Kind.CORRUPT, "corrupt slot area: " + what);
    }

    private static FormatException tooNew(String what) {
        return new FormatException(
                Kind.TOO_NEW, "the slot area was written by a newer release: " + what + "; this one reads version 1");
    }
}
