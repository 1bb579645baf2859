package io.slicekeep.kms.local;

import io.slicekeep.error.FormatException;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.kms.local.KeyVersion.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The text of a keystore file (docs/FORMAT.md section 10):
 *
 * <pre>
 *   slicekeep keystore 1
 *   # a comment
 *   NAME VERSION STATE KEY CRC
 *   end COUNT CRC
 * </pre>
 *
 * <p>Keys go from and to bytes without becoming a string, so that they can be wiped.
 */
final class KeystoreText {
    /** The longest file, in bytes: some six thousand keys. */
    static final int MAX_BYTES = 1 << 20;

    static final Pattern NAME = Pattern.compile("[0-9A-Za-z._-]{1,64}");
    static final String MAGIC = "slicekeep keystore ";
    static final String VERSION = "1";
    static final String END = "end";
    static final String NO_KEY = "-";
    static final int CRC_DIGITS = 8;

    private static final String COMMENT =
            "# Whoever can read this file can open what its keys wrap. Programs change it, not people.";
    private static final String HEX = "0123456789abcdef";
    private static final int MAX_LINE_BYTES = 192;

    private KeystoreText() {}

    /**
     * Reads a keystore.
     *
     * @param text of the whole file
     * @param file its name, for messages
     * @throws FormatException naming file and line
     */
    static Keystore parse(byte[] text, String file) throws FormatException {
        return new KeystoreParser(text, file).parse();
    }

    /** Writes a keystore; the caller wipes the text. */
    static byte[] print(Keystore keystore) {
        int count = keystore.entries().size();
        try (SecretBytes room = SecretBytes.owning(new byte[(count + 3) * MAX_LINE_BYTES])) {
            ByteBuffer out = ByteBuffer.wrap(room.unsafeBytes());
            out.put(ascii(MAGIC + VERSION + "\n" + COMMENT + "\n"));
            keystore.entries().forEach(entry -> printEntry(out, entry));
            int start = out.position();
            out.put(ascii(END + " " + count));
            endLine(out, start);
            return Arrays.copyOf(room.unsafeBytes(), out.position());
        }
    }

    /** Returns the checksum of a line: CRC32C of the bytes before the space that precedes it. */
    static String crc(ByteBuffer line) {
        CRC32C crc = new CRC32C();
        crc.update(line);
        return String.format(Locale.ROOT, "%0" + CRC_DIGITS + "x", crc.getValue());
    }

    private static void printEntry(ByteBuffer out, KeystoreEntry entry) {
        int start = out.position();
        KeyVersion about = entry.about();
        String state = about.state().name().toLowerCase(Locale.ROOT);
        out.put(ascii(about.name() + " " + about.version() + " " + state + " "));
        if (about.state() == State.DESTROYED) {
            out.put(ascii(NO_KEY));
        }
        for (byte b : entry.key().unsafeBytes()) {
            out.put((byte) HEX.charAt((b & 0xff) >>> 4)).put((byte) HEX.charAt(b & 0xf));
        }
        endLine(out, start);
    }

    private static void endLine(ByteBuffer out, int start) {
        out.put(ascii(" " + crc(out.slice(start, out.position() - start)) + "\n"));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
