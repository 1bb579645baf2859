package io.slicekeep.record;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.util.List;

/** Reads one site's copy of a revision. Thread-safe. */
final class CopyReader {
    private final Realm realm;
    private final Extent extent;

    CopyReader(Realm realm, Extent extent) {
        this.realm = realm;
        this.extent = extent;
    }

    /** Reads a copy that is what its key says; one good attempt of several is enough. */
    StoredRecord read(Site site, List<ListedRecord> attempts) throws IOException {
        IOException failure = new IntegrityException("there is no copy to read");
        for (ListedRecord attempt : attempts) {
            try (BlobSource source = site.store().open(attempt.key())) {
                StoredRecord stored = realm.format().read(source, site.slice(), extent);
                requireListed(stored.common(), attempt);
                return stored;
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private void requireListed(CommonPart common, ListedRecord attempt) throws IntegrityException {
        boolean listed = common.name().equals(attempt.name())
                && common.revision().equals(attempt.revision())
                && common.content().kind() == attempt.hints().kind()
                && common.placement().dataSlices() == attempt.hints().dataSlices()
                && common.placement().number() == attempt.hints().placement();
        if (!listed) {
            throw new IntegrityException("another record stands under the key of " + attempt.name() + " "
                    + attempt.revision() + ": " + common.name() + " " + common.revision() + " " + common.placement());
        }
    }
}
