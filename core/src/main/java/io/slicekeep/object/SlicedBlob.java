package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.CommonPart;
import io.slicekeep.record.Content;
import io.slicekeep.record.Current;
import io.slicekeep.record.SealedBlob;
import io.slicekeep.sealed.SealedSource;
import java.io.IOException;
import java.util.Set;

/** A blob whose slices stand beside its records. Immutable. */
final class SlicedBlob {
    private final Namespace namespace;
    private final Spread spread;
    private final SealedBlob blob;

    private SlicedBlob(Namespace namespace, Spread spread, SealedBlob blob) {
        this.namespace = namespace;
        this.spread = spread;
        this.blob = blob;
    }

    /** Returns the blob of a value that is sliced. */
    static SlicedBlob of(Namespace namespace, Current.Value value) {
        CommonPart common = value.record().stored().common();
        Content.Sliced content = (Content.Sliced) common.content();
        BlobKey base = namespace
                .format()
                .slicesBase(common.name(), common.revision(), common.placement().number());
        Spread spread = new Spread(base, content.blob().id(), common.placement().epoch(), namespace.layout());
        return new SlicedBlob(namespace, spread, content.blob());
    }

    Spread spread() {
        return spread;
    }

    SealedBlob blob() {
        return blob;
    }

    /** Opens its plaintext, leaving out some sites as if they were away. */
    SealedSource open(OpenSecret secret, Set<Integer> leftOut) throws IOException {
        BlobSource slices = namespace
                .facilities()
                .dispersal()
                .open(spread.without(leftOut, "left out, since its slice may have been altered"), blob.sealedBytes());
        try {
            return SealedSource.open(
                    slices, secret, blob.id(), blob.commitment().toArray());
        } catch (IOException | RuntimeException e) {
            slices.close();
            throw e;
        }
    }
}
