package io.slicekeep.scrub;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.record.EncodedName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the sites list of one name, read off the keys alone. Confined to one thread at a time. */
final class ShownName {
    /** Counter, writer, generation; attempt; hints. What else stands there is no record. */
    private static final Pattern RECORD = Pattern.compile("([0-9A-Z_a-z~]{29})[0-9A-Z_a-z~]{3}![0-9A-Z_a-z~]{51}");

    private static final Pattern SLICE = Pattern.compile("([0-9A-Z_a-z~]{27})\\.[0-9A-Z_a-z~]{2}/\\d{1,3}");
    private static final int VERSION_LENGTH = 27;

    private final EncodedName name;

    /** Revision text, newest first, to the copies' keys by site. */
    private final Map<String, Map<Integer, BlobKey>> records = new TreeMap<>();

    private final Map<Integer, Set<BlobKey>> slices = new TreeMap<>();
    private final NavigableSet<String> sliceVersions = new TreeSet<>();

    ShownName(EncodedName name) {
        this.name = name;
    }

    EncodedName name() {
        return name;
    }

    void add(int site, List<BlobKey> recordKeys, List<BlobKey> sliceKeys) {
        for (BlobKey key : recordKeys) {
            Matcher record = RECORD.matcher(rest(key));
            if (record.matches()) {
                records.computeIfAbsent(record.group(1), revision -> new TreeMap<>())
                        .putIfAbsent(site, key);
            }
        }
        Set<BlobKey> own = slices.computeIfAbsent(site, index -> new HashSet<>());
        for (BlobKey key : sliceKeys) {
            Matcher slice = SLICE.matcher(rest(key));
            if (slice.matches()) {
                own.add(key);
                sliceVersions.add(slice.group(1));
            }
        }
    }

    /** Returns the revisions that are listed, newest first, as text. */
    List<String> revisions() {
        return List.copyOf(records.keySet());
    }

    /** Returns the key of the copy of a revision at each site that lists one. */
    Map<Integer, BlobKey> copies(String revision) {
        return records.getOrDefault(revision, Map.of());
    }

    boolean holds(int site, BlobKey slice) {
        return slices.getOrDefault(site, Set.of()).contains(slice);
    }

    /** Tells whether any site lists a slice that belongs to a revision. */
    boolean isSliced(String revision) {
        return sliceVersions.contains(version(revision));
    }

    /** Returns how many blobs are listed that belong to no revision that is. */
    long unreached() {
        Set<String> reached = new HashSet<>();
        records.keySet().forEach(revision -> reached.add(version(revision)));
        return sliceVersions.stream()
                .filter(version -> !reached.contains(version))
                .count();
    }

    /** Returns the sites that list a slice of a revision. */
    Set<Integer> sitesWithSlices(String revision) {
        Set<Integer> sites = new TreeSet<>();
        slices.forEach((site, keys) -> {
            if (keys.stream().anyMatch(key -> rest(key).startsWith(version(revision)))) {
                sites.add(site);
            }
        });
        return sites;
    }

    private static String version(String revision) {
        return revision.substring(0, VERSION_LENGTH);
    }

    private static String rest(BlobKey key) {
        return key.value().substring(key.value().indexOf('!') + 1);
    }
}
