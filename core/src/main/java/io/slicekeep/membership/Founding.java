package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.OccupiedException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyPurpose;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.membership.Configuration.Terms;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.probe.Capabilities;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes sites out of empty stores. Each gets the keys and the configuration first and then its identity, of which a store
 * takes one only; so a founding that stops midway leaves stores that are no sites yet, and of two at once one gets the store.
 * What former ones left is deleted after that: before, it could be what somebody is founding.
 */
public final class Founding {
    /** The epoch of the first configuration. */
    static final long FIRST_EPOCH = 1;

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
     * @param lease L: how long clients may rely on what they last read of the configuration
     * @param mode of the namespace that it begins with
     * @param plots one per slice
     * @param keys what will open the keep
     * @return the keep's id
     * @throws OccupiedException if a store is a site already or holds other things, naming each
     * @throws UnavailableException if a store is in use or cannot be written, naming each
     * @throws IOException if a key cannot be used
     */
    public KeepId found(Profile profile, Duration lease, NamespaceMode mode, List<Plot> plots, KeyRing keys)
            throws IOException {
        List<List<BlobKey>> leftovers =
                requireAll("these sites cannot be used", plots, plot -> Vacancy.leftovers(plot.store()));
        List<Capabilities> capabilities = requireAll(
                new Everywhere(tasks, SiteCapabilities.PROBE_BOUND),
                "these sites cannot be used",
                plots,
                plot -> SiteCapabilities.probe(plot.store(), tasks, random));
        try (OpenSecret secret = keys.generate(Membership.SECRET_CONTEXT, random)) {
            KeepId keepId = KeepId.of(secret);
            Terms terms = new Terms(profile, lease, tasks.wallMicros());
            Configuration configuration = configuration(keepId, terms, namespace(mode, secret), plots);
            byte[] wrapped = new WrappedKeys(keepId, 1, secret.slots()).encode();
            BlobKey keysKey = MemberKeys.fresh(MemberKeys.KEYS, 1, random);
            BlobKey configKey = MemberKeys.fresh(MemberKeys.CONFIG, 1, random);
            byte[] sealed = sealed(configuration, secret);
            requireAll("these sites cannot be written", plots, plot -> {
                SmallBlob.write(plot.store(), keysKey, wrapped);
                SmallBlob.write(plot.store(), configKey, sealed);
                return true;
            });
            identify(configuration, plots, capabilities, secret);
            clear(plots, leftovers);
            return keepId;
        }
    }

    private NamespaceEntry namespace(NamespaceMode mode, OpenSecret secret) {
        return NamespaceEntry.create(Configuration.DEFAULT_NAMESPACE, mode, secret, random);
    }

    private Configuration configuration(KeepId keepId, Terms terms, NamespaceEntry namespace, List<Plot> plots) {
        List<Member> members = new ArrayList<>();
        for (Plot plot : plots) {
            members.add(new Member(SiteId.random(random), members.size(), plot.name(), plot.address(), FIRST_EPOCH));
        }
        return new Configuration(keepId, FIRST_EPOCH, terms, members, Optional.empty(), List.of(namespace));
    }

    private void identify(
            Configuration configuration, List<Plot> plots, List<Capabilities> capabilities, OpenSecret secret)
            throws IOException {
        try (SecretBytes identityKey = secret.derive(KeyPurpose.IDENTITY)) {
            requireAll("these sites cannot be written", plots, plot -> {
                Member member = configuration.members().get(plots.indexOf(plot));
                Identity identity =
                        new Identity(member.slice(), configuration.keepId(), member.siteId(), configuration.epoch());
                byte[] found = new SiteCapabilities(
                                configuration.keepId(), member.siteId(), capabilities.get(plots.indexOf(plot)))
                        .seal(identityKey);
                SiteCapabilities.writeFirst(plot.store(), found, random);
                SmallBlob.write(plot.store(), MemberKeys.IDENTITY, identity.seal(identityKey));
                return true;
            });
        }
    }

    private static byte[] sealed(Configuration configuration, OpenSecret secret) {
        try (SecretBytes key = secret.derive(KeyPurpose.CONFIG)) {
            return configuration.seal(key);
        }
    }

    /** Deletes what was there before. What stays does no harm: it is of no keep. */
    private void clear(List<Plot> plots, List<List<BlobKey>> leftovers) throws IOException {
        everywhere.call(plots, plot -> {
            Vacancy.clear(plot.store(), leftovers.get(plots.indexOf(plot)));
            return true;
        });
    }

    private <R> List<R> requireAll(String problem, List<Plot> plots, Everywhere.Call<Plot, R> call) throws IOException {
        return requireAll(everywhere, problem, plots, call);
    }

    private static <R> List<R> requireAll(
            Everywhere everywhere, String problem, List<Plot> plots, Everywhere.Call<Plot, R> call) throws IOException {
        List<R> results = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        boolean occupied = false;
        for (Outcome<R> outcome : everywhere.call(plots, call)) {
            if (outcome.failure() == null) {
                results.add(outcome.get());
            } else {
                occupied |= outcome.failure() instanceof OccupiedException;
                failures.add(plots.get(outcome.index()).name() + ": "
                        + outcome.failure().getMessage());
            }
        }
        if (!failures.isEmpty()) {
            String message = problem + ": " + String.join("; ", failures);
            throw occupied ? new OccupiedException(message) : new UnavailableException(message);
        }
        return results;
    }
}
