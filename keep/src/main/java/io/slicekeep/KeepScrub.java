package io.slicekeep;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.erasure.SlicedDispersal;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.membership.Configuration;
import io.slicekeep.membership.Membership;
import io.slicekeep.membership.NamespaceEntry;
import io.slicekeep.membership.Standing;
import io.slicekeep.membership.Transition;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.record.Reasons;
import io.slicekeep.scrub.Scrub;
import io.slicekeep.scrub.ScrubListener;
import io.slicekeep.scrub.ScrubOptions;
import io.slicekeep.scrub.ScrubReport;
import io.slicekeep.site.AwayStore;
import io.slicekeep.site.Site;
import io.slicekeep.store.DirectoryStore;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Scrubs a keep that is not opened: its sites are where its file says, and what most of them say alike is believed. */
final class KeepScrub implements AutoCloseable {
    private final Configuration configuration;
    private final List<BlobStore> stores = new ArrayList<>();
    private final List<Site> sites = new ArrayList<>();

    /** A site that is coming is not looked at: who has it come brings all there. */
    KeepScrub(Membership.Appearance appearance) throws UnavailableException {
        if (!appearance.agreed()) {
            throw disagreement(appearance);
        }
        this.configuration = appearance.configuration();
        requireOneK(configuration);
        for (Standing standing : appearance.standings()) {
            BlobStore store = store(standing);
            stores.add(store);
            sites.add(standing.site(sites.size()).at(store));
        }
    }

    /** Between two k nobody knows without keys which one a listed record has, so neither how many of them are enough. */
    private static void requireOneK(Configuration configuration) throws UnavailableException {
        int dataSlices = configuration.profile().dataSlices();
        Optional<Profile> next = configuration
                .transition()
                .map(Transition::profile)
                .filter(profile -> profile.dataSlices() != dataSlices);
        if (next.isPresent()) {
            throw new UnavailableException(
                    "all objects are being sliced anew, and until that is over they cannot be scrubbed"
                            + " without keys: finish it ('slicekeep profile set " + next.get()
                            + "'), or look at them with keys"
                            + " ('slicekeep verify', 'slicekeep repair')");
        }
    }

    /** The heads of a conditional namespace are sealed, so without keys nobody knows which of its slices should stand. */
    private void requireLegible() throws SetupException {
        for (NamespaceEntry namespace : configuration.namespaces()) {
            if (namespace.mode() == NamespaceMode.CONDITIONAL) {
                throw new SetupException(
                        "a conditional keep cannot be scrubbed without keys, since they seal what its objects consist of",
                        List.of("'slicekeep verify' and 'slicekeep repair' look at the same with keys"));
            }
        }
    }

    ScrubReport run(Tasks tasks, KeepOptions options, ScrubOptions scrub, ScrubListener listener) throws IOException {
        requireLegible();
        Layout layout = new Layout(configuration.profile(), sites, configuration.epoch());
        SlicedDispersal dispersal = new SlicedDispersal(tasks, options.timing().patience());
        Scrub.Place place = new Scrub.Place(
                layout, dispersal, tasks, options.timing().patience().siteTimeout());
        return new Scrub(place, scrub, listener)
                .run(configuration.namespaces().stream().map(NamespaceEntry::id).toList());
    }

    @Override
    public void close() throws IOException {
        for (BlobStore store : stores) {
            store.close();
        }
    }

    private static UnavailableException disagreement(Membership.Appearance appearance) {
        Map<String, String> away = new TreeMap<>();
        appearance.standings().forEach(standing -> standing.away().ifPresent(why -> away.put(standing.name(), why)));
        return new UnavailableException(
                "too few sites show alike who the sites are and how data lies there, which without keys"
                        + " must be more than half of those that the keep file names: bring more of them, or open the keep once with a"
                        + " key, which notes in its file what has changed; "
                        + Reasons.joined(away));
    }

    private static BlobStore store(Standing standing) {
        Optional<String> away = standing.away();
        if (away.isPresent()) {
            return new AwayStore(away.get());
        }
        try {
            return DirectoryStore.open(Path.of(standing.address()));
        } catch (IOException e) {
            return new AwayStore(String.valueOf(e.getMessage()));
        }
    }
}
