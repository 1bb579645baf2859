package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSource;
import java.io.IOException;

/**
 * Records as whoever has no keys sees them: checksums are checked, the MACs are not. What one site says so is worth
 * nothing; what more than f sites say alike was written by a holder of the key.
 */
public final class UnprovenRecords {
    private static final int REVISION_LENGTH = 29;

    private UnprovenRecords() {}

    /**
     * Reads a whole record.
     *
     * @param source its bytes
     * @param slice which slice its site has
     * @return the record
     * @throws io.slicekeep.error.FormatException if it is no record, too new or damaged
     * @throws IOException if it cannot be read
     */
    public static StoredRecord read(BlobSource source, int slice) throws IOException {
        return RecordCodec.readUnproven(source, slice);
    }

    /**
     * Returns how long a record is, before anything of it is read.
     *
     * @param source its bytes
     * @return at most as many as a record can have
     * @throws io.slicekeep.error.FormatException if it is longer
     * @throws IOException if it cannot be read
     */
    public static long lengthBytes(BlobSource source) throws IOException {
        return RecordCodec.lengthBytes(source);
    }

    /**
     * Returns what the keys of a record's slices begin with.
     *
     * @param namespaceFolder what all keys of the namespace begin with
     * @param common what the record says
     * @return the base, to which {@code /index} is added
     */
    public static BlobKey slicesBase(String namespaceFolder, CommonPart common) {
        StringBuilder base = new StringBuilder(namespaceFolder)
                .append("b/")
                .append(common.name())
                .append('!')
                .append(common.revision().versionText())
                .append('.');
        SortableBase64.appendNumber(base, common.placement().number(), 2);
        return BlobKey.of(base.toString());
    }

    /**
     * Returns what the keys of all copies of a record have in common after the name.
     *
     * @param common what the record says
     * @return counter, writer and generation as text of 29 characters
     */
    public static String revisionText(CommonPart common) {
        return common.revision().text(0).substring(0, REVISION_LENGTH);
    }
}
