package io.slicekeep;

import io.slicekeep.Keep.ReplacementListener;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.membership.Membership;
import io.slicekeep.membership.NamespaceEntry;
import io.slicekeep.membership.SiteReplacement;
import io.slicekeep.membership.Standing;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.store.DirectoryStore;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Changes where a keep's sites are, with all that it has. */
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

    void replace(String site, Path directory, Departure departure, ReplacementListener listener) throws IOException {
        Path place = directory.toAbsolutePath().normalize();
        requireApart(site, place);
        try (DirectoryStore store = KeepCreation.vacant(place)) {
            new SiteReplacement(membership, joint -> fill(joint, listener), listener::waits)
                    .run(new SiteReplacement.Order(site, place.toString(), store, departure));
        }
        new KeepOpening(keepFile, options, tasks).note(KeepFiles.read(keepFile), membership);
    }

    void giveUp(String site) throws IOException {
        new SiteReplacement(membership, joint -> {}, duration -> {}).abort(site);
        new KeepOpening(keepFile, options, tasks).note(KeepFiles.read(keepFile), membership);
    }

    private void fill(Layout joint, ReplacementListener listener) throws IOException {
        AtomicLong names = new AtomicLong();
        for (NamespaceEntry namespace : membership.configuration().namespaces()) {
            try (NamespaceObjects objects = KeepObjects.open(membership, namespace, tasks, options)) {
                objects.fillIncoming(joint, () -> listener.copied(names.incrementAndGet()));
            }
        }
    }

    /** The former directory may be of use still; all others are somebody's. */
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
