package io.slicekeep;

import io.slicekeep.Keep.ChangeListener;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.membership.Membership;
import io.slicekeep.membership.MembershipChange;
import io.slicekeep.membership.NamespaceEntry;
import io.slicekeep.membership.Order;
import io.slicekeep.membership.Standing;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.store.DirectoryStore;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Changes which sites a keep has, with all that it has. */
final class SiteChange {
    private final Path keepFile;
    private final KeepOptions options;
    private final Tasks tasks;
    private final Membership membership;

    SiteChange(Path keepFile, KeepOptions options, Tasks tasks, Membership membership) {
        this.keepFile = keepFile;
        this.options = options;
        this.tasks = tasks;
        this.membership = membership;
    }

    void replace(String site, Path directory, Departure departure, ChangeListener listener) throws IOException {
        bring(site, directory, arrival -> Order.replace(site, arrival, departure), listener);
    }

    void add(String site, Path directory, Profile next, ChangeListener listener) throws IOException {
        bring(site, directory, arrival -> Order.add(site, arrival, next), listener);
    }

    void remove(String site, Departure departure, Profile next, ChangeListener listener) throws IOException {
        run(Order.remove(site, departure, next), listener);
    }

    void reshape(Profile next, ChangeListener listener) throws IOException {
        run(Order.reshape(next), listener);
    }

    void giveUp(Optional<String> site) throws IOException {
        new MembershipChange(membership, joint -> {}, duration -> {}).giveUp(site);
        note();
    }

    private void bring(String site, Path directory, Function<Order.Arrival, Order> order, ChangeListener listener)
            throws IOException {
        Path place = directory.toAbsolutePath().normalize();
        requireApart(site, place);
        try (DirectoryStore store = KeepCreation.vacant(place)) {
            run(order.apply(new Order.Arrival(place.toString(), store)), listener);
        }
    }

    private void run(Order order, ChangeListener listener) throws IOException {
        new MembershipChange(membership, joint -> fill(joint, listener), listener::waits).run(order);
        note();
    }

    private void note() throws IOException {
        new KeepOpening(keepFile, options, tasks).note(KeepFiles.read(keepFile), membership);
    }

    private void fill(Layout joint, ChangeListener listener) throws IOException {
        Filled filled = new Filled(listener);
        for (NamespaceEntry namespace : membership.configuration().namespaces()) {
            try (NamespaceObjects objects = KeepObjects.open(membership, namespace, tasks, options)) {
                objects.fillIncoming(joint, filled);
            }
        }
    }

    /** Counts the names of all namespaces. */
    private static final class Filled implements NamespaceObjects.FillListener {
        private final ChangeListener listener;
        private final AtomicLong names = new AtomicLong();

        Filled(ChangeListener listener) {
            this.listener = listener;
        }

        @Override
        public void waits(Duration duration) {
            listener.waits(duration);
        }

        @Override
        public void filled() {
            listener.copied(names.incrementAndGet());
        }
    }

    /** The former directory of the site may be of use still; all others are somebody's. */
    private void requireApart(String site, Path directory) throws IOException {
        List<SitePath> places = new ArrayList<>();
        for (Standing standing : membership.standings()) {
            if (!standing.name().equals(site)) {
                places.add(new SitePath(standing.name(), Path.of(standing.address())));
            }
        }
        places.add(new SitePath(site, directory));
        SitePlaces.requireApart(keepFile, places);
    }
}
