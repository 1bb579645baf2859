package io.slicekeep.cli.ui;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of an object.
 *
 * @param offset its first byte
 * @param bytes its length
 */
public record ByteRange(long offset, long bytes) {
    private static final Pattern TEXT = Pattern.compile("(\\d{0,18})-(\\d{0,18})");

    /**
     * Parses {@code first-last}, {@code first-} or {@code -count}, as HTTP has it (RFC 9110 section 14.1.2).
     *
     * @param text the range
     * @param length of the object
     * @return the part of it that exists
     * @throws CommandException if it is malformed, or begins behind the end
     */
    public static ByteRange parse(String text, long length) throws CommandException {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || text.equals("-")) {
            throw malformed(text);
        }
        if (matcher.group(1).isEmpty()) {
            long bytes = Math.min(length, Long.parseLong(matcher.group(2)));
            return new ByteRange(length - bytes, bytes);
        }
        long first = Long.parseLong(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? length - 1 : Math.min(length - 1, Long.parseLong(matcher.group(2)));
        if (!matcher.group(2).isEmpty() && Long.parseLong(matcher.group(2)) < first) {
            throw malformed(text);
        }
        if (first > length || (first == length && length > 0)) {
            throw CommandException.usage(
                    "--range " + text + " begins behind the end: the object has " + length + " bytes");
        }
        return new ByteRange(first, last - first + 1);
    }

    private static CommandException malformed(String text) {
        return CommandException.usage("--range must look like 0-99, 100- or -100: " + text);
    }
}
