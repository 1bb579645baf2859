package io.slicekeep.record;

import io.slicekeep.error.FormatException;

/**
 * The key of one record as it stands at a site, below a namespace: {@code h/<encoded name>!<revision 32>!<hints 51>}.
 * Whether it is genuine is known only when its hints are opened. Immutable.
 *
 * @param name the encoded name
 * @param revisionText the revision and the attempt
 * @param hintsText the sealed hints
 */
record RecordKey(EncodedName name, String revisionText, String hintsText) {
    /** What every record's key begins with. */
    static final String FOLDER = "h/";

    private static final char SEPARATOR = '!';
    private static final int HINTS_FROM_END = Hints.TEXT_LENGTH;
    private static final int REVISION_FROM_END = Revision.TEXT_LENGTH + 1 + HINTS_FROM_END;

    /** Returns the prefix of the keys of all revisions of a name. */
    static String prefixOf(EncodedName name) {
        return FOLDER + name + SEPARATOR;
    }

    String text() {
        return prefixOf(name) + revisionText + SEPARATOR + hintsText;
    }

    /** Reads a key, without its namespace. */
    static RecordKey parse(String text) throws FormatException {
        int hintsAt = text.length() - HINTS_FROM_END;
        int revisionAt = text.length() - REVISION_FROM_END;
        int nameEnd = revisionAt - 1;
        boolean formed = nameEnd > FOLDER.length()
                && nameEnd - FOLDER.length() <= EncodedName.MAX_LENGTH
                && text.startsWith(FOLDER)
                && text.charAt(nameEnd) == SEPARATOR
                && text.charAt(hintsAt - 1) == SEPARATOR
                && text.indexOf(SEPARATOR) == nameEnd
                && !text.contains("//")
                && text.charAt(nameEnd - 1) != '/';
        if (!formed) {
            throw new FormatException(FormatException.Kind.NOT_OURS, "not the key of a record: " + text);
        }
        return new RecordKey(
                new EncodedName(text.substring(FOLDER.length(), nameEnd)),
                text.substring(revisionAt, hintsAt - 1),
                text.substring(hintsAt));
    }

    Revision revision() throws FormatException {
        return Revision.parse(revisionText);
    }
}
