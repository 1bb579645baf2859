package io.slicekeep.sealed;

import io.slicekeep.blob.BlobId;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.format.v1.SealedHeader;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SlotArea;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/** Starts blobs that carry their own key slots. */
final class SlottedBlob {
    private SlottedBlob() {}

    /** Draws an identity and a secret, wraps the secret with every key of the ring, and starts to seal. */
    static BlobSealer seal(WritableByteChannel target, KeyRing keys, SealOptions options)
            throws KeyUnavailableException {
        BlobId blobId = BlobId.random(options.random());
        try (OpenSecret secret = keys.generate(options.context().withBlob(blobId.bytes()), options.random())) {
            byte[] slotArea = slotArea(secret.slots(), options.slotAreaBytes());
            SealedHeader header = new SealedHeader(blobId, slotArea.length);
            return BlobSealer.create(target, secret, header, slotArea, options.random());
        }
    }

    private static byte[] slotArea(List<KeySlot> slots, int slotAreaBytes) {
        boolean shortest = slotAreaBytes == SealOptions.SHORTEST;
        return SlotArea.encode(slots, shortest ? SlotArea.bytesFor(slots) : slotAreaBytes);
    }
}
