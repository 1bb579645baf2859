package io.slicekeep.cli.ui;

import java.util.HexFormat;

/** Text from elsewhere, such as names, made safe to show: a terminal obeys control characters. */
public final class Printable {
    private Printable() {}

    /**
     * Replaces control characters.
     *
     * @param text anything
     * @return the same with {@code \n}, {@code \t} or {@code \xHH} for each control character
     */
    public static String text(String text) {
        if (text.chars().noneMatch(Printable::isControl)) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        text.chars().forEach(c -> append(safe, (char) c));
        return safe.toString();
    }

    private static void append(StringBuilder safe, char c) {
        if (!isControl(c)) {
            safe.append(c);
        } else if (c == '\n') {
            safe.append("\\n");
        } else if (c == '\t') {
            safe.append("\\t");
        } else if (c < 0x100) {
            safe.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
        } else {
            safe.append("\\u").append(HexFormat.of().toHexDigits(c));
        }
    }

    /** Besides C0 and C1, the characters that reorder text: U+202A..202E and U+2066..2069. */
    private static boolean isControl(int c) {
        return Character.isISOControl(c) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }
}
