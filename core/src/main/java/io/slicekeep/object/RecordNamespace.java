package io.slicekeep.object;

import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.record.Current;
import io.slicekeep.record.FormerSlicesException;
import io.slicekeep.record.InlineCode;
import io.slicekeep.record.RecordFormat;
import io.slicekeep.record.Records;
import io.slicekeep.record.Target;
import java.io.IOException;
import java.util.Optional;

/**
 * A namespace in which the last writer wins: its heads are records.
 *
 * @param layouts tells which layout holds now
 * @param layout where its data lies
 * @param format how its records are keyed and written
 * @param records its records
 * @param facilities what it works with
 */
record RecordNamespace(Layouts layouts, Layout layout, RecordFormat format, Records records, Facilities facilities)
        implements Namespace {
    @Override
    public RecordNamespace under(Layout now) {
        return now.equals(layout) ? this : new RecordNamespace(layouts, now, format, records.under(now), facilities);
    }

    @Override
    public RecordNamespace confirmed() throws IOException {
        return under(layouts.confirmed());
    }

    @Override
    public Upkeep upkeep(Memory memory) {
        return new RecordUpkeep(this, memory);
    }

    @Override
    public Heads heads() {
        return new RecordHeads(this);
    }

    /** How records are read. */
    interface Read {
        Current from(Records records) throws IOException;
    }

    /** Reads a name. What is of a former k and stands on too few sites is sliced anew before it is returned. */
    Current read(Target target, Read read) throws IOException {
        try {
            return read.from(records);
        } catch (FormerSlicesException e) {
            reslice(target);
            return read.from(records);
        }
    }

    /** Slices the newest version of a name anew, if it is of a former k. */
    void reslice(Target target) throws IOException {
        try (Current current = records.readReslicable(target)) {
            Optional<Current.Value> former =
                    current.found().filter(value -> value.hints().isFormer(layout));
            if (former.isPresent()) {
                Reslicing.Head next = new Reslicing(this, former.get()).run();
                requireConfirmed();
                records.succeed(target, former.get().revision(), next.records(), next.hints());
            }
        }
    }

    @Override
    public Namespace afterFormerPuts(NamespaceObjects.FillListener listener) throws IOException {
        return layout.reslices() ? FormerPuts.outwaited(this, listener) : this;
    }

    @Override
    public InlineCode inlineCode(int dataSlices) {
        return records.inlineCode(dataSlices);
    }

    @Override
    public boolean sitesCopy() {
        return layout.sites().stream().allMatch(site -> site.store() instanceof CopyingBlobStore);
    }
}
