package io.slicekeep.object;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.DispersedSink;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.CommonPart;
import io.slicekeep.record.Content;
import io.slicekeep.record.Current;
import io.slicekeep.record.Hints;
import io.slicekeep.record.Placement;
import io.slicekeep.record.RecordSet;
import io.slicekeep.record.Revision;
import io.slicekeep.record.SealedBlob;
import io.slicekeep.record.Stripe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Slices one version anew, by the k of the layout (docs/PROTOCOLS.md 10): the sealed blob as it is, in a placement of its own, and
 * a head of the next generation, so that it is the same version for users and below whatever is written later. All of it follows
 * from the version and k. So any number of processes may do it at once, or go on where others died: they put the same bytes. What
 * it lay in before stays until the new head has stood for long enough.
 */
final class Reslicing {
    private final Namespace namespace;
    private final Current.Value former;
    private final CommonPart common;
    private final SealedBlob blob;

    Reslicing(Namespace namespace, Current.Value former) {
        this.namespace = namespace;
        this.former = former;
        this.common = former.record().stored().common();
        this.blob = ((Content.Stored) common.content()).blob();
    }

    /**
     * A head whose slices, if they do not stand in it, stand on W sites.
     *
     * @param records the head
     * @param hints what listings shall tell of it
     */
    record Head(RecordSet records, Hints hints) {}

    /** Puts the slices, and returns the head that has to be put then. */
    Head run() throws IOException {
        Revision revision = common.revision();
        Placement placement = common.placement();
        if (placement.isLast() || revision.isLast()) {
            throw new UnavailableException("it cannot be sliced anew any more, having been so too often: copy it to"
                    + " another name, and delete it: version " + revision);
        }
        int dataSlices = namespace.layout().dataSlices();
        boolean inline =
                common.content() instanceof Content.Inline && blob.sealedBytes() <= Stripe.maxInlineBytes(dataSlices);
        return run(
                revision.ofGeneration(revision.generation() + 1),
                placement.next(dataSlices),
                inline ? new Content.Inline(blob) : new Content.Sliced(blob));
    }

    private Head run(Revision revision, Placement placement, Content.Stored content) throws IOException {
        List<ByteBuffer> slices = List.of();
        if (content instanceof Content.Sliced sliced) {
            place(SlicedBlob.of(namespace, common.name(), revision, placement, sliced));
        } else {
            slices = namespace.inlineCode(placement.dataSlices()).slice(joined());
        }
        CommonPart next = new CommonPart(
                common.name(),
                revision,
                placement,
                content,
                namespace
                        .format()
                        .sealMetadata(
                                secret(),
                                common.name(),
                                revision,
                                former.record().metadata()));
        Hints told = former.hints();
        return new Head(
                namespace.format().seal(next, former.record().stored().slotArea(), slices),
                new Hints(
                        content.kind(),
                        placement.dataSlices(),
                        placement.number(),
                        told.lengthBytes(),
                        told.modifiedMicros(),
                        told.crc32c()));
    }

    private void place(SlicedBlob to) throws IOException {
        try (BlobSource sealed = sealed();
                DispersedSink sink = namespace.facilities().dispersal().createShared(to.spread())) {
            sealed.transferTo(sink);
            sink.commit();
        }
    }

    private BlobSource sealed() {
        return common.content() instanceof Content.Inline
                ? new BufferSource(joined())
                : SlicedBlob.of(namespace, former).proven(secret());
    }

    private ByteBuffer joined() {
        return namespace
                .inlineCode(common.placement().dataSlices())
                .join(former.slices(), Math.toIntExact(blob.sealedBytes()));
    }

    private OpenSecret secret() {
        return former.record().secret();
    }
}
