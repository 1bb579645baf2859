package io.slicekeep.scrub;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.record.Reasons;
import io.slicekeep.record.StoredRecord;
import io.slicekeep.record.UnprovenRecords;
import io.slicekeep.scrub.ScrubListener.Finding;
import io.slicekeep.scrub.ScrubOptions.Depth;
import io.slicekeep.site.Site;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Goes through a keep without keys: finds what sites lack and what is rotten, and rebuilds slices that are missing. Any number of
 * scrubs may run at a time, beside everybody else, and be stopped anywhere. Confined to one thread.
 *
 * <p>Nothing is ever deleted. Without keys it cannot be known which of two things under a key is right, so a rotten slice, and
 * whatever is wrong with records, is left to repair with keys; a missing slice is rebuilt if k + f of k + 2f others agree on it.
 * Looked at are the newest version that stands on W sites and those that are newer, as far as more than f sites list them.
 */
public final class Scrub {
    private final Layout layout;
    private final Dispersal dispersal;
    private final Tasks tasks;
    private final Duration siteTimeout;
    private final ScrubOptions options;
    private final ScrubListener listener;
    private final RateLimit meter;
    private final Tally tally = new Tally();
    private final Map<Integer, IOException> away = new TreeMap<>();

    /**
     * What a scrub works with. Nothing of it is closed.
     *
     * @param layout the sites; nothing of it needs to be proven
     * @param dispersal reads and rebuilds slices
     * @param tasks forks, waits and tells the time
     * @param siteTimeout a site that has listed nothing more, or of which nothing more was read, for so long is left alone
     */
    public record Place(Layout layout, Dispersal dispersal, Tasks tasks, Duration siteTimeout) {}

    /**
     * Prepares a scrub.
     *
     * @param place what it works with
     * @param options what it does
     * @param listener watches it
     */
    public Scrub(Place place, ScrubOptions options, ScrubListener listener) {
        this.layout = place.layout();
        this.dispersal = place.dispersal();
        this.tasks = place.tasks();
        this.siteTimeout = place.siteTimeout();
        this.options = options;
        this.listener = listener;
        this.meter = new RateLimit(tasks, options.bytesPerSecond());
    }

    /**
     * Runs it.
     *
     * @param namespaceIds which namespaces, each in hex
     * @return what was found behind the cursor at which it began
     * @throws FormatException if the cursor is none of a scrub of these namespaces
     * @throws IOException if the thread is interrupted
     */
    public ScrubReport run(Collection<String> namespaceIds) throws IOException {
        Cursor start = Cursor.parse(options.after(), namespaceIds);
        for (String namespace : new TreeSet<>(namespaceIds)) {
            if (namespace.compareTo(start.namespace()) >= 0) {
                walk(namespace, namespace.equals(start.namespace()) ? start.name() : "");
            }
        }
        return report();
    }

    private ScrubReport report() {
        Map<String, String> reasons = new TreeMap<>();
        away.forEach((site, why) -> reasons.put(site(site).name(), Reasons.of(why)));
        return new ScrubReport(
                layout.profile().sites(),
                layout.profile().dataSlices(),
                tally.levels,
                tally.counts(meter.bytes()),
                tally.missing,
                tally.rotten,
                reasons);
    }

    private void walk(String namespace, String after) throws IOException {
        NameWalk walk = new NameWalk(layout.sites(), tasks, siteTimeout, "n/" + namespace + "/", after);
        for (ShownName shown = walk.next(); shown != null; shown = walk.next()) {
            visit(shown, walk.failures());
            away.putAll(walk.failures());
            listener.reached(new Cursor(namespace, shown.name().value()).toString(), report());
        }
        away.putAll(walk.failures());
    }

    private void visit(ShownName shown, Map<Integer, IOException> failures) throws IOException {
        tally.unreached += shown.unreached();
        for (String revision : shown.revisions()) {
            Collection<Integer> showing = shown.copies(revision).keySet();
            if (showing.size() > layout.profile().faults()) {
                visit(new Version(layout, shown, revision), failures);
            } else {
                tally.unproven++;
            }
            if (layout.quorums().written(showing)) {
                return;
            }
        }
    }

    private void visit(Version version, Map<Integer, IOException> failures) throws IOException {
        version.list(failures);
        if (options.depth() == Depth.DEEP) {
            readRecords(version);
        }
        if (version.isSliced()) {
            visitSlices(version, failures);
        }
        if (version.isTombstone()) {
            tally.deleted++;
        } else {
            count(version, failures);
        }
    }

    /** Before sites are said to lack slices, the records are read: any site can list a slice of what has none. */
    private void visitSlices(Version version, Map<Integer, IOException> failures) throws IOException {
        if (version.agreed().isEmpty() && version.lacksSlices(failures)) {
            readRecords(version);
        }
        if (!version.isSliced()) {
            return;
        }
        version.listSlices(failures);
        if (options.depth() == Depth.DEEP && version.spread().isPresent()) {
            checkSlices(version, version.spread().get(), failures);
        }
    }

