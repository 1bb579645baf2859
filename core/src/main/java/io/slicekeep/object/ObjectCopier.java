package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ObjectInfo;
import io.slicekeep.object.ObjectStore.WriteReport;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Content;
import io.slicekeep.record.Current;
import io.slicekeep.record.Metadata;
import io.slicekeep.record.Need;
import io.slicekeep.record.Placement;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Copies objects. Where all sites can copy by themselves, the slices of a large one are copied there: the copy keeps blob
 * id, secret and commitment under keys of its own name. Everything else is read and written anew.
 */
final class ObjectCopier {
    private static final System.Logger LOG = System.getLogger(ObjectCopier.class.getName());

    private final Namespace namespace;
    private final ObjectReader reader;

    ObjectCopier(Namespace namespace, ObjectReader reader) {
        this.namespace = namespace;
        this.reader = reader;
    }

    WriteReport copy(ObjectName from, ObjectName to) throws IOException {
        return reader.read(from, Need.BODY, Freshness.PROVEN, (value, info) -> {
            namespace.requireConfirmed();
            boolean sliced = value.record().stored().common().content() instanceof Content.Sliced;
            boolean sameSlices =
                    value.hints().dataSlices() == namespace.layout().dataSlices();
            if (sliced && sameSlices && namespace.sitesCopy()) {
                try {
                    return copyAtSites(value, to);
                } catch (TooFewCopied e) {
                    LOG.log(System.Logger.Level.DEBUG, "reading and writing instead", e);
                }
            }
            return copyThrough(value, info, to);
        });
    }

    private WriteReport copyThrough(Current.Value value, ObjectInfo info, ObjectName to) throws IOException {
        try (var source = reader.plaintext(value);
                var sink = new ObjectSink(namespace, to, ObjectDescriptions.options(info))) {
            source.transferTo(sink);
            return sink.commit();
        }
    }

    private WriteReport copyAtSites(Current.Value value, ObjectName to) throws IOException {
        SlicedBlob blob = reader.sliced(value);
        Heads.Write write = namespace.heads().begin(namespace.target(to), Condition.NONE);
        BlobKey base = namespace.format().slicesBase(write.target().name(), write.revision(), 0);
        Map<Integer, IOException> lacking = copySlices(
                blob.spread(), namespace.layout().spread(base, blob.blob().id()));
        Metadata old = value.record().metadata();
        Metadata metadata = new Metadata(
                old.lengthBytes(),
                old.modifiedMicros(),
                old.crc32c(),
                old.sha256(),
                Bytes.of(to.bytes()),
                old.entries());
        // The slices' headers name the epoch that they were placed by, so the copy keeps it.
        long epoch = value.record().stored().common().placement().epoch();
        Placement placement = namespace.placement().ofEpoch(epoch);
        return new HeadWriter(namespace, value.record().secret(), metadata, placement)
                .write(write, new Content.Sliced(blob.blob()), Optional.empty(), lacking);
    }

    /** Copies each site's slice there; W sites must. Returns why the others did not. */
    private Map<Integer, IOException> copySlices(Spread from, Spread to) throws IOException {
        Map<Integer, IOException> lacking = new HashMap<>();
        from.sites().forEach(site -> lacking.put(site.index(), new UnavailableException("still copying")));
        Set<Integer> copied = new TreeSet<>();
        try (TaskGroup<Boolean> group = namespace.tasks().group()) {
            for (Site site : from.sites()) {
                group.fork(site.index(), () -> copySlice(site, from, to));
            }
            Deadline deadline =
                    namespace.tasks().deadline(namespace.facilities().timing().deadline());
            Deadline settled = deadline;
            while (group.underWay() > 0) {
                Outcome<Boolean> outcome = group.next(settled);
                if (outcome == null) {
                    break;
                }
                IOException failure = outcome.failure();
                if (failure != null) {
                    lacking.put(outcome.index(), failure);
                    continue;
                }
                lacking.remove(outcome.index());
                copied.add(outcome.index());
                if (settled.equals(deadline) && from.layout().quorums().written(copied)) {
                    settled = namespace
                            .tasks()
                            .deadline(namespace.facilities().timing().patience().settleTime());
                }
            }
            group.abandon();
        }
        if (!from.layout().quorums().written(copied)) {
            throw new TooFewCopied(lacking);
        }
        return lacking;
    }

    private static Boolean copySlice(Site site, Spread from, Spread to) throws IOException {
        ((CopyingBlobStore) site.store()).copy(from.sliceKey(site.index()), to.sliceKey(site.index()));
        return true;
    }

    /** The sites' own copies are too few, because too few have their slice or room for another. */
    private static final class TooFewCopied extends UnavailableException {
        private static final long serialVersionUID = 1L;

        TooFewCopied(Map<Integer, IOException> lacking) {
            super("too few sites copied their slice: " + lacking);
        }
    }
}
