package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.object.ObjectStore.WriteReport;
import io.slicekeep.record.CommonPart;
import io.slicekeep.record.Content;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Hints;
import io.slicekeep.record.Metadata;
import io.slicekeep.record.Placement;
import io.slicekeep.record.Reasons;
import io.slicekeep.record.Revision;
import io.slicekeep.record.Target;
import io.slicekeep.site.Site;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes the head of an object whose slices, if it has any of its own, stand on W sites. */
final class HeadWriter {
    private final Namespace namespace;
    private final OpenSecret secret;
    private final Metadata metadata;
    private final Placement placement;

    HeadWriter(Namespace namespace, OpenSecret secret, Metadata metadata, Placement placement) {
        this.namespace = namespace;
        this.secret = secret;
        this.metadata = metadata;
        this.placement = placement;
    }

    /**
     * Makes the object visible. If it is not for certain, it never will be, and its slices are deleted. A sealed blob that is inline is
     * sliced for the sites of today: there may be more of them than when it was begun.
     */
    WriteReport write(
            Heads.Write write, Content.Stored content, Optional<ByteBuffer> inline, Map<Integer, IOException> lacking)
            throws IOException {
        EncodedName name = write.target().name();
        Revision revision = write.revision();
        CommonPart common = new CommonPart(
                name, revision, placement, content, namespace.format().sealMetadata(secret, name, revision, metadata));
        Hints hints = new Hints(
                content.kind(),
                placement.dataSlices(),
                placement.number(),
                metadata.lengthBytes(),
                metadata.modifiedMicros(),
                metadata.crc32c());
        Map<String, String> missing = new TreeMap<>();
        lacking.forEach((site, failure) ->
                missing.put(namespace.layout().sites().get(site).name(), Reasons.of(failure)));
        try {
            Namespace now = extendSlices(common, write);
            List<ByteBuffer> slices =
                    inline.map(now.inlineCode(placement.dataSlices())::slice).orElse(List.of());
            WriteReport report = write.commit(
                    namespace.format().seal(common, namespace.format().wrap(secret), slices), hints);
            missing.putAll(report.missing());
            return new WriteReport(report.etag(), missing);
        } catch (OutcomeUnknownException e) {
            throw e;
        } catch (IOException e) {
            if (content instanceof Content.Sliced) {
                discard(write, content);
            }
            throw e;
        }
    }

    /**
     * Returns the namespace as it is now, after making sure that the slices stand as its layout asks. The time in which the head may
     * be put began no later than that layout was confirmed.
     */
    private Namespace extendSlices(CommonPart common, Heads.Write write) throws IOException {
        Namespace standing = namespace;
        do {
            Namespace now = namespace.confirmed();
            requirePresentSlices(write.target(), placement, common.content(), now);
            if (!now.agreesWith(standing) && common.content() instanceof Content.Sliced content) {
                SlicedBlob blob = SlicedBlob.of(now, common.name(), common.revision(), placement, content);
                new SliceRepair(blob, secret).complete(common.name());
            }
            write.extendedTo(now.layout());
            standing = now;
        } while (write.renew());
        return standing;
    }

    /** Requires that an object is sliced as the profile of now asks: whoever slices all anew looks only at what others have begun. */
    static void requirePresentSlices(Target target, Placement placement, Content content, Namespace now)
            throws UnavailableException {
        int dataSlices = now.layout().dataSlices();
        if (content instanceof Content.Stored && placement.dataSlices() != dataSlices) {
            throw new UnavailableException(target + " was not written: it is sliced by k = " + placement.dataSlices()
                    + ", and meanwhile the profile of the keep was changed to k = " + dataSlices + ": put it again");
        }
    }

    /** Deletes the slices from all sites of today: the one that is coming may have been brought its own. */
    private void discard(Heads.Write write, Content.Stored content) {
        BlobKey base = namespace.format().slicesBase(write.target().name(), write.revision(), 0);
        Spread spread = namespace.latest().layout().spread(base, content.blob().id());
        try (TaskGroup<Boolean> group = namespace.tasks().group()) {
            for (Site site : spread.sites()) {
                group.fork(site.index(), () -> {
                    site.store().delete(spread.sliceKey(site.index()));
                    return true;
                });
            }
            group.abandon();
        }
    }
}
