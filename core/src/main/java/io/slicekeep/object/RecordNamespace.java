package io.slicekeep.object;

import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.record.InlineCode;
import io.slicekeep.record.RecordFormat;
import io.slicekeep.record.Records;
import java.io.IOException;

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

    @Override
    public InlineCode inlineCode(int dataSlices) {
        return records.inlineCode(dataSlices);
    }

    @Override
    public boolean sitesCopy() {
        return layout.sites().stream().allMatch(site -> site.store() instanceof CopyingBlobStore);
    }
}
