package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.object.ObjectStore.GarbageListener;
import io.slicekeep.object.ObjectStore.GarbageReport;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.MergedListing;
import io.slicekeep.record.PlacedBlob;
import io.slicekeep.record.Reasons;
import io.slicekeep.register.RegisterScan;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One pass of a collector over a namespace whose heads are registers. The listings of slices and of registers run in the same
 * order, so that what no head names is seen by walking both; of such names the registers are read, and what is unreached for
 * long enough is deleted. Names are taken in batches, so that memory is bounded and each batch is waited for once. Confined to
 * one thread; any number of collectors may run beside each other, and beside everybody else.
 */
final class RegisterGarbage {
    private static final int BATCH_NAMES = 50_000;

    private final RegisterNamespace namespace;
    private final GarbageListener listener;
    private final UnreachedSlices unreached;
    private final Map<String, String> pending = new TreeMap<>();
    private final MergedListing slices;
    private final RegisterScan registers;
    private RegisterScan.@Nullable Entry register;
    private long deleted;

    RegisterGarbage(RegisterNamespace namespace, GarbageListener listener) {
        this.namespace = namespace;
        this.listener = listener;
        this.unreached = new UnreachedSlices(namespace);
        this.slices = new MergedListing(
                namespace.layout().sites(),
                namespace.format().slices(),
                key -> namespace.format().nameOfSlice(key).map(namespace.format()::slicesOf),
                new MergedListing.Wanted(sites -> !sites.isEmpty(), "1", "list slices"),
                namespace.facilities().means());
        this.registers = new RegisterScan(
                namespace.layout(),
                namespace.registerFormat(),
                "",
                Certainty.PROVEN,
                namespace.facilities().means());
    }

    GarbageReport run() throws IOException {
        register = registers.next();
        Map<EncodedName, Set<PlacedBlob>> batch = next();
        while (!batch.isEmpty()) {
            Duration wait = namespace.facilities().timing().deadline();
            listener.waits(wait, batch.size());
            namespace.tasks().pause(wait);
            for (Map.Entry<EncodedName, Set<PlacedBlob>> each : batch.entrySet()) {
                delete(unreached.gone(each.getKey(), each.getValue()));
            }
            batch = next();
        }
        return new GarbageReport(0, deleted, 0, pending);
    }

    /** Counts what {@link #run} would delete, waits for nobody and deletes nothing. */
    GarbageReport preview() throws IOException {
        register = registers.next();
        Map<EncodedName, Set<PlacedBlob>> batch = next();
        while (!batch.isEmpty()) {
            for (Map.Entry<EncodedName, Set<PlacedBlob>> each : batch.entrySet()) {
                unreached.gone(each.getKey(), each.getValue()).values().forEach(keys -> deleted += keys.size());
            }
            batch = next();
        }
        return new GarbageReport(0, deleted, 0, pending);
    }

    /** Returns the next names that have slices which their heads do not name, and those blobs. */
    private Map<EncodedName, Set<PlacedBlob>> next() throws IOException {
        Map<EncodedName, Set<PlacedBlob>> batch = new LinkedHashMap<>();
        MergedListing.Group group;
        while (batch.size() < BATCH_NAMES && (group = slices.next()) != null) {
            EncodedName name = namespace.format().nameOfSlice(group.first()).orElseThrow();
            Optional<HeadValue> head = headOf(name);
            boolean reached = blobs(name, group)
                    .allMatch(blob -> head.filter(value -> value.names(blob)).isPresent());
            Set<PlacedBlob> found = reached ? Set.of() : unreached.seen(name);
            if (!found.isEmpty()) {
                batch.put(name, found);
            }
        }
        return batch;
    }

    private Stream<PlacedBlob> blobs(EncodedName name, MergedListing.Group group) {
        return group.keys().values().stream()
                .flatMap(List::stream)
                .flatMap(key -> namespace.format().placedBlob(name, key).stream());
    }

    /** Goes on to a name in the listing of registers, and returns the head that it shows there. */
    private Optional<HeadValue> headOf(EncodedName name) throws IOException {
        while (register != null && order(register.id().value()).compareTo(order(name.value())) < 0) {
            register = registers.next();
        }
        if (register == null || !register.id().value().equals(name.value())) {
            return Optional.empty();
        }
        HeadValue head = HeadValue.parse(register.note());
        return Optional.of(head).filter(value -> !value.isTombstone());
    }

    /** In keys the separator follows the name, and sorts below every character of one. */
    private static String order(String name) {
        return name + "!";
    }

    private void delete(Map<Integer, List<BlobKey>> doomed) throws IOException {
        Map<Integer, IOException> kept = Deletion.run(namespace, doomed);
        kept.forEach((site, failure) ->
                pending.put(namespace.layout().sites().get(site).name(), Reasons.of(failure)));
        doomed.forEach((site, keys) -> deleted += kept.containsKey(site) ? 0 : keys.size());
    }
}
