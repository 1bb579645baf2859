package io.slicekeep.record;

import io.slicekeep.error.FormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is sealed beside an object's bytes, padded so that its exact length does not show. Immutable.
 *
 * <pre>{@code
 * off len
 *   0   8  length of the plaintext
 *   8   8  modification time, microseconds since 1970
 *  16   4  CRC32C of the plaintext
 *  20   1  1 if a SHA-256 follows
 *  21      SHA-256 | name | entries | padding to a multiple of 64
 * }</pre>
 *
 * @param lengthBytes length of the plaintext
 * @param modifiedMicros modification time in microseconds since 1970
 * @param crc32c checksum of the plaintext
 * @param sha256 digest of the plaintext, if the writer asked for it
 * @param name the object's name
 * @param entries the user's names and values, in bytewise order of the names
 */
public record Metadata(
        long lengthBytes, long modifiedMicros, int crc32c, Optional<Bytes> sha256, Bytes name, List<Entry> entries) {
    private static final int PAD_BYTES = 64;
    private static final int SHA256_BYTES = 32;
    private static final int FIXED_BYTES = 21;

    /** Copies the entries and checks their order. */
    public Metadata {
        entries = List.copyOf(entries);
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i - 1).name().compareTo(entries.get(i).name()) >= 0) {
                throw new IllegalArgumentException("entries must be in order of their names, none twice");
            }
        }
    }

    /**
     * One of the user's names with its value.
     *
     * @param name UTF-8, up to 65535 bytes
     * @param value UTF-8, up to 65535 bytes
     */
    public record Entry(Bytes name, Bytes value) {
        int writtenBytes() {
            return 2 + name.length() + 2 + value.length();
        }
    }

    /** Returns the padded bytes. */
    byte[] write() {
        int bytes = FIXED_BYTES + (sha256.isPresent() ? SHA256_BYTES : 0) + 2 + name.length() + 2;
        bytes += entries.stream().mapToInt(Entry::writtenBytes).sum();
        ByteBuffer out = ByteBuffer.allocate(bytes);
        out.putLong(lengthBytes).putLong(modifiedMicros).putInt(crc32c);
        out.put((byte) (sha256.isPresent() ? 1 : 0));
        sha256.ifPresent(digest -> out.put(digest.buffer()));
        writeText(out, name);
        out.putShort((short) entries.size());
        for (Entry entry : entries) {
            writeText(out, entry.name());
            writeText(out, entry.value());
        }
        return Padding.add(out.array(), PAD_BYTES);
    }

    /** Returns the padded bytes of what a tombstone keeps: the name alone. */
    static byte[] writeTombstone(Bytes name) {
        ByteBuffer out = ByteBuffer.allocate(2 + name.length());
        writeText(out, name);
        return Padding.add(out.array(), PAD_BYTES);
    }

    /** Reads padded bytes that were authenticated. */
    static Metadata parse(byte[] padded) throws FormatException {
        Fields in = new Fields(ByteBuffer.wrap(Padding.remove(padded, PAD_BYTES)));
        ByteBuffer fixed = in.take(FIXED_BYTES).buffer();
        byte hasSha256 = fixed.get(20);
        in.require(hasSha256 == 0 || hasSha256 == 1);
        Optional<Bytes> sha256 = hasSha256 == 1 ? Optional.of(in.take(SHA256_BYTES)) : Optional.empty();
        Bytes name = in.text();
        int count = in.number();
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Entry entry = new Entry(in.text(), in.text());
            in.require(i == 0 || entries.get(i - 1).name().compareTo(entry.name()) < 0);
            entries.add(entry);
        }
        in.require(!in.buffer().hasRemaining() && fixed.getLong(0) >= 0);
        return new Metadata(fixed.getLong(0), fixed.getLong(8), fixed.getInt(16), sha256, name, entries);
    }

    private static void writeText(ByteBuffer out, Bytes text) {
        if (text.length() > 0xffff) {
            throw new IllegalArgumentException("a text must have at most 65535 bytes: bytes=" + text.length());
        }
        out.putShort((short) text.length()).put(text.buffer());
    }

    /** Takes fields out of a buffer, never more than it holds. */
    private record Fields(ByteBuffer buffer) {
        Bytes take(int count) throws FormatException {
            require(count <= buffer.remaining());
            Bytes field = Bytes.copyOf(buffer, buffer.position(), count);
            buffer.position(buffer.position() + count);
            return field;
        }

        int number() throws FormatException {
            return take(2).buffer().getShort() & 0xffff;
        }

        Bytes text() throws FormatException {
            return take(number());
        }

        void require(boolean holds) throws FormatException {
            if (!holds) {
                throw new FormatException(
                        FormatException.Kind.CORRUPT, "sealed metadata does not have the parts it says");
            }
        }
    }
}
