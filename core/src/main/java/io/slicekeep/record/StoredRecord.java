package io.slicekeep.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One site's copy of a record, its common part authenticated. Immutable.
 *
 * @param common the common part
 * @param authenticated the bytes of the common part and its MAC, as they stand at every site
 * @param slotArea the key slots, which stand outside the MAC: right if they open to what the commitment says
 * @param slice this site's slice if the record was read whole and is inline: checked by its digest, read-only
 */
public record StoredRecord(
        CommonPart common,
        Bytes authenticated,
        Bytes slotArea,
        @Nullable ByteBuffer slice) {}
