package io.slicekeep.erasure;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.DispersedSink;
import io.slicekeep.dispersal.Doubt;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.erasure.slice.AgreedBlob;
import io.slicekeep.erasure.slice.Blame;
import io.slicekeep.erasure.slice.ProvenBlob;
import io.slicekeep.erasure.slice.SliceCheck;
import io.slicekeep.erasure.slice.SliceInspector;
import io.slicekeep.erasure.slice.SlicedSink;
import io.slicekeep.erasure.slice.SlicedSource;
import io.slicekeep.erasure.slice.Workshop;
import io.slicekeep.site.Site;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Disperses blobs as slices of docs/FORMAT.md section 5. Thread-safe. Memory is pooled: two stripes for each sink, and for each
 * source up to two that are being read, whatever the length of the blob; what is idle is bounded.
 */
public final class SlicedDispersal implements Dispersal {
    private final Workshop workshop;
    private final Map<Shape, ErasureCode> codes = new ConcurrentHashMap<>();

    /**
     * Creates a dispersal with the default patience.
     *
     * @param tasks forks and waits; closing it is its creator's affair
     */
    public SlicedDispersal(Tasks tasks) {
        this(tasks, Patience.DEFAULT);
    }

    /**
     * Creates a dispersal.
     *
     * @param tasks forks and waits; closing it is its creator's affair
     * @param patience how long it waits for sites
     */
    public SlicedDispersal(Tasks tasks, Patience patience) {
        this.workshop = new Workshop(tasks, patience);
    }

    @Override
    public ErasureCode code(int dataCells, int parityCells) {
        return codes.computeIfAbsent(
                new Shape(dataCells, parityCells), shape -> ErasureCodes.cauchy(shape.dataCells, shape.parityCells));
    }

    @Override
    public DispersedSink create(Spread spread) throws IOException {
        return SlicedSink.create(workshop, spread, code(spread));
    }

    @Override
    public DispersedSink createShared(Spread spread) throws IOException {
        return SlicedSink.createShared(workshop, spread, code(spread));
    }

    @Override
    public BlobSource openProven(Spread spread, long lengthBytes, Doubt.Judge judge) {
        return ProvenBlob.open(workshop, spread, code(spread), lengthBytes, judge);
    }

    @Override
    public BlobSource open(Spread spread, long lengthBytes) throws IOException {
        return SlicedSource.open(workshop, spread, code(spread), lengthBytes);
    }

    @Override
    public Map<Integer, IOException> inspect(Spread spread, long lengthBytes) throws IOException {
        Set<Integer> all = spread.sites().stream().map(Site::index).collect(Collectors.toSet());
        return inspect(spread, lengthBytes, new SliceInspector.Order(all, null));
    }

    @Override
    public Map<Integer, IOException> inspect(Spread spread, long lengthBytes, Set<Integer> suspects, Doubt.Judge judge)
            throws IOException {
        return inspect(spread, lengthBytes, new SliceInspector.Order(suspects, judge));
    }

    private Map<Integer, IOException> inspect(Spread spread, long lengthBytes, SliceInspector.Order order)
            throws IOException {
        return SliceInspector.inspect(workshop, spread, code(spread), lengthBytes, order);
    }

    @Override
    public Map<Integer, IOException> blame(Spread spread, long lengthBytes, Doubt doubt) throws IOException {
        return Blame.find(workshop, spread, code(spread), lengthBytes, doubt);
    }

    @Override
    public void check(Spread spread, long lengthBytes, int siteIndex, Meter meter) throws IOException {
        new SliceCheck(workshop, spread, siteIndex, lengthBytes).run(meter);
    }

    @Override
    public Map<Integer, IOException> restore(Spread spread, long lengthBytes, Set<Integer> lacking) throws IOException {
        try (BlobSource agreed = AgreedBlob.open(workshop, others(spread, lacking), code(spread), lengthBytes)) {
            return put(agreed, spread, lacking);
        }
    }

    @Override
    public Map<Integer, IOException> rebuild(Spread spread, long lengthBytes, Set<Integer> lacking, Doubt.Judge judge)
            throws IOException {
        try (BlobSource proven = openProven(others(spread, lacking), lengthBytes, judge)) {
            return put(proven, spread, lacking);
        }
    }

    private static Spread others(Spread spread, Set<Integer> lacking) {
        return spread.without(lacking, "its slice is being rebuilt");
    }

    private Map<Integer, IOException> put(BlobSource blob, Spread spread, Set<Integer> lacking) throws IOException {
        try (DispersedSink sink = SlicedSink.create(workshop, spread, code(spread), lacking)) {
            blob.transferTo(sink);
            sink.commit();
            return sink.failures();
        }
    }

    /** Returns how many pieces of pooled memory are held by sinks, sources and their tasks. */
    int heldLeases() {
        return workshop.lent();
    }

    private ErasureCode code(Spread spread) {
        return code(spread.dataSlices(), spread.layout().cells() - spread.dataSlices());
    }

    private record Shape(int dataCells, int parityCells) {}
}
