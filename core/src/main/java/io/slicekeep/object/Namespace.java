package io.slicekeep.object;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.Placement;
import io.slicekeep.record.RecordFormat;
import io.slicekeep.record.Records;
import io.slicekeep.record.Target;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;

/**
 * What all operations on the objects of one namespace share.
 *
 * @param layout where its data lies
 * @param format how its records are keyed and written
 * @param records its records
 * @param facilities what it works with
 */
record Namespace(Layout layout, RecordFormat format, Records records, Facilities facilities) {
    Target target(ObjectName name) {
        return new Target(format.names().encode(name.bytes()), "object " + name);
    }

    /** Returns how new blobs are placed. */
    Placement placement() {
        return new Placement(0, layout.profile().dataSlices(), layout.profile().paritySlices(), layout.epoch());
    }

    Tasks tasks() {
        return facilities.tasks();
    }

    RandomSource random() {
        return facilities.random();
    }

    static Certainty certainty(Freshness freshness) {
        return freshness == Freshness.PROVEN ? Certainty.PROVEN : Certainty.POSSIBLY_STALE;
    }
}
