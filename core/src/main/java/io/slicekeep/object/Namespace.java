package io.slicekeep.object;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.Placement;
import io.slicekeep.record.RecordFormat;
import io.slicekeep.record.Records;
import io.slicekeep.record.Target;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;
import java.io.IOException;

/**
 * What all operations on the objects of one namespace share, each under one layout.
 *
 * @param layouts tells which layout holds now
 * @param layout where its data lies
 * @param format how its records are keyed and written
 * @param records its records
 * @param facilities what it works with
 */
record Namespace(Layouts layouts, Layout layout, RecordFormat format, Records records, Facilities facilities) {
    /** Returns the namespace under the layout that holds now. */
    Namespace confirmed() throws IOException {
        return under(layouts.confirmed());
    }

    /** Returns the namespace under the newest layout that is known. */
    Namespace latest() {
        return under(layouts.latest());
    }

    /** Returns the namespace under a layout. */
    Namespace under(Layout now) {
        return now.equals(layout) ? this : new Namespace(layouts, now, format, records.under(now), facilities);
    }

    /** Tells whether no newer layout holds. */
    boolean isConfirmed() throws IOException {
        return confirmed().agreesWith(this);
    }

    /** Tells whether another one is of the same epoch: what was seen and done under it is right here too. */
    boolean agreesWith(Namespace other) {
        return layout.epoch() == other.layout.epoch();
    }

    /** Requires that no newer layout holds, before something is deleted for what was seen. */
    void requireConfirmed() throws IOException {
        if (!isConfirmed()) {
            throw new UnavailableException("the sites of the keep have changed meanwhile: repeat it");
        }
    }

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
