package io.slicekeep.cli.tree;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * File names as the bytes that they are: a name need not be text, and the JDK's strings lose what is not. Its URIs do not.
 */
final class PathBytes {
    private static final Path ROOT = Path.of("/");

    private PathBytes() {}

    /** Returns the bytes of a path's last part. */
    static byte[] lastName(Path path) {
        Path last = path.getFileName();
        if (last == null) {
            return new byte[0];
        }
        byte[] raw = raw(last);
        return raw;
    }

    /** Returns the bytes of a path, absolute or not. */
    static byte[] raw(Path path) {
        String text = path.toString();
        if (isAscii(text)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        boolean absolute = path.isAbsolute();
        String uri = (absolute ? path : ROOT.resolve(path)).toUri().getRawPath();
        // toUri marks directories, which it has to look up, by a slash that is not part of the path.
        boolean marked = uri.endsWith("/") && !text.endsWith("/");
        return decode(uri.substring(absolute ? 0 : 1, uri.length() - (marked ? 1 : 0)));
    }

    /** Returns the path of a name within a directory; the name must be a single one. */
    static Path resolve(Path directory, byte[] name) {
        String text = new String(name, StandardCharsets.ISO_8859_1);
        return isAscii(text) ? directory.resolve(text) : directory.resolve(relative(name));
    }

    /** Returns the path of these bytes, absolute or not; a name that ends with a slash loses it. */
    static Path path(byte[] raw) {
        String text = new String(raw, StandardCharsets.ISO_8859_1);
        if (isAscii(text)) {
            return Path.of(text);
        }
        return raw[0] == '/' ? Path.of(URI.create("file://" + encode(raw))) : relative(raw);
    }

    private static Path relative(byte[] raw) {
        Path absolute = Path.of(URI.create("file:///" + encode(raw)));
        return absolute.subpath(0, absolute.getNameCount());
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c > 0 && c < 0x80);
    }

    private static byte[] decode(String uri) {
        ByteArrayOutputStream raw = new ByteArrayOutputStream(uri.length());
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) == '%') {
                raw.write(HexFormat.fromHexDigits(uri, i + 1, i + 3));
                i += 2;
            } else {
                raw.write(uri.charAt(i));
            }
        }
        return raw.toByteArray();
    }

    private static String encode(byte[] raw) {
        StringBuilder uri = new StringBuilder(raw.length * 3);
        for (byte b : raw) {
            if (b == '/') {
                uri.append('/');
            } else {
                uri.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return uri.toString();
    }
}
