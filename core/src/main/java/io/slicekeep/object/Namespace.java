package io.slicekeep.object;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.InlineCode;
import io.slicekeep.record.Placement;
import io.slicekeep.record.Reasons;
import io.slicekeep.record.RecordFormat;
import io.slicekeep.record.Target;
import io.slicekeep.site.Site;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What all operations on the objects of one namespace share, whatever its mode, each under one layout. Immutable. */
interface Namespace {
    /** Tells which layout holds now. */
    Layouts layouts();

    /** Returns where its data lies. */
    Layout layout();

    /** Returns the namespace under another layout. */
    Namespace under(Layout now);

    /** Returns the namespace under the layout that holds now. */
    default Namespace confirmed() throws IOException {
        return under(layouts().confirmed());
    }

    /** Returns the namespace under the newest layout that is known. */
    default Namespace latest() {
        return under(layouts().latest());
    }

    /** Tells whether no newer layout holds. */
    default boolean isConfirmed() throws IOException {
        return confirmed().agreesWith(this);
    }

    /** Tells whether another one is of the same epoch: what was seen and done under it is right here too. */
    default boolean agreesWith(Namespace other) {
        return layout().epoch() == other.layout().epoch();
    }

    /** Requires that no newer layout holds, before something is deleted for what was seen. */
    default void requireConfirmed() throws IOException {
        if (!isConfirmed()) {
            throw new UnavailableException("the sites of the keep have changed meanwhile: repeat it");
        }
    }

    /** Returns how its heads and slices are keyed and written. */
    RecordFormat format();

    /** Returns where its heads stand. */
    Heads heads();

    /** Returns how inline objects of some k are sliced. */
    InlineCode inlineCode(int dataSlices);

    /** Returns what it works with. */
    Facilities facilities();

    /** Returns what keeps its objects whole. */
    Upkeep upkeep(Memory memory);

    /**
     * Returns the namespace as it is when no put of a former k comes any more. A put that changes a register meets the profile of now
     * there.
     */
    default Namespace afterFormerPuts(NamespaceObjects.FillListener listener) throws IOException {
        return this;
    }

    /** Tells whether copies are made by the sites themselves, and then share a data key. */
    boolean sitesCopy();

    default Target target(ObjectName name) {
        return new Target(format().names().encode(name.bytes()), "object " + name);
    }

    /** Returns how new blobs are placed. */
    default Placement placement() {
        return new Placement(0, layout().dataSlices(), layout().epoch());
    }

    /** Returns what is wrong at sites, for people: the names of the sites, and why. */
    default Map<String, String> byName(Map<Integer, IOException> sites) {
        Map<String, String> byName = new TreeMap<>();
        sites.forEach((index, failure) -> byName.put(layout().sites().get(index).name(), Reasons.of(failure)));
        return byName;
    }

    /** Returns how many different slices lie at the other sites. */
    default int slicesBesides(Set<Integer> sites) {
        return layout().sliceCount(layout().sites().stream()
                .map(Site::index)
                .filter(site -> !sites.contains(site))
                .toList());
    }

    default Tasks tasks() {
        return facilities().tasks();
    }

    default RandomSource random() {
        return facilities().random();
    }

    /** Returns what a reader insists on. Where another layout may hold, what stands on too few sites is left as it is. */
    default Certainty certainty(Freshness freshness) {
        if (freshness == Freshness.PROVEN) {
            return Certainty.PROVEN;
        }
        return layouts().holds(layout()) ? Certainty.POSSIBLY_STALE : Certainty.UNTOUCHED;
    }

    /**
     * Tells whether what this layout's sites prove is so, since no other layout holds, as far as that can be told. What insists
     * on proof is confirmed by whoever would repeat it.
     */
    default boolean isProof(Certainty certainty) throws IOException {
        try {
            return certainty == Certainty.PROVEN || isConfirmed();
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return false;
        }
    }
}
