package io.slicekeep.record;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The names beneath a directory that have a value, in the order of their keys, out of the merged listings of the sites
 * (docs/PROTOCOLS.md 4, Listing a namespace). The merge never passes a site of which it does not know what comes next: else
 * it would miss names that only this site shows so far. What is provably unacknowledged and what is deleted is passed by;
 * nothing is written back. Confined to one thread.
 *
 * <p>A site that fails on the way is left out from there on, while enough others answer.
 */
public final class NameScan {
    private final Realm realm;
    private final Certainty certainty;
    private final String shown;
    private final List<SiteCursor> cursors = new ArrayList<>();
    private final Map<String, String> failures = new TreeMap<>();

    NameScan(Realm realm, KeyPrefix prefix, String shown, Certainty certainty) {
        this.realm = realm;
        this.certainty = certainty;
        this.shown = shown;
        realm.layout().sites().forEach(site -> cursors.add(new SiteCursor(site, prefix)));
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
                        .allMatch(view -> taken.keysAt(view.site()).stream()
                                .flatMap(key -> realm.format().openNote(key).stream())
                                .allMatch(note -> view.shows(note.revision())));
    }

    /**
     * What versions of a name the sites show, acknowledged or not.
     *
     * @param name the name
     * @param versions their revisions of generation 0
     */
    public record Versions(EncodedName name, Set<Revision> versions) {}

    /**
     * Returns the next name with all its versions.
     *
     * @return the name, or null at the end
     * @throws IOException as {@link #next()} does
     */
    public @Nullable Versions nextVersions() throws IOException {
        Taken taken = take();
        return taken == null
                ? null
                : new Versions(
                        taken.name(),
                        views(taken).revisions().stream()
                                .map(revision -> revision.ofGeneration(0))
                                .collect(Collectors.toSet()));
    }

    /** All keys of a name, by site. */
    private record Taken(EncodedName name, Map<Integer, List<BlobKey>> keys) {
        List<BlobKey> keysAt(int site) {
            return keys.getOrDefault(site, List.of());
        }
    }

    /** Takes what the sites show of the next name, of whatever kind; null at the end. */
    private @Nullable Taken take() throws IOException {
        while (true) {
            fill();
            BlobKey first = cursors.stream()
                    .map(SiteCursor::first)
                    .filter(Objects::nonNull)
                    .min(Comparator.naturalOrder())
                    .orElse(null);
            if (first == null) {
                return null;
            }
            Optional<EncodedName> name = realm.format().nameIn(first);
            if (name.isEmpty()) {
                cursors.forEach(cursor -> cursor.take(first));
                continue;
            }
            return take(name.get());
        }
    }

    /**
     * Tells whether to go on a site must be asked.
     *
     * @return false if the next name is known already
     */
    public boolean isBlank() {
        return cursors.stream().anyMatch(SiteCursor::isBlank);
    }

    /**
     * Goes on behind a directory.
     *
     * @param directory an encoded directory beneath the one that is scanned
     */
    public void skip(String directory) {
        BlobKey after = realm.format().lastIn(directory);
        cursors.forEach(cursor -> cursor.skipTo(after));
    }

    /**
     * Tells whether R sites answered all the way.
     *
     * @return false if an acknowledged name may have been missed
     */
    public boolean isProven() {
        return realm.enough(Certainty.PROVEN, answering());
    }

    private List<Integer> answering() {
        return cursors.stream().map(cursor -> cursor.site().index()).toList();
    }

    /** Reads on where it is not known what comes next. */
    private void fill() throws IOException {
        List<SiteCursor> blank = cursors.stream().filter(SiteCursor::isBlank).toList();
        if (!blank.isEmpty()) {
            fill(new ArrayList<>(blank));
        }
        if (!realm.enough(certainty, answering())) {
            throw new UnavailableException(cursors.size() + " of "
                    + realm.layout().sites().size() + " sites answered, " + realm.wanted(certainty)
                    + " must answer to list " + shown + ": " + Reasons.joined(failures));
        }
    }

    private void fill(List<SiteCursor> blank) throws IOException {
        Map<Integer, SiteCursor> asked = new HashMap<>();
        try (TaskGroup<Listing> group = realm.means().tasks().group()) {
            for (SiteCursor cursor : blank) {
                asked.put(cursor.site().index(), cursor);
                group.fork(cursor.site().index(), cursor::page);
            }
            Deadline until =
                    realm.means().tasks().deadline(realm.means().timing().deadline());
            boolean hurried = false;
            while (!asked.isEmpty()) {
                if (!hurried && realm.enough(certainty, answeredBesides(asked))) {
                    hurried = true;
                    until = realm.means()
                            .tasks()
                            .deadline(realm.means().timing().patience().hedgeDelay());
                }
                Outcome<Listing> outcome = group.next(until);
                if (outcome == null) {
                    break;
                }
                SiteCursor cursor = Objects.requireNonNull(asked.remove(outcome.index()));
                take(cursor, outcome);
            }
        }
        for (SiteCursor late : asked.values()) {
            cursors.remove(late);
            failures.put(late.site().name(), "has not answered in time");
        }
    }

    private List<Integer> answeredBesides(Map<Integer, SiteCursor> asked) {
        return answering().stream().filter(site -> !asked.containsKey(site)).toList();
    }

    private void take(SiteCursor cursor, Outcome<Listing> outcome) throws IOException {
        IOException failure = outcome.failure();
        if (failure == null) {
            cursor.accept(outcome.get());
        } else {
            cursors.remove(cursor);
            failures.put(cursor.site().name(), Reasons.of(failure));
        }
    }

    /** Takes all keys of a name out of all listings. */
    private Taken take(EncodedName name) throws IOException {
        KeyPrefix prefix = realm.format().recordsOf(name);
        Map<Integer, List<BlobKey>> taken = new TreeMap<>();
        boolean more = true;
        while (more) {
            for (SiteCursor cursor : cursors) {
                cursor.take(prefix, taken.computeIfAbsent(cursor.site().index(), i -> new ArrayList<>()));
            }
            more = isBlank();
            fill();
            more = more && cursors.stream().map(SiteCursor::first).anyMatch(key -> key != null && prefix.matches(key));
        }
        return new Taken(name, taken);
    }

    private Views views(Taken taken) {
        Views views = new Views(realm.layout().sites());
        Map<BlobKey, Optional<ListedRecord>> opened = new HashMap<>();
        for (SiteCursor cursor : cursors) {
            int site = cursor.site().index();
            List<ListedRecord> genuine = taken.keysAt(site).stream()
                    .flatMap(key -> opened.computeIfAbsent(key, realm.format()::open).stream())
                    .toList();
            views.add(new SiteView(site, genuine, true));
        }
        return views;
    }

    private @Nullable Entry judge(Views views) {
        Verdict verdict = Verdict.of(views, new Caught(), realm.layout());
        Revision revision = verdict instanceof Verdict.Current current
                ? current.revision()
                : verdict instanceof Verdict.Open open ? open.revision() : null;
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
