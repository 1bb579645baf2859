package io.slicekeep.record;

import io.slicekeep.crypto.AesSiv;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.key.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Encrypts names segment by segment, so that a directory's listing is one prefix while equal segments in different
 * directories look different (docs/FORMAT.md 6, docs/adr/0007-names.md). Thread-safe.
 *
 * <p>A <em>directory</em> here is an encoded one: segments joined by {@code /}, "" for the root. A directory can hold keys
 * only if it leaves them room; a name beneath one that cannot stands, as a digest, in the nearest directory above that can.
 */
public final class NameCodec {
    static final int MAX_SEGMENT = 250;

    /** Leaves room for {@code /=} and the digest of a long name. */
    static final int MAX_DIRECTORY = EncodedName.MAX_LENGTH - 2 - SortableBase64.textLength(32);

    private static final int PAD_BYTES = 16;

    private final AesSiv names;
    private final SecretBytes longNamesKey;

    NameCodec(AesSiv names, SecretBytes longNamesKey) {
        this.names = names;
        this.longNamesKey = longNamesKey;
    }

    /**
     * Encodes a whole name.
     *
     * @param name its bytes
     * @return how it stands in keys
     */
    public EncodedName encode(byte[] name) {
        int lastSegmentAt = lastSlash(name) + 1;
        Prefix prefix = directoryOf(Arrays.copyOf(name, lastSegmentAt));
        if (prefix.whole()) {
            String last = sealSegment(prefix.directory(), Arrays.copyOfRange(name, lastSegmentAt, name.length));
            String encoded = join(prefix.directory(), last);
            if (last.length() <= EncodedName.MAX_LAST_SEGMENT && encoded.length() <= EncodedName.MAX_LENGTH) {
                return new EncodedName(encoded);
            }
        }
        return new EncodedName(join(prefix.directory(), EncodedName.LONG_MARK + digest(name)));
    }

    /**
     * Encodes the directory part of names as far as keys can follow it.
     *
     * @param path what names begin with: nothing, or segments that each end with {@code /}
     * @return the deepest directory on the path that can hold keys
     */
    public Prefix directoryOf(byte[] path) {
        String directory = "";
        int start = 0;
        for (int i = 0; i < path.length; i++) {
            if (path[i] == '/') {
                String segment = sealSegment(directory, Arrays.copyOfRange(path, start, i));
                String deeper = join(directory, segment);
                if (!holdsKeys(segment, deeper)) {
                    return new Prefix(directory, start, false);
                }
                directory = deeper;
                start = i + 1;
            }
        }
        return new Prefix(directory, start, true);
    }

    /**
     * Decrypts one segment.
     *
     * @param directory the encoded directory that it stands in
     * @param segment the encoded segment
     * @return the bytes of the name's segment
     * @throws FormatException if it is no encoded segment
     * @throws IntegrityException if it was not made for this directory with this key
     */
    public byte[] openSegment(String directory, String segment) throws FormatException, IntegrityException {
        byte[] padded = names.open(SortableBase64.decode(segment), ascii(directory));
        return Padding.remove(padded, PAD_BYTES);
    }

    /**
     * How far keys can follow a path.
     *
     * @param directory the encoded directory
     * @param bytes how many bytes of the path it stands for
     * @param whole whether that is all of it
     */
    public record Prefix(String directory, int bytes, boolean whole) {}

    /**
     * Returns the path of what stands in a directory.
     *
     * @param directory an encoded directory, "" for the root
     * @param segment what stands in it
     * @return both, joined
     */
    public static String join(String directory, String segment) {
        return directory.isEmpty() ? segment : directory + '/' + segment;
    }

    private static boolean holdsKeys(String segment, String directory) {
        return segment.length() <= MAX_SEGMENT && directory.length() <= MAX_DIRECTORY;
    }

    private String sealSegment(String directory, byte[] segment) {
        return SortableBase64.encode(names.seal(Padding.add(segment, PAD_BYTES), ascii(directory)));
    }

    private String digest(byte[] name) {
        return SortableBase64.encode(Hmac.sha256(longNamesKey, name));
    }

    private static int lastSlash(byte[] name) {
        int at = name.length - 1;
        while (at >= 0 && name[at] != '/') {
            at--;
        }
        return at;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
