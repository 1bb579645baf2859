package io.slicekeep.scrub;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.CommonPart;
import io.slicekeep.record.Content;
import io.slicekeep.record.StoredRecord;
import io.slicekeep.record.UnprovenRecords;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One version of an object, as its sites' records tell it, and what is wrong with its copies. Confined to one thread at a time. */
final class Version {
    private final Layout layout;
    private final ShownName shown;
    private final String revision;

    /** What keeps sites from having their copy whole. */
    private final Map<Integer, IOException> bad = new TreeMap<>();

    private final Set<Integer> slicesMissing = new TreeSet<>();
    private final Set<Integer> slicesRotten = new TreeSet<>();
    private Optional<CommonPart> agreed = Optional.empty();

    Version(Layout layout, ShownName shown, String revision) {
        this.layout = layout;
        this.shown = shown;
        this.revision = revision;
    }

    Map<Integer, IOException> bad() {
        return bad;
    }

    Set<Integer> slicesMissing() {
        return slicesMissing;
    }

    Set<Integer> slicesRotten() {
        return slicesRotten;
    }

    String name() {
        return shown.name().value();
    }

    /** Notes that a site's slice was rebuilt; its record may still be missing. */
    void mended(int site) {
        slicesMissing.remove(site);
        if (copies().containsKey(site)) {
            bad.remove(site);
        }
    }

    Optional<CommonPart> agreed() {
        return agreed;
    }

    Map<Integer, BlobKey> copies() {
        return shown.copies(revision);
    }

    BlobKey copy(int site) {
        return Objects.requireNonNull(copies().get(site));
    }

    boolean isSliced() {
        return agreed.map(common -> common.content() instanceof Content.Sliced)
                .orElseGet(() -> shown.isSliced(revision));
    }

    boolean isTombstone() {
        return agreed.filter(common -> common.content() instanceof Content.Tombstone)
                .isPresent();
    }

    /** Notes what the listings alone tell; sites that cannot be listed have failed. */
    void list(Map<Integer, IOException> failures) {
        bad.putAll(failures);
        layout.sites().stream()
                .map(site -> site.index())
                .filter(site -> !failures.containsKey(site) && !copies().containsKey(site))
                .forEach(site -> bad.put(site, new BlobNotFoundException("has no record of it")));
    }

    /** Takes in the records that were read: what more than f sites say alike is believed, and whoever says else is wrong. */
    void compare(Map<Integer, StoredRecord> records, Map<Integer, IOException> failures) {
        failures.forEach(bad::put);
        Map<Bytes, Integer> votes = new HashMap<>();
        records.values().forEach(record -> votes.merge(record.authenticated(), 1, Integer::sum));
        records.forEach((site, record) -> {
            if (agreed.isEmpty()
                    && votes.getOrDefault(record.authenticated(), 0)
                            > layout.profile().faults()
                    && fits(record)) {
                agreed = Optional.of(record.common());
            }
        });
        agreed.ifPresent(common -> records.forEach((site, record) -> {
            if (!record.common().equals(common)) {
                bad.put(site, new IntegrityException("its record says something else than those of others"));
            }
        }));
    }

    /** Tells whether a site in reach lists no slice. */
    boolean lacksSlices(Map<Integer, IOException> failures) {
        Set<Integer> withSlices = shown.sitesWithSlices(revision);
        return layout.sites().stream()
                .anyMatch(site -> !failures.containsKey(site.index()) && !withSlices.contains(site.index()));
    }

    /** Notes which sites do not list their slice. */
    void listSlices(Map<Integer, IOException> failures) {
        Set<Integer> withSlices = shown.sitesWithSlices(revision);
        layout.sites().stream()
                .map(site -> site.index())
                .filter(site -> !failures.containsKey(site))
                .filter(site -> spread().map(spread -> !shown.holds(site, spread.sliceKey(site)))
                        .orElse(!withSlices.contains(site)))
                .forEach(site -> {
                    slicesMissing.add(site);
                    bad.putIfAbsent(site, new BlobNotFoundException("has no slice of it"));
                });
    }

    /** Notes what reading a slice brought to light. */
    void slice(int site, IOException failure) {
        bad.putIfAbsent(site, failure);
        if (failure instanceof IntegrityException || failure instanceof FormatException) {
            slicesRotten.add(site);
        }
    }

    /** Returns where the slices lie, if the records tell. */
    Optional<Spread> spread() {
        return agreed.filter(common -> common.content() instanceof Content.Sliced)
                .map(common -> {
                    String folder = copies().values().iterator().next().value();
                    String namespace = folder.substring(0, folder.indexOf("/h/") + 1);
                    Content.Sliced sliced = (Content.Sliced) common.content();
                    BlobKey base = UnprovenRecords.slicesBase(namespace, common);
                    return new Spread(
                            base,
                            sliced.blob().id(),
                            common.placement().dataSlices(),
                            common.placement().epoch(),
                            layout);
                });
    }

    /** Returns the length of the sealed blob, if the records tell. */
    long blobBytes() {
        return agreed.filter(common -> common.content() instanceof Content.Stored)
                .map(common -> ((Content.Stored) common.content()).blob().sealedBytes())
                .orElse(0L);
    }

    /** Returns how many of the n slices are whole, with their records. */
    int wholeSlices() {
        return (int) layout.sites().stream()
                .filter(site -> !bad.containsKey(site.index()))
                .mapToInt(site -> site.slice())
                .distinct()
                .count();
    }

    /** Returns how many of the n slices are whole or may be: of those at sites that do not answer nothing is known. */
    int possibleSlices(Map<Integer, IOException> failures) {
        return (int) layout.sites().stream()
                .filter(site -> failures.containsKey(site.index()) || !isGone(site.index()))
                .mapToInt(site -> site.slice())
                .distinct()
                .count();
    }

    private boolean isGone(int site) {
        IOException why = bad.get(site);
        return slicesMissing.contains(site)
                || why instanceof BlobNotFoundException
                || why instanceof IntegrityException
                || why instanceof FormatException;
    }

    private boolean fits(StoredRecord record) {
        CommonPart common = record.common();
        return common.name().equals(shown.name())
                && revision.equals(UnprovenRecords.revisionText(common))
                && common.placement().dataSlices() == layout.profile().dataSlices();
    }
}
