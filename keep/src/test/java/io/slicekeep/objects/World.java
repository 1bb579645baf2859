package io.slicekeep.objects;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.erasure.SlicedDispersal;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.object.Facilities;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.site.Site;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;
import io.slicekeep.testkit.SeededRandom;
import java.util.ArrayList;
import java.util.List;

/** Stores as the sites of one namespace, opened as often as a test wants. */
final class World {
    private static final byte[] NAMESPACE_ID = new byte[16];
    private static final long NAMESPACE_SEED = 7;

    private final Layout layout;
    private final OpenSecret secret = OpenSecret.random(KeyContext.EMPTY, new SeededRandom(NAMESPACE_SEED));

    World(Profile profile, List<? extends BlobStore> stores) {
        this(profile, stores, 1);
    }

    World(Profile profile, List<? extends BlobStore> stores, long epoch) {
        List<Site> sites = new ArrayList<>();
        for (int i = 0; i < profile.sites(); i++) {
            sites.add(new Site(i, Character.toString('a' + i), stores.get(i)));
        }
        layout = new Layout(profile, sites, epoch);
    }

    /** Site b leaves, and the last of n + 1 stores takes its place. */
    World(Profile profile, List<? extends BlobStore> stores, Departure departure) {
        int coming = profile.sites();
        String name = Character.toString('a' + coming);
        layout = new World(profile, stores).layout.joint(1, departure, name, stores.get(coming), 2);
    }

    Layout layout() {
        return layout;
    }

    /** Opens the namespace as one process does. */
    NamespaceObjects open(Tasks tasks, RandomSource random, Timing timing) {
        SlicedDispersal dispersal = new SlicedDispersal(tasks, timing.patience());
        return NamespaceObjects.open(layout, NAMESPACE_ID, secret, new Facilities(dispersal, tasks, random, timing));
    }

    NamespaceObjects open(Tasks tasks) {
        return open(tasks, RandomSource.secure(), new Timing(Timing.DEFAULT.deadline(), Patience.DEFAULT));
    }
}
