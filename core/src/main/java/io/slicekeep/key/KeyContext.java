package io.slicekeep.key;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a secret is for, as names and values: bound into every key that is derived from the secret, and passed to
 * providers that can bind it too (AWS calls it encryption context). Not secret. Immutable.
 *
 * <p>Names beginning with {@code slicekeep.} are Slicekeep's own. The canonical form is
 * {@code count u16, then per entry, in bytewise order of the names: bytes u16, name, bytes u16, value}, UTF-8, big-endian,
 * at most 8 KiB (docs/FORMAT.md).
 */
public final class KeyContext {
    /** The context without entries. */
    public static final KeyContext EMPTY = new KeyContext(new TreeMap<>());

    /** The context of every keep's secret. It names no keep, since the keep's id is derived from the secret. */
    public static final KeyContext KEEP = EMPTY.withReserved("secret", "keep");

    /** The longest canonical form, in bytes. */
    public static final int MAX_BYTES = 8192;

    private static final int ID_BYTES = 16;
    private static final String RESERVED = "slicekeep.";

    private final SortedMap<String, String> entries;
    private final byte[] canonical;

    private KeyContext(SortedMap<String, String> entries) {
        this.entries = entries;
        this.canonical = canonicalForm(entries);
        if (canonical.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a context must take at most " + MAX_BYTES + " bytes: bytes=" + canonical.length);
        }
    }

    /**
     * Returns the context of a user's entries.
     *
     * @param entries names that do not begin with {@code slicekeep.}, and values
     * @return the context
     */
    public static KeyContext of(Map<String, String> entries) {
        for (String name : entries.keySet()) {
            if (name.startsWith(RESERVED)) {
                throw new IllegalArgumentException("context names must not begin with slicekeep.: name=" + name);
            }
        }
        return new KeyContext(sorted(entries));
    }

    /**
     * Returns the context of a namespace's secret.
     *
     * @param keepId 16 bytes
     * @param namespaceId 16 bytes
     * @return the context
     */
    public static KeyContext ofNamespace(byte[] keepId, byte[] namespaceId) {
        return EMPTY.withReserved("keep", hexId(keepId)).withReserved("namespace", hexId(namespaceId));
    }

    /**
     * Returns the context of a blob's data secret, which this context's entries are bound to.
     *
     * @param blobId 16 bytes
     * @return this context and the blob's id
     */
    public KeyContext withBlob(byte[] blobId) {
        return withReserved("blob", hexId(blobId));
    }

    /**
     * Returns this context and one more entry under Slicekeep's own prefix.
     *
     * @param name what follows {@code slicekeep.}
     * @param value its value
     * @return a new context
     */
    public KeyContext withReserved(String name, String value) {
        SortedMap<String, String> more = sorted(entries);
        more.put(RESERVED + name, value);
        return new KeyContext(more);
    }

    /**
     * Returns the entries.
     *
     * @return names to values, in bytewise order of the names
     */
    public SortedMap<String, String> entries() {
        return Collections.unmodifiableSortedMap(entries);
    }

    /**
     * Returns the canonical form.
     *
     * @return a copy
     */
    public byte[] canonicalBytes() {
        return canonical.clone();
    }

    /**
     * Returns the SHA-256 of the canonical form.
     *
     * @return 32 bytes
     */
    public byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(canonical);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyContext that && that.entries.equals(entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return entries.toString();
    }

    private static SortedMap<String, String> sorted(Map<String, String> entries) {
        SortedMap<String, String> sorted = new TreeMap<>(KeyContext::compareBytes);
        sorted.putAll(entries);
        return sorted;
    }

    private static int compareBytes(String a, String b) {
        return Arrays.compareUnsigned(utf8(a), utf8(b));
    }

    private static byte[] canonicalForm(SortedMap<String, String> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeShort(out, entries.size());
        entries.forEach((name, value) -> {
            writeText(out, name);
            writeText(out, value);
        });
        return out.toByteArray();
    }

    private static void writeText(ByteArrayOutputStream out, String text) {
        byte[] bytes = utf8(text);
        writeShort(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void writeShort(ByteArrayOutputStream out, int value) {
        if (value > 0xffff) {
            throw new IllegalArgumentException("a context's parts must take at most 65535 bytes: bytes=" + value);
        }
        out.write(value >>> 8);
        out.write(value);
    }

    private static String hexId(byte[] id) {
        if (id.length != ID_BYTES) {
            throw new IllegalArgumentException("an id must have 16 bytes: bytes=" + id.length);
        }
        return HexFormat.of().formatHex(id);
    }

    /** Encodes strictly: a lone surrogate would become a question mark, and two contexts one. */
    private static byte[] utf8(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a context must be well-formed Unicode", e);
        }
    }
}