    /** Counts a version, and rebuilds its slices if that is asked for. */
    private void count(Version version, Map<Integer, IOException> failures) throws IOException {
        Map<String, String> mended = options.repair() ? repair(version) : Map.of();
        long lacking =
                (long) version.slicesMissing().size() + version.slicesRotten().size();
        tally.lackingSlices += lacking;
        tally.lackingBytes += lacking * sliceBytes(version);
        Map<String, String> bad = new TreeMap<>();
        version.bad().forEach((site, why) -> {
            bad.put(site(site).name(), Reasons.of(why));
            if (why instanceof IntegrityException || why instanceof FormatException) {
                Tally.add(tally.rotten, site(site));
            } else if (!failures.containsKey(site)) {
                Tally.add(tally.missing, site(site));
            }
        });
        tally.forKeys += needsKeys(version, failures) ? 1 : 0;
        tally.levels.merge(version.wholeSlices(), 1L, Long::sum);
        tally.belowNeeded += version.possibleSlices(failures) < layout.profile().dataSlices() ? 1 : 0;
        if (!failures.keySet().containsAll(version.bad().keySet()) || !mended.isEmpty()) {
            listener.found(new Finding(version.name(), version.wholeSlices(), bad, mended));
        }
    }

    /** Whether something is wrong at a site in reach that this scrub does not mend, nor one that repairs. */
    private boolean needsKeys(Version version, Map<Integer, IOException> failures) {
        return version.bad().keySet().stream()
                .filter(site -> !failures.containsKey(site))
                .anyMatch(site -> options.repair()
                        || !version.slicesMissing().contains(site)
                        || !version.copies().containsKey(site));
    }

    private Map<String, String> repair(Version version) throws IOException {
        Map<String, String> mended = new TreeMap<>();
        if (version.slicesMissing().isEmpty() || version.spread().isEmpty()) {
            return mended;
        }
        long start = tasks.elapsedNanos();
        try {
            Spread spread = version.spread().get();
            meter.reads(version.blobBytes());
            Map<Integer, IOException> failed = dispersal.restore(spread, version.blobBytes(), version.slicesMissing());
            for (int site : List.copyOf(version.slicesMissing())) {
                IOException failure = failed.get(site);
                if (failure == null) {
                    mended.put(site(site).name(), "had no slice of it");
                    version.mended(site);
                } else {
                    version.bad().put(site, failure);
                }
            }
        } catch (InterruptedIOException e) {
            throw e;
        } catch (TooFewSlicesException | IntegrityException | UnavailableException e) {
            version.slicesMissing().forEach(site -> version.bad().put(site, notRebuilt(e)));
        }
        tally.rebuiltSlices += mended.size();
        tally.rebuiltBytes += mended.size() * sliceBytes(version);
        tally.rebuildNanos += mended.isEmpty() ? 0 : tasks.elapsedNanos() - start;
        return mended;
    }

    /** What is missing stays missing, with the reason why. */
    private static BlobNotFoundException notRebuilt(IOException why) {
        return new BlobNotFoundException("has no slice of it; not rebuilt: " + Reasons.of(why));
    }

    private void readRecords(Version version) throws IOException {
        Map<Integer, StoredRecord> records = new TreeMap<>();
        Map<Integer, IOException> bad = new TreeMap<>();
        each(version.copies().keySet(), site -> read(site(site), version.copy(site)), (site, outcome) -> {
            if (outcome.failure() == null && outcome.value() != null) {
                records.put(site, outcome.value());
            } else {
                bad.put(site, failure(outcome));
            }
        });
        version.compare(records, bad);
    }

    private StoredRecord read(Site site, BlobKey key) throws IOException {
        try (BlobSource source = site.store().open(key)) {
            meter.reads(UnprovenRecords.lengthBytes(source));
            return UnprovenRecords.read(source, site.slice());
        }
    }

    private void checkSlices(Version version, Spread spread, Map<Integer, IOException> failures) throws IOException {
        Collection<Integer> listed = new TreeSet<>();
        layout.sites().forEach(site -> listed.add(site.index()));
        listed.removeAll(failures.keySet());
        listed.removeAll(version.slicesMissing());
        this.<Boolean>each(
                listed,
                site -> {
                    dispersal.check(spread, version.blobBytes(), site, meter);
                    return true;
                },
                (site, outcome) -> {
                    if (outcome.failure() != null) {
                        version.slice(site, outcome.failure());
                    }
                });
    }

    /** What is done at one site. */
    private interface SiteWork<T> {
        T at(int site) throws IOException;
    }

    /** Does something at all of some sites, each on a thread of its own, and leaves alone who does not get on. */
    private <T> void each(Collection<Integer> sites, SiteWork<T> work, BiConsumer<Integer, Outcome<T>> then)
            throws InterruptedIOException {
        TaskGroup<T> group = tasks.group();
        try {
            TreeSet<Integer> open = new TreeSet<>(sites);
            sites.forEach(site -> group.fork(site, () -> work.at(site)));
            long steps = -1;
            while (!open.isEmpty() && steps != meter.steps()) {
                steps = meter.steps();
                for (Outcome<T> o = group.next(tasks.deadline(siteTimeout));
                        o != null;
                        o = group.next(tasks.deadline(siteTimeout))) {
                    open.remove(o.index());
                    then.accept(o.index(), o);
                }
            }
            IOException late = new UnavailableException("no answer within " + siteTimeout);
            open.forEach(site -> then.accept(site, new Outcome<>(site, null, late)));
        } finally {
            group.abandon();
        }
    }

    private static IOException failure(Outcome<?> outcome) {
        IOException failure = outcome.failure();
        return failure == null ? new IntegrityException("nothing was read") : failure;
    }

    private long sliceBytes(Version version) {
        int needed = layout.profile().dataSlices();
        return (version.blobBytes() + needed - 1) / needed;
    }

    private Site site(int index) {
        return layout.sites().get(index);
    }
}
