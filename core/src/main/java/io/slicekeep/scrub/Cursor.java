package io.slicekeep.scrub;

import io.slicekeep.error.FormatException;
import io.slicekeep.record.EncodedName;
import java.util.Collection;
import java.util.Optional;

/**
 * How far a scrub came. Immutable.
 *
 * @param namespace the namespace's id
 * @param name the last name that is done; empty if none is
 */
record Cursor(String namespace, String name) {
    private static final Cursor START = new Cursor("", "");

    /** Reads what {@link #toString} returned, if it is of one of these namespaces: who skips what he does not know looks at nothing. */
    static Cursor parse(String text, Collection<String> namespaces) throws FormatException {
        if (text.isEmpty()) {
            return START;
        }
        String namespace = text.substring(0, Math.max(0, text.indexOf('/')));
        Optional<EncodedName> name = EncodedName.in(text + "!", namespace + "/");
        if (!namespaces.contains(namespace) || name.isEmpty() || !text.equals(namespace + "/" + name.get())) {
            throw new FormatException(
                    FormatException.Kind.NOT_OURS, "no scrub of this keep has stopped behind \"" + text + "\"");
        }
        return new Cursor(namespace, name.get().value());
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
