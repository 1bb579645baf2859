package io.slicekeep.testkit.simulator;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.zip.CRC32C;

/** The ways in which a site answers, and answers wrongly. It knows no keys, but has all bytes that it was ever given. */
enum Lie {
    /** The truth. */
    NONE,
    /** Lists and has nothing. */
    EMPTY,
    /** Lists and has half of its blobs. */
    HIDES,
    /** Hides half of its records, so that older ones look like the newest. */
    HIDES_RECORDS,
    /** Lists what it held some time ago. */
    OLD_LISTING,
    /** Acknowledges half of what it is given, and drops it. */
    FORGETS,
    /** Acknowledges deletions and does nothing. */
    KEEPS_DELETED,
    /** Shows blobs that were written and never committed. */
    SHOWS_UNCOMMITTED,
    /** Lists names of records that are newer than any. */
    FORGES_NEWER,
    /** Serves blobs with a flipped bit. */
    FLIPS_BITS,
    /** Serves slices whose bytes it changed, with checksums that are right. */
    ALTERS_SLICES,
    /** Serves under one key the blob that stands under its neighbour. */
    SWAPS;

    private static final int SLICE_HEADER_BYTES = 64;
    private static final int CELL_BYTES_AT = 16;
    private static final int BLOB_ID_AT = 24;
    private static final int BLOB_ID_BYTES = 16;
    private static final int MAX_BLOCK_BYTES = 16_384;
    private static final int REVISION_CHARACTERS = 11;

    /** Tells whether the site does not show a blob. */
    boolean hides(String key, int salt) {
        return switch (this) {
            case EMPTY -> true;
            case HIDES -> half(key, salt);
            case HIDES_RECORDS -> (key.contains("/h/") || key.contains("/r/")) && half(key, salt);
            default -> false;
        };
    }

    /** Tells whether the site may say something wrong of a blob. */
    boolean concerns(String key, int salt) {
        return switch (this) {
            case NONE -> false;
            case FORGETS, FLIPS_BITS, SWAPS -> half(key, salt);
            case ALTERS_SLICES -> key.contains("/b/");
            default -> true;
        };
    }

    /** Returns what the site serves for a blob that it is lying about. */
    byte[] told(byte[] bytes, int salt, NavigableMap<String, byte[]> all, String key) {
        return switch (this) {
            case FLIPS_BITS -> flipped(bytes, salt);
            case ALTERS_SLICES -> altered(bytes, salt);
            case SWAPS -> neighbour(bytes, all, key);
            default -> bytes;
        };
    }

    /** Adds keys that only a forger would make: their revisions are newer, their seals those of older ones. */
    static List<String> withForged(List<String> keys, int limit) {
        List<String> all = new ArrayList<>();
        for (String key : keys) {
            int revision = key.indexOf('!') + 1;
            if (revision > 0 && key.contains("/h/") && key.length() > revision + REVISION_CHARACTERS) {
                all.add(key.substring(0, revision)
                        + "0".repeat(REVISION_CHARACTERS)
                        + key.substring(revision + REVISION_CHARACTERS));
            }
        }
        all.addAll(keys);
        return all.stream().distinct().sorted().limit(limit).toList();
    }

    private static boolean half(String key, int salt) {
        return (key.hashCode() * 31 + salt & 64) == 0;
    }

    private static byte[] flipped(byte[] bytes, int salt) {
        byte[] wrong = bytes.clone();
        if (wrong.length > 0) {
            wrong[Math.floorMod(salt, wrong.length)] ^= 1;
        }
        return wrong;
    }

    /** Changes the first block, and its checksum with it (docs/FORMAT.md 5). */
    private static byte[] altered(byte[] slice, int salt) {
        ByteBuffer wrong = ByteBuffer.wrap(slice.clone());
        int blockBytes = Math.min(MAX_BLOCK_BYTES, wrong.getInt(CELL_BYTES_AT));
        int crcAt = SLICE_HEADER_BYTES + blockBytes;
        if (crcAt + Integer.BYTES > slice.length) {
            return slice;
        }
        int at = SLICE_HEADER_BYTES + Math.floorMod(salt, blockBytes);
        wrong.put(at, (byte) ~wrong.get(at));
        CRC32C crc = new CRC32C();
        crc.update(wrong.slice(SLICE_HEADER_BYTES, blockBytes));
        crc.update(wrong.slice(BLOB_ID_AT, BLOB_ID_BYTES));
        int index = wrong.get(12);
        crc.update(ByteBuffer.allocate(12).putInt(index).putLong(0).flip());
        return wrong.putInt(crcAt, (int) crc.getValue()).array();
    }

    private static byte[] neighbour(byte[] bytes, NavigableMap<String, byte[]> all, String key) {
        Map.Entry<String, byte[]> next = all.higherEntry(key);
        return next == null ? bytes : next.getValue();
    }
}
