package io.slicekeep.cli.tree;

import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.Printable;
import io.slicekeep.object.ObjectName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A place in a keep as people write it: {@code /photos/cat.jpg} for an object, {@code /photos/} for a folder, {@code /} for
 * everything. Object names have no leading slash. Immutable.
 */
public final class KeepPath {
    private final byte[] bytes;

    private KeepPath(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Parses a place.
     *
     * @param text with or without a leading slash
     * @return the place
     * @throws CommandException if it has parts that could not come back as file names, or is too long
     */
    public static KeepPath parse(String text) throws CommandException {
        if (text.indexOf('\uFFFD') >= 0) {
            throw CommandException.usage(
                    "a name on the command line is not text in this locale: set LC_ALL=C.UTF-8, or name its folder");
        }
        byte[] bytes = text.replaceFirst("^/+", "").getBytes(StandardCharsets.UTF_8);
        for (String part : text.replaceAll("^/+|/$", "").split("/", -1)) {
            if (part.equals(".") || part.equals("..") || (part.isEmpty() && bytes.length > 0)) {
                throw CommandException.usage("a name in a keep has no empty part, '.' or '..': " + text);
            }
        }
        if (bytes.length > ObjectName.MAX_BYTES || text.indexOf('\0') >= 0) {
            throw CommandException.usage(
                    "a name in a keep has at most " + ObjectName.MAX_BYTES + " bytes and no NUL: " + text);
        }
        return new KeepPath(bytes);
    }

    /**
     * Returns whether this is everything.
     *
     * @return true for {@code /}
     */
    public boolean isRoot() {
        return bytes.length == 0;
    }

    /**
     * Returns whether this can only be a folder.
     *
     * @return true if it ends with a slash
     */
    public boolean isFolder() {
        return isRoot() || bytes[bytes.length - 1] == '/';
    }

    /**
     * Returns this place as an object's name.
     *
     * @return the name
     * @throws CommandException if this is everything
     */
    public ObjectName object() throws CommandException {
        if (isRoot()) {
            throw CommandException.usage("/ is no object: name one, such as /photos/cat.jpg");
        }
        return ObjectName.ofBytes(bytes);
    }

    /**
     * Returns this place as a folder.
     *
     * @return the same with a slash at its end
     */
    public KeepPath folder() {
        return isFolder() ? this : child(new byte[0]);
    }

    /**
     * Returns what the names in this folder begin with.
     *
     * @return empty for everything
     */
    public byte[] prefix() {
        return folder().bytes.clone();
    }

    /**
     * Returns a place in this folder.
     *
     * @param name the rest
     * @return the place
     */
    public KeepPath child(byte[] name) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(bytes);
        if (!isFolder()) {
            joined.write('/');
        }
        joined.writeBytes(name);
        return new KeepPath(joined.toByteArray());
    }

    /**
     * Returns the last part.
     *
     * @return its bytes, without a slash
     */
    public byte[] lastName() {
        int end = isFolder() && !isRoot() ? bytes.length - 1 : bytes.length;
        int start = end;
        while (start > 0 && bytes[start - 1] != '/') {
            start--;
        }
        return Arrays.copyOfRange(bytes, start, end);
    }

    /**
     * Returns a name as this program shows it.
     *
     * @param name an object's
     * @return with a leading slash, and safe for a terminal
     */
    public static String show(ObjectName name) {
        return "/" + Printable.text(name.toString());
    }

    @Override
    public String toString() {
        return isRoot() ? "/" : show(ObjectName.ofBytes(bytes));
    }
}
