package io.slicekeep.object;

import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.record.Content;
import io.slicekeep.record.Current;
import io.slicekeep.record.Inventory;
import io.slicekeep.record.Records.BadCopy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is wrong with the copies of one version of an object.
 *
 * @param records the sites without a good record of it, and why
 * @param copies the bad records, of these sites and beside good ones
 * @param slices the sites without a good slice of it beside the record, and why; empty if its slices stand in the records
 */
record Damage(Map<Integer, IOException> records, List<BadCopy> copies, Map<Integer, IOException> slices) {
    /** Finds out, from what the sites list or from all that they hold. Sites out of reach count as damaged. */
    static Damage of(RecordNamespace namespace, Current.Value value, Inventory inventory, Depth depth)
            throws IOException {
        List<BadCopy> copies =
                depth == Depth.DEEP ? namespace.records().verify(inventory, value.revision()) : List.of();
        Map<Integer, IOException> records = new TreeMap<>(inventory.failures());
        inventory.sites().forEach((index, atSite) -> {
            List<BadCopy> bad =
                    copies.stream().filter(copy -> copy.site() == index).toList();
            if (bad.size() == atSite.attemptsAt(value.revision()).size()) {
                records.put(
                        index,
                        bad.isEmpty()
                                ? new BlobNotFoundException("has no record of it")
                                : bad.get(0).why());
            }
        });
        boolean sliced = value.record().stored().common().content() instanceof Content.Sliced;
        return new Damage(records, copies, sliced ? slices(namespace, value, inventory, depth) : Map.of());
    }

    private static Map<Integer, IOException> slices(
            RecordNamespace namespace, Current.Value value, Inventory inventory, Depth depth) throws IOException {
        SlicedBlob blob = SlicedBlob.of(namespace, value);
        Spread spread = blob.spread();
        if (depth == Depth.DEEP) {
            return blob.inspect(value.record().secret());
        }
        return unlisted(spread, inventory);
    }

    /** Returns the sites that do not list their slice of a blob, and why. */
    static Map<Integer, IOException> unlisted(Spread spread, Inventory inventory) {
        Map<Integer, IOException> slices = new TreeMap<>(inventory.failures());
        inventory.sites().forEach((index, atSite) -> {
            if (!atSite.slices().contains(spread.sliceKey(index))) {
                slices.put(index, new BlobNotFoundException("has no slice of it"));
            }
        });
        return slices;
    }

    /** Returns the sites that lack something, and why. */
    Map<Integer, IOException> sites() {
        Map<Integer, IOException> sites = new TreeMap<>(slices);
        sites.putAll(records);
        return sites;
    }
}
