package io.slicekeep.testkit.simulator;

import io.slicekeep.object.NamespaceMode;
import io.slicekeep.testkit.simulator.Violation.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the sites still hold, judged by their keys alone: what they are for is written there (docs/FORMAT.md 7). */
final class Remains {
    private static final int VERSION_CHARACTERS = 27;

    private final Run run;
    private final FaultBudget budget;

    Remains(Run run, FaultBudget budget) {
        this.run = run;
        this.budget = budget;
    }

    /** Requires that nothing is left of what was shredded, at sites that never lied and are not lost. */
    void requireShredded() {
        if (run.mode() == NamespaceMode.CONDITIONAL) {
            requireNoSlices();
            return;
        }
        for (SimulatedSite site : honest()) {
            objects(site).forEach(key -> requireNewest(key, site));
        }
    }

    /**
     * Requires that no version is left beneath one that stands on W sites; and, if no site is lost, no slice that no record names at
     * any site, nor of two placements: the slices of a put that came to no record are collected only with all sites there.
     */
    void requireCollected() {
        Map<String, String> standing = standing();
        Set<String> named = versions();
        boolean complete =
                run.mode() == NamespaceMode.LWW && run.keep().members().stream().noneMatch(SimulatedSite::isLost);
        for (SimulatedSite site : honest()) {
            Map<String, String> placements = new HashMap<>();
            objects(site).forEach(key -> {
                String stands = standing.get(name(key));
                boolean recorded = named.contains(name(key) + "!" + version(key));
                if (recorded && stands != null && version(key).compareTo(stands) > 0) {
                    throw garbage(site, key, "beneath " + stands);
                }
                if (complete && !recorded) {
                    throw garbage(site, key, "that no record names");
                }
                if (complete && key.contains("/b/")) {
                    String other = placements.putIfAbsent(name(key) + "!" + version(key), placement(key));
                    if (other != null && !other.equals(placement(key))) {
                        throw garbage(site, key, "beside placement " + other);
                    }
                }
            });
        }
    }

    /** Beside registers nothing stands but slices, and a shred deletes all that no head names. */
    private void requireNoSlices() {
        for (SimulatedSite site : honest()) {
            objects(site).forEach(key -> {
                throw new Violation(Promise.NO_GARBAGE, site.name() + " still holds " + key);
            });
        }
    }

    private static Violation garbage(SimulatedSite site, String key, String why) {
        return new Violation(Promise.NO_GARBAGE, site.name() + " still holds " + key + " " + why);
    }

    /** Returns the versions of all names that any record is of. */
    private Set<String> versions() {
        return run.keep().members().stream()
                .flatMap(site -> site.blobs().keySet().stream())
                .filter(key -> key.contains("/h/"))
                .map(key -> name(key) + "!" + version(key))
                .collect(Collectors.toSet());
    }

    private List<SimulatedSite> honest() {
        return run.keep().members().stream()
                .filter(site -> !budget.liars().contains(site.index()) && !site.isLost())
                .toList();
    }

    /** Registers have values of their own beneath their newest. */
    private static Stream<String> objects(SimulatedSite site) {
        return site.blobs().keySet().stream().filter(key -> key.contains("/h/") || key.contains("/b/"));
    }

    /** Returns the newest version of each name that stands on W sites. */
    private Map<String, String> standing() {
        Map<String, Map<String, Integer>> sites = new HashMap<>();
        for (SimulatedSite site : run.keep().members()) {
            NavigableSet<String> versions = new TreeSet<>();
            site.blobs().keySet().stream()
                    .filter(key -> key.contains("/h/"))
                    .forEach(key -> versions.add(name(key) + "!" + version(key)));
            versions.forEach(both -> {
                int at = both.indexOf('!');
                sites.computeIfAbsent(both.substring(0, at), name -> new TreeMap<>())
                        .merge(both.substring(at + 1), 1, Integer::sum);
            });
        }
        Map<String, String> standing = new HashMap<>();
        sites.forEach((name, versions) -> versions.entrySet().stream()
                .filter(entry -> entry.getValue() >= run.keep().profile().writeQuorum())
                .findFirst()
                .ifPresent(newest -> standing.put(name, newest.getKey())));
        return standing;
    }

    /** Slices that are newer than the tombstone are those of a put that ended before its record: the collector's. */
    private static void requireNewest(String key, SimulatedSite site) {
        int version = key.indexOf('!') + 1;
        String heads = key.substring(0, version).replace("/b/", "/h/");
        String newest = site.blobs().ceilingKey(heads);
        boolean record = key.contains("/h/");
        boolean garbage = newest != null
                && newest.startsWith(heads)
                && (record
                        ? !version(newest).equals(version(key))
                        : version(key).compareTo(version(newest)) > 0);
        if (garbage) {
            throw garbage(site, key, "beneath " + newest);
        }
    }

    /** Returns what the keys of a name's records and slices have in common. */
    private static String name(String key) {
        int version = key.indexOf('!');
        return version < 0 ? key : key.substring(0, version).replace("/b/", "/h/");
    }

    /** Returns what tells in which placement of its version a slice is. */
    private static String placement(String key) {
        int dot = key.lastIndexOf('.');
        return key.substring(dot + 1, key.indexOf('/', dot));
    }

    /** Returns counter and writer. They are written inversely: what sorts later is older. */
    private static String version(String key) {
        int version = key.indexOf('!') + 1;
        return key.substring(version, Math.min(key.length(), version + VERSION_CHARACTERS));
    }
}
