package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyPurpose;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes sites out of empty stores. Each gets the keys and the configuration first and its identity last, so that a founding
 * that stops midway leaves stores that are no sites yet, which the next attempt clears.
 */
public final class Founding {
    private static final int PAGE = 1000;

    private final Tasks tasks;
    private final RandomSource random;
    private final Everywhere everywhere;

    /**
     * Creates a founding.
     *
     * @param tasks where to wait, and what time it is
     * @param random where secrets and ids come from
     * @param patience how long to wait for the last site
     */
    public Founding(Tasks tasks, RandomSource random, Duration patience) {
        this.tasks = tasks;
        this.random = random;
        this.everywhere = new Everywhere(tasks, patience);
    }

    /**
     * A store that shall become a site.
     *
     * @param name what people will call it
     * @param address where it is, for people
     * @param store open, and not closed here
     */
    public record Plot(String name, String address, BlobStore store) {}

    /**
     * Founds a keep. All stores must take part.
     *
     * @param profile how data is spread
     * @param plots one per slice
     * @param keys what will open the keep
     * @return the keep's id
     * @throws UnavailableException if a store is in use or cannot be written, naming each
     * @throws IOException if a key cannot be used
     */
    public KeepId found(Profile profile, List<Plot> plots, KeyRing keys) throws IOException {
        requireAll("these sites cannot be used", plots, plot -> clear(plot.store()));
        try (OpenSecret secret = keys.generate(Membership.SECRET_CONTEXT, random)) {
            KeepId keepId = KeepId.of(secret);
            Configuration configuration = configuration(keepId, profile, plots, secret);
            byte[] wrapped = new WrappedKeys(keepId, 1, secret.slots()).encode();
            try (SecretBytes configKey = secret.derive(KeyPurpose.CONFIG)) {
                byte[] sealed = configuration.seal(configKey);
                requireAll("these sites cannot be written", plots, plot -> {
                    SmallBlob.write(plot.store(), MemberKeys.fresh(MemberKeys.KEYS, 1, random), wrapped);
                    SmallBlob.write(plot.store(), MemberKeys.fresh(MemberKeys.CONFIG, 1, random), sealed);
                });
            }
            identify(configuration, plots, secret);
            return keepId;
        }
    }

    private Configuration configuration(KeepId keepId, Profile profile, List<Plot> plots, OpenSecret secret) {
        List<Member> members = plots.stream()
                .map(plot -> new Member(SiteId.random(random), plot.name(), plot.address()))
                .toList();
        NamespaceEntry namespace = NamespaceEntry.create(Configuration.DEFAULT_NAMESPACE, secret, random);
        return new Configuration(keepId, 1, profile, tasks.wallMicros(), members, List.of(namespace));
    }

    private void identify(Configuration configuration, List<Plot> plots, OpenSecret secret) throws IOException {
        try (SecretBytes identityKey = secret.derive(KeyPurpose.IDENTITY)) {
            requireAll("these sites cannot be written", plots, plot -> {
                int index = plots.indexOf(plot);
                SiteId siteId = configuration.members().get(index).siteId();
                Identity identity =
                        new Identity(index, plots.size(), configuration.keepId(), siteId, configuration.epoch());
                SmallBlob.write(plot.store(), MemberKeys.IDENTITY, identity.seal(identityKey));
            });
        }
    }

    /** Deletes what a founding left that stopped midway, and refuses a store that holds anything else. */
    private static void clear(BlobStore store) throws IOException {
        requireNoIdentity(store);
        List<BlobKey> leftovers = new ArrayList<>();
        Listing page;
        do {
            page = store.list(KeyPrefix.ALL, leftovers.isEmpty() ? null : leftovers.get(leftovers.size() - 1), PAGE);
            for (BlobKey key : page.keys()) {
                if (!MemberKeys.KEYS.matches(key) && !MemberKeys.CONFIG.matches(key)) {
                    throw new UnavailableException("it holds other blobs, " + key + " for one; give an empty one");
                }
            }
            leftovers.addAll(page.keys());
        } while (page.more());
        for (BlobKey key : leftovers) {
            store.delete(key);
        }
    }

    private static void requireNoIdentity(BlobStore store) throws IOException {
        try {
            Identity identity = Identity.parse(SmallBlob.read(store, MemberKeys.IDENTITY, Identity.BYTES));
            throw new UnavailableException(
                    "it is already site " + identity.index() + " of keep " + identity.keepId()
                            + "; adopt opens that keep. If its creation was interrupted, empty the directories and create again");
        } catch (BlobNotFoundException e) {
            // Free: this is what a new site must be.
        }
    }

    private void requireAll(String problem, List<Plot> plots, Step step) throws IOException {
        List<Outcome<Boolean>> outcomes = everywhere.call(plots, plot -> {
            step.run(plot);
            return true;
        });
        List<String> failures = new ArrayList<>();
        for (Outcome<Boolean> outcome : outcomes) {
            if (outcome.failure() != null) {
                failures.add(plots.get(outcome.index()).name() + ": "
                        + outcome.failure().getMessage());
            }
        }
        if (!failures.isEmpty()) {
            throw new UnavailableException(problem + ": " + String.join("; ", failures));
        }
    }

    private interface Step {
        void run(Plot plot) throws IOException;
    }
}
