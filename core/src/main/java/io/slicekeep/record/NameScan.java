package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.UnavailableException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The names beneath a directory that have a value, in the order of their keys, out of the merged listings of the sites
 * (docs/PROTOCOLS.md 5). What is provably unacknowledged and what is deleted is passed by;
 * nothing is written back. Confined to one thread.
 */
public final class NameScan {
    private final Realm realm;
    private final MergedListing listing;

    NameScan(Realm realm, KeyPrefix prefix, String shown, Certainty certainty) {
        this.realm = realm;
        this.listing = new MergedListing(
                realm.layout().sites(),
                prefix,
                key -> realm.format().nameIn(key).map(realm.format()::recordsOf),
                new MergedListing.Wanted(
                        sites -> realm.enough(certainty, sites), realm.wanted(certainty), "list " + shown),
                realm.means());
    }

    /** A name that has a value. */
    public static final class Entry {
        private final ListedRecord newest;
        private final Views views;

        private Entry(ListedRecord newest, Views views) {
            this.newest = newest;
            this.views = views;
        }

        /**
         * Returns the newest record that may have been acknowledged.
         *
         * @return what its key tells
         */
        public ListedRecord newest() {
            return newest;
        }

        Views views() {
            return views;
        }
    }

    /**
     * Returns the next name that has a value.
     *
     * @return the name, or null at the end
     * @throws UnavailableException if too few sites still answer
     * @throws IOException if the listing cannot go on
     */
    public @Nullable Entry next() throws IOException {
        for (Taken taken = take(); taken != null; taken = take()) {
            Entry entry = judge(views(taken));
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    /**
     * Returns the next name that has more than one version, or one that is not a value, or notes that outlived theirs.
     *
     * @return the name, or null at the end
     * @throws IOException as {@link #next()} does
     */
    public @Nullable EncodedName nextUntidy() throws IOException {
        for (Taken taken = take(); taken != null; taken = take()) {
            if (!isTidy(taken)) {
                return taken.name();
            }
        }
        return null;
    }

    /**
     * Returns the next name that has any version, of whatever kind.
     *
     * @return the name, or null at the end
     * @throws IOException as {@link #next()} does
     */
    public @Nullable EncodedName nextName() throws IOException {
        Taken taken = take();
        while (taken != null && views(taken).revisions().isEmpty()) {
            taken = take();
        }
        return taken == null ? null : taken.name();
    }

    private boolean isTidy(Taken taken) {
        Views views = views(taken);
        List<Revision> revisions = views.revisions();
        boolean one = revisions.size() == 1 && views.hints(revisions.get(0)).kind() != RecordKind.TOMBSTONE;
        return (one || revisions.isEmpty())
                && views.answers().stream()
                        .allMatch(view -> view.noted().stream().allMatch(view::shows));
    }

    /**
     * What blobs of a name the sites' records name, acknowledged or not.
     *
     * @param name the name
     * @param blobs the blobs
     */
    public record Named(EncodedName name, Set<PlacedBlob> blobs) {}

    /**
     * Returns the next name with all its blobs.
     *
     * @return the name, or null at the end
     * @throws IOException as {@link #next()} does
     */
    public @Nullable Named nextNamed() throws IOException {
        Taken taken = take();
        if (taken == null) {
            return null;
        }
        Views views = views(taken);
        return new Named(
                taken.name(),
                views.revisions().stream()
                        .map(revision -> PlacedBlob.of(revision, views.hints(revision)))
                        .collect(Collectors.toSet()));
    }

    /** All keys of a name, by site. */
    private record Taken(EncodedName name, Map<Integer, List<BlobKey>> keys) {}

    /** Takes what the sites show of the next name, of whatever kind; null at the end. */
    private @Nullable Taken take() throws IOException {
        MergedListing.Group group = listing.next();
        if (group == null) {
            return null;
        }
        EncodedName name = realm.format().nameIn(group.first()).orElseThrow();
        return new Taken(name, group.keys());
    }

    /**
     * Tells whether to go on a site must be asked.
     *
     * @return false if the next name is known already
     */
    public boolean isBlank() {
        return listing.isBlank();
    }

    /**
     * Goes on behind a directory.
     *
     * @param directory an encoded directory beneath the one that is scanned
     */
    public void skip(String directory) {
        listing.skipTo(realm.format().lastIn(directory));
    }

    /**
     * Tells whether R sites answered all the way.
     *
     * @return false if an acknowledged name may have been missed
     */
    public boolean isProven() {
        return realm.enough(Certainty.PROVEN, listing.answering());
    }

    private Views views(Taken taken) {
        Views views = new Views(realm.layout().sites());
        Map<BlobKey, Optional<ListedRecord>> opened = new HashMap<>();
        Map<BlobKey, Optional<ListedNote>> notes = new HashMap<>();
        taken.keys().forEach((site, keys) -> {
            List<ListedRecord> genuine = keys.stream()
                    .flatMap(key -> opened.computeIfAbsent(key, realm.format()::open).stream())
                    .toList();
            Set<Revision> noted = keys.stream()
                    .flatMap(key -> notes.computeIfAbsent(key, realm.format()::openNote).stream())
                    .map(ListedNote::revision)
                    .collect(Collectors.toSet());
            views.add(new SiteView(site, genuine, noted, true));
        });
        return views;
    }

    private @Nullable Entry judge(Views views) {
        Revision revision =
                Verdict.of(views, new Caught(), realm.layout()).newest().orElse(null);
        if (revision == null) {
            return null;
        }
        ListedRecord newest = views.answers().stream()
                .flatMap(view -> view.attemptsAt(revision).stream())
                .findFirst()
                .orElseThrow();
        return newest.hints().kind() == RecordKind.TOMBSTONE ? null : new Entry(newest, views);
    }
}
