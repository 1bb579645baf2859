package io.slicekeep.objects;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.dispersal.Leaving;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.erasure.SlicedDispersal;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.object.Facilities;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.site.Site;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;
import io.slicekeep.testkit.SeededRandom;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Stores as the sites of one namespace, opened as often as a test wants; site b may be replaced, or one added, while it is open. */
final class World implements Layouts {
    private static final byte[] NAMESPACE_ID = new byte[16];
    private static final long NAMESPACE_SEED = 7;
    private static final int LEAVING = 1;

    private final OpenSecret secret = OpenSecret.random(KeyContext.EMPTY, new SeededRandom(NAMESPACE_SEED));
    private final NamespaceMode mode;
    private volatile Layout layout;
    private int untilMeanwhile;
    private Runnable meanwhile = () -> {};
    private final AtomicInteger confirmations = new AtomicInteger(Integer.MAX_VALUE);

    World(Profile profile, List<? extends BlobStore> stores) {
        this(profile, stores, NamespaceMode.LWW);
    }

    World(Profile profile, List<? extends BlobStore> stores, NamespaceMode mode) {
        this.mode = mode;
        List<Site> sites = new ArrayList<>();
        for (int i = 0; i < profile.sites(); i++) {
            sites.add(new Site(i, name(i), stores.get(i)));
        }
        layout = new Layout(profile, sites, 1);
    }

    private static String name(int site) {
        return Character.toString('a' + site);
    }

    Layout layout() {
        return layout;
    }

    @Override
    public Layout confirmed() throws UnavailableException {
        if (confirmations.getAndDecrement() <= 0) {
            throw new UnavailableException("nobody confirms it");
        }
        Layout confirmed = layout;
        if (--untilMeanwhile == 0) {
            meanwhile.run();
        }
        return confirmed;
    }

    /** What happens while whoever asks does not know it yet. */
    interface Meanwhile {
        void happens() throws IOException;
    }

    /** Something happens just after a confirmation, the first from now on if the number is 1. */
    void meanwhile(int number, Meanwhile what) {
        untilMeanwhile = number;
        meanwhile = () -> {
            try {
                what.happens();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** Nobody can tell whether another layout holds, after so many times. */
    void confirmsOnly(int times) {
        confirmations.set(times);
    }

    @Override
    public Layout latest() {
        return layout;
    }

    @Override
    public boolean holds(Layout known) {
        return confirmations.get() > 0 && known.epoch() == layout.epoch();
    }

    /** Begins to replace site b by one more. */
    void join(Departure departure, BlobStore coming) {
        Layout old = layout;
        layout = old.joint(LEAVING, departure, name(old.profile().sites()), coming, old.epoch() + 1);
    }

    /** Begins to add a site, with a slice of its own. */
    void grow(BlobStore coming) {
        Layout old = layout;
        int sites = old.profile().sites();
        Profile next = old.profile().ofParity(old.profile().paritySlices() + 1);
        Site site = new Site(sites, name(sites), coming);
        layout = old.joint(next, Optional.empty(), Optional.of(site), old.epoch() + 1);
    }

    /** Begins to change the profile while the sites stay. */
    void reshape(Profile next) {
        Layout old = layout;
        layout = old.joint(next, Optional.empty(), Optional.empty(), old.epoch() + 1);
    }

    /** Ends that. */
    void settle(Profile next) {
        Layout joint = layout;
        layout = new Layout(next, joint.sites(), joint.epoch() + 1);
    }

    /** Begins to replace site b, which was lost while the profile was being changed. */
    void rescue(Profile next, BlobStore coming) {
        Layout old = layout;
        int sites = old.profile().sites();
        Layout members = new Layout(old.profile(), old.sites(), old.epoch());
        Site site = new Site(sites, LEAVING, name(sites), coming);
        layout = members.joint(
                next, Optional.of(new Leaving(LEAVING, Departure.LOST)), Optional.of(site), old.epoch() + 1);
    }

    /** Ends the replacement: the site that came is b now. */
    void release() {
        release(layout.profile());
    }

    /** Ends the replacement, and another change with it. */
    void release(Profile next) {
        Layout joint = layout;
        int coming = joint.profile().sites();
        List<Site> sites = new ArrayList<>(joint.sites().subList(0, coming));
        sites.set(LEAVING, sites.get(LEAVING).at(joint.sites().get(coming).store()));
        layout = new Layout(next, sites, joint.epoch() + 1);
    }

    /** Opens the namespace as one process does. */
    NamespaceObjects open(Tasks tasks, RandomSource random, Timing timing) {
        SlicedDispersal dispersal = new SlicedDispersal(tasks, timing.patience());
        Facilities facilities = new Facilities(dispersal, tasks, random, timing);
        return mode == NamespaceMode.LWW
                ? NamespaceObjects.open(this, NAMESPACE_ID, secret, facilities)
                : NamespaceObjects.openConditional(this, NAMESPACE_ID, secret, facilities);
    }

    NamespaceObjects open(Tasks tasks) {
        return open(tasks, RandomSource.secure(), new Timing(Timing.DEFAULT.deadline(), Patience.DEFAULT));
    }
}
