package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.error.FormatException;
import io.slicekeep.key.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * The keys of notes: empty blobs that say by their keys that a revision is final, {@code h/<encoded name>!<revision
 * 29>!ok!<mac 22>}. They sort just before the records that they are about. Thread-safe.
 */
final class NoteCodec {
    private static final String SIGN = "!ok!";
    private static final byte[] PREFIX = "slicekeep/v1/ok\0".getBytes(StandardCharsets.US_ASCII);
    private static final int MAC_BYTES = 16;
    private static final int MAC_LENGTH = SortableBase64.textLength(MAC_BYTES);
    private static final int LENGTH = Revision.REVISION_LENGTH + SIGN.length() + MAC_LENGTH;

    private final byte[] namespaceId;
    private final SecretBytes key;

    NoteCodec(byte[] namespaceId, SecretBytes key) {
        this.namespaceId = namespaceId;
        this.key = key;
    }

    /** Returns the key of the note of a revision, without its namespace. */
    String key(EncodedName name, Revision revision) {
        String text = revision.text();
        return RecordKey.prefixOf(name) + text + SIGN + mac(name, text);
    }

    /** Reads the key of a note, without its namespace; empty if it is not genuine. */
    Optional<ListedNote> open(BlobKey listed, String text) {
        try {
            EncodedName name = RecordKey.nameIn(text);
            String rest = text.substring(RecordKey.prefixOf(name).length());
            if (rest.length() != LENGTH) {
                return Optional.empty();
            }
            String revision = rest.substring(0, Revision.REVISION_LENGTH);
            byte[] genuine = ascii(revision + SIGN + mac(name, revision));
            return MessageDigest.isEqual(genuine, ascii(rest))
                    ? Optional.of(new ListedNote(listed, name, Revision.parseRevision(revision)))
                    : Optional.empty();
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    private String mac(EncodedName name, String revisionText) {
        byte[] mac = Hmac.sha256(key, PREFIX, namespaceId, ascii(revisionText), ascii(name.value()));
        return SortableBase64.encode(Arrays.copyOf(mac, MAC_BYTES));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
