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
        EncodedName name = nameIn(text);
        int hintsAt = text.length() - HINTS_FROM_END;
        int revisionAt = text.length() - REVISION_FROM_END;
        if (revisionAt != prefixOf(name).length() || text.charAt(hintsAt - 1) != SEPARATOR) {
            throw notOurs(text);
        }
        return new RecordKey(name, text.substring(revisionAt, hintsAt - 1), text.substring(hintsAt));
    }

    /** Reads the name out of the key of a record, or of a note beside one, without its namespace. */
    static EncodedName nameIn(String text) throws FormatException {
        return EncodedName.in(text, FOLDER).orElseThrow(() -> notOurs(text));
    }

    private static FormatException notOurs(String text) {
        return new FormatException(FormatException.Kind.NOT_OURS, "not the key of a record: " + text);
    }

    Revision revision() throws FormatException {
        return Revision.parse(revisionText);
    }
}
