package io.slicekeep.register;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.Means;
import io.slicekeep.record.MergedListing;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The registers beneath a directory that have a value, in the order of their keys, out of the merged listings of the sites. Of
 * each it tells the newest value that any site shows: the one that is decided, or one that is being decided. Nothing is decided
 * here. Confined to one thread.
 */
public final class RegisterScan {
    private final RegisterFormat format;
    private final Layout layout;
    private final MergedListing listing;

    /**
     * Stands before the first register.
     *
     * @param layout the sites
     * @param format the realm's keys
     * @param beginning what the ids of the registers begin with
     * @param certainty what the caller insists on
     * @param means tasks and time limits
     */
    public RegisterScan(Layout layout, RegisterFormat format, String beginning, Certainty certainty, Means means) {
        this.format = format;
        this.layout = layout;
        this.listing = new MergedListing(
                layout.sites(),
                format.registersAt(beginning),
                key -> format.idIn(key).map(format::blobsOf),
                wanted(layout, certainty),
                means);
    }

    private static MergedListing.Wanted wanted(Layout layout, Certainty certainty) {
        int dataSlices = layout.mostDataSlices();
        return certainty == Certainty.PROVEN
                ? new MergedListing.Wanted(
                        layout.quorums()::decided, layout.quorums().deciders(), "list registers")
                : new MergedListing.Wanted(
                        sites -> layout.sliceCount(sites) >= dataSlices,
                        Integer.toString(dataSlices),
                        "list registers");
    }

    /**
     * A register that has a value.
     *
     * @param id which register
     * @param note what the value begins with, as far as keys tell it
     */
    public record Entry(RegisterId id, Bytes note) {}

    /**
     * Returns the next register that has a value.
     *
     * @return the register, or null at the end
     * @throws io.slicekeep.error.UnavailableException if too few sites still answer
     * @throws IOException if the listing cannot go on
     */
    public @Nullable Entry next() throws IOException {
        for (MergedListing.Group group = listing.next(); group != null; group = listing.next()) {
            Entry entry = entry(group);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    /**
     * Returns the next register of which anything stands, were it only a ballot.
     *
     * @return the register, or null at the end
     * @throws IOException as {@link #next()} does
     */
    public @Nullable RegisterId nextId() throws IOException {
        for (MergedListing.Group group = listing.next(); group != null; group = listing.next()) {
            RegisterId id = idOf(group);
            if (keys(group).stream().anyMatch(key -> format.open(id, key).isPresent())) {
                return id;
            }
        }
        return null;
    }

    private static List<BlobKey> keys(MergedListing.Group group) {
        return group.keys().values().stream().flatMap(List::stream).distinct().toList();
    }

    private RegisterId idOf(MergedListing.Group group) {
        return format.idIn(group.first()).orElseThrow();
    }

    private @Nullable Entry entry(MergedListing.Group group) {
        RegisterId id = idOf(group);
        return keys(group).stream()
                .flatMap(key -> format.open(id, key).stream())
                .filter(RegisterKey::isAccepted)
                .max(Comparator.comparing(RegisterKey::ballot))
                .map(RegisterKey::note)
                .filter(note -> note.length() > 0)
                .map(note -> new Entry(id, note))
                .orElse(null);
    }

    /**
     * Tells whether to go on a site must be asked.
     *
     * @return false if the next register is known already
     */
    public boolean isBlank() {
        return listing.isBlank();
    }

    /**
     * Goes on behind a directory.
     *
     * @param directory a directory beneath the one that is scanned
     */
    public void skip(String directory) {
        listing.skipTo(format.lastIn(directory));
    }

    /**
     * Tells whether a quorum answered all the way.
     *
     * @return false if a register may have been missed, or be shown with an old value
     */
    public boolean isProven() {
        return layout.quorums().decided(listing.answering());
    }
}
