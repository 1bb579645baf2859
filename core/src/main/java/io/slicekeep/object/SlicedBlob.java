package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Doubt;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.CommonPart;
import io.slicekeep.record.Content;
import io.slicekeep.record.Current;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Placement;
import io.slicekeep.record.Revision;
import io.slicekeep.record.SealedBlob;
import io.slicekeep.sealed.SealedSource;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
        return of(namespace, common.name(), common.revision(), common.placement(), content);
    }

    /** Returns the blob that a head names, or will. */
    static SlicedBlob of(
            Namespace namespace, EncodedName name, Revision revision, Placement placement, Content.Sliced content) {
        BlobKey base = namespace.format().slicesBase(name, revision, placement.number());
        SealedBlob blob = content.blob();
        Spread spread = new Spread(base, blob.id(), placement.dataSlices(), placement.epoch(), namespace.layout());
        return new SlicedBlob(namespace, spread, blob);
    }

    Namespace namespace() {
        return namespace;
    }

    Spread spread() {
        return spread;
    }

    SealedBlob blob() {
        return blob;
    }

    /** Returns the same blob as it looks without what some sites hold. */
    SlicedBlob without(Set<Integer> sites) {
        return new SlicedBlob(namespace, spread.without(sites, "left out, since its slice is not whole"), blob);
    }

    /** Returns who can tell which bytes of it are right; the secret must stay open. */
    private Doubt.Judge judge(OpenSecret secret) {
        return (slices, fromOffset, toOffset) -> {
            try (SealedSource plaintext = open(slices, secret)) {
                plaintext.verify(fromOffset, toOffset);
            }
        };
    }

    /** Reads all slices; returns the sites whose slices are not whole, and why. */
    Map<Integer, IOException> inspect(OpenSecret secret) throws IOException {
        return inspect(spread.sites().stream().map(Site::index).collect(Collectors.toSet()), secret);
    }

    /** Reads the slices of all sites until it is known of each suspect what is wrong with its slice, or that nothing is. */
    Map<Integer, IOException> inspect(Set<Integer> suspects, OpenSecret secret) throws IOException {
        return namespace.facilities().dispersal().inspect(spread, blob.sealedBytes(), suspects, judge(secret));
    }

    /** Rebuilds the slices of some sites from what the judge finds right; returns those that do not have theirs, and why. */
    Map<Integer, IOException> rebuild(Set<Integer> lacking, OpenSecret secret) throws IOException {
        return namespace.facilities().dispersal().rebuild(spread, blob.sealedBytes(), lacking, judge(secret));
    }

    /** Opens the sealed blob, for one reading from beginning to end, as the judge finds it right; the secret must stay open. */
    BlobSource proven(OpenSecret secret) {
        return namespace.facilities().dispersal().openProven(spread, blob.sealedBytes(), judge(secret));
    }

    /** Finds the sites whose slices are wrong though their checksums are right, leaving out those known. */
    Map<Integer, IOException> blame(Set<Integer> known, Doubt doubt) throws IOException {
        return namespace
                .facilities()
                .dispersal()
                .blame(spread.without(known, "left out, since its slice was altered"), blob.sealedBytes(), doubt);
    }

    /** Returns where the chunk begins that holds a byte of plaintext, or the last one if there is none. */
    long chunkOffset(long plaintextOffset) {
        return Math.min(SealedSource.chunkOffset(plaintextOffset), blob.sealedBytes() - 1);
    }

    /** Opens its plaintext, as it is told by slices; closing it closes them. */
    SealedSource open(BlobSource slices, OpenSecret secret) throws IOException {
        return SealedSource.open(slices, secret, blob.id(), blob.commitment().toArray());
    }

    /** Opens its plaintext, leaving out some sites as if they were away. */
    SealedSource open(OpenSecret secret, Set<Integer> leftOut) throws IOException {
        BlobSource slices = namespace
                .facilities()
                .dispersal()
                .open(spread.without(leftOut, "left out, since its slice may have been altered"), blob.sealedBytes());
        try {
            return open(slices, secret);
        } catch (IOException | RuntimeException e) {
            slices.close();
            throw e;
        }
    }
}
