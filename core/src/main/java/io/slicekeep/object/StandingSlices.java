package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.PlacedBlob;
import io.slicekeep.record.SiteKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The slices of one name, of whatever version and placement, that sites list. Immutable. */
final class StandingSlices {
    private final Map<Integer, Map<BlobKey, PlacedBlob>> sites;
    private final Map<Integer, IOException> failures;

    private StandingSlices(Map<Integer, Map<BlobKey, PlacedBlob>> sites, Map<Integer, IOException> failures) {
        this.sites = sites;
        this.failures = failures;
    }

    /** Lists them at all sites. */
    static StandingSlices of(Namespace namespace, EncodedName name) throws IOException {
        KeyPrefix prefix = namespace.format().slicesOf(name);
        Answers<List<BlobKey>> answers = Answers.of(namespace, site -> SiteKeys.of(site, prefix));
        Map<Integer, Map<BlobKey, PlacedBlob>> sites = new TreeMap<>();
        answers.given().forEach((site, keys) -> {
            Map<BlobKey, PlacedBlob> blobs = new TreeMap<>();
            keys.forEach(key -> namespace.format().placedBlob(name, key).ifPresent(blob -> blobs.put(key, blob)));
            sites.put(site, blobs);
        });
        return new StandingSlices(sites, answers.failures());
    }

    /** Returns the blobs of which any site lists a slice. */
    Set<PlacedBlob> blobs() {
        return sites.values().stream().flatMap(blobs -> blobs.values().stream()).collect(Collectors.toSet());
    }

    /** Returns the keys of blobs at each site that lists any. */
    Map<Integer, List<BlobKey>> of(Set<PlacedBlob> blobs) {
        Map<Integer, List<BlobKey>> keys = new TreeMap<>();
        sites.forEach((site, found) -> found.forEach((key, blob) -> {
            if (blobs.contains(blob)) {
                keys.computeIfAbsent(site, index -> new ArrayList<>()).add(key);
            }
        }));
        return keys;
    }

    /** Returns the sites that do not list their slice of a blob, and why. */
    Map<Integer, IOException> lacking(Spread spread) {
        Map<Integer, IOException> lacking = new TreeMap<>(failures);
        sites.forEach((site, found) -> {
            if (!found.containsKey(spread.sliceKey(site))) {
                lacking.put(site, new BlobNotFoundException("has no slice of it"));
            }
        });
        return lacking;
    }

    /** Returns why the sites that did not answer did not. */
    Map<Integer, IOException> failures() {
        return failures;
    }
}
