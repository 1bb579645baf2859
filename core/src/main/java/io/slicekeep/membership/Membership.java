package io.slicekeep.membership;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyPurpose;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.site.Site;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An open keep as far as its members go: its secret, its configuration, and which of its sites are there. Every fact in it
 * was checked with the keep's secret, and the secret against the keep's id. Immutable; closing it wipes the secret and closes
 * the stores.
 */
public final class Membership implements Closeable {
    /** What the keep's secret is for: its keys are bound to nothing else, for the secret itself is the keep's own. */
    public static final KeyContext SECRET_CONTEXT = KeyContext.EMPTY.withReserved("secret", "keep");

    private final OpenSecret secret;
    private final WrappedKeys keys;
    private final Configuration configuration;
    private final List<Standing> standings;
    private final List<String> strangers;

    private Membership(
            OpenSecret secret,
            WrappedKeys keys,
            Configuration configuration,
            List<Standing> standings,
            List<String> strangers) {
        this.secret = secret;
        this.keys = keys;
        this.configuration = configuration;
        this.standings = List.copyOf(standings);
        this.strangers = List.copyOf(strangers);
    }

    /**
     * Opens a keep.
     *
     * @param search which keep, and where its sites may be
     * @param leastEpoch the highest epoch seen before; a lower one is refused
     * @param allowed which keys may be asked, whatever the sites say
     * @param keys one of them must open it; not closed
     * @return its members; with fewer than R sites there is no proof that the configuration is the newest
     * @throws KeyUnavailableException if no key opens it
     * @throws UnavailableException if fewer than k sites can be used, or they know of a lower epoch only
     * @throws IOException if the thread is interrupted
     */
    public static Membership open(Search search, long leastEpoch, Predicate<KeyUri> allowed, KeyRing keys)
            throws IOException {
        Survey survey = search.survey();
        boolean opened = false;
        try {
            KeepId keepId = soleKeep(search, survey);
            Unlocked unlocked = unlock(keepId, keys, allowed, survey);
            Membership membership = admit(unlocked, leastEpoch, search, survey);
            opened = true;
            return membership;
        } finally {
            if (!opened) {
                survey.close();
            }
        }
    }

    /**
     * Looks at a keep without any key; nothing of the answer is verified.
     *
     * @param search which keep, and where its sites may be
     * @return what the sites show
     * @throws UnavailableException if no site shows a configuration of the keep
     * @throws IOException if the thread is interrupted
     */
    public static Appearance look(Search search) throws IOException {
        try (Survey survey = search.survey()) {
            KeepId keepId = soleKeep(search, survey);
            Configuration configuration = survey.newestConfiguration(
                            shown -> shown.value().keepId().equals(keepId))
                    .orElseThrow(() -> tooFew(keepId, 1, survey));
            Optional<WrappedKeys> keys = survey.keys(keepId).stream().findFirst();
            return new Appearance(configuration, keys, new RollCall(configuration, survey).standings());
        }
    }

    /**
     * Returns the configuration.
     *
     * @return the newest that the sites at hand have
     */
    public Configuration configuration() {
        return configuration;
    }

    /**
     * Returns the keys that the keep was opened with.
     *
     * @return the slots and their generation
     */
    public WrappedKeys keys() {
        return keys;
    }

    /**
     * Returns how the sites stand.
     *
     * @return one per member, in the order of their indexes
     */
    public List<Standing> standings() {
        return standings;
    }

    /**
     * Returns all n sites; those that are away refuse every call.
     *
     * @return in the order of their indexes
     */
    public List<Site> sites() {
        return standings.stream().map(Standing::site).toList();
    }

    /**
     * Returns the names of candidates that the configuration does not know.
     *
     * @return empty if all are known
     */
    public List<String> strangers() {
        return strangers;
    }

    /**
     * Opens a namespace's secret.
     *
     * @param namespace one of the configuration's
     * @return the secret, to be closed by the caller
     * @throws IOException if it is not the one that the configuration commits to
     */
    public OpenSecret namespaceSecret(NamespaceEntry namespace) throws IOException {
        return namespace.open(secret);
    }

    OpenSecret secret() {
        return secret;
    }

    @Override
    public void close() throws IOException {
        secret.close();
        Survey.closeAll(standings.stream().map(Standing::store).toList());
    }

    private static KeepId soleKeep(Search search, Survey survey) throws IOException {
        KeepId keepId = search.keepId().isPresent() ? search.keepId().get() : onlyKeep(survey);
        survey.keepOnly(keepId);
        if (survey.found().isEmpty()) {
            throw tooFew(keepId, 1, survey);
        }
        return keepId;
    }

    /** Tries the newest keys first; a key given may open older ones only, where a site missed a change of keys. */
    private static Unlocked unlock(KeepId keepId, KeyRing ring, Predicate<KeyUri> allowed, Survey survey)
            throws KeyUnavailableException {
        KeyUnavailableException failure = null;
        for (WrappedKeys keys : survey.keys(keepId)) {
            try {
                List<KeySlot> slots = keys.slots().stream()
                        .filter(slot -> allowed.test(slot.uri()))
                        .toList();
                OpenSecret secret = ring.open(
                        slots, SECRET_CONTEXT, candidate -> KeepId.of(candidate).equals(keepId));
                return new Unlocked(keepId, secret, keys);
            } catch (KeyUnavailableException e) {
                failure = failure == null ? e : failure;
            }
        }
        throw failure != null
                ? failure
                : new KeyUnavailableException(
                        KeyUnavailableException.Reason.NO_SUCH_KEY,
                        "no site at hand shows readable keys of keep " + keepId + "; bring more of its sites");
    }

    private static Membership admit(Unlocked unlocked, long leastEpoch, Search search, Survey survey)
            throws IOException {
        boolean admitted = false;
        try {
            Configuration configuration = verified(unlocked.keepId(), unlocked.secret(), survey);
            requireEpoch(configuration, leastEpoch, survey);
            RollCall rollCall = new RollCall(configuration, survey);
            List<Standing> standings = rollCall.standings();
            int needed = configuration.profile().dataSlices();
            if (survey.found().size() < needed) {
                throw tooFew(unlocked.keepId(), needed, survey);
            }
            List<String> strangers = rollCall.strangers(search.candidates());
            admitted = true;
            return new Membership(unlocked.secret(), unlocked.keys(), configuration, standings, strangers);
        } finally {
            if (!admitted) {
                unlocked.secret().close();
            }
        }
    }

    /** Rejects sites whose identity is not the keep's own, and returns the newest configuration that is. */
    private static Configuration verified(KeepId keepId, OpenSecret secret, Survey survey) throws IOException {
        try (SecretBytes identityKey = secret.derive(KeyPurpose.IDENTITY);
                SecretBytes configKey = secret.derive(KeyPurpose.CONFIG)) {
            for (Glimpse glimpse : survey.found()) {
                if (!glimpse.identity().sealedAs(glimpse.site().blob(), identityKey)) {
                    survey.reject(
                            glimpse, "its identity is forged: somebody changed it who does not have the keep's key");
                }
            }
            return survey.newestConfiguration(shown -> shown.value().keepId().equals(keepId)
                            && shown.value().sealedAs(shown.blob(), configKey))
                    .orElseThrow(() -> tooFew(keepId, 1, survey));
        }
    }

    private static void requireEpoch(Configuration configuration, long leastEpoch, Survey survey)
            throws UnavailableException {
        long newestJoined = survey.found().stream()
                .mapToLong(glimpse -> glimpse.identity().epoch())
                .max()
                .orElse(0);
        long seen = Math.max(leastEpoch, newestJoined);
        if (configuration.epoch() < seen) {
            throw new UnavailableException("the sites at hand know epoch " + configuration.epoch() + " of keep "
                    + configuration.keepId() + ", but epoch " + seen
                    + " was seen before: they were rolled back, or the newer ones are away; bring those");
        }
    }

    private static KeepId onlyKeep(Survey survey) throws UnavailableException {
        List<KeepId> shown = survey.found().stream()
                .map(glimpse -> glimpse.identity().keepId())
                .distinct()
                .toList();
        if (shown.isEmpty()) {
            throw new UnavailableException("no site of a keep was found: " + String.join("; ", survey.problems()));
        }
        if (shown.size() > 1) {
            throw new UnavailableException("sites of several keeps are given; give those of one: "
                    + String.join(
                            "; ",
                            survey.found().stream()
                                    .map(glimpse -> glimpse.candidate().address() + " is of "
                                            + glimpse.identity().keepId())
                                    .toList()));
        }
        return shown.get(0);
    }

    private static UnavailableException tooFew(KeepId keepId, int needed, Survey survey) {
        String why = survey.problems().isEmpty() ? "give more of them" : String.join("; ", survey.problems());
        return new UnavailableException("too few sites of keep " + keepId + ": needed " + needed + ", found "
                + survey.found().size() + "; " + why);
    }

    /** The keep's secret, and the keys that it was opened from. */
    private record Unlocked(KeepId keepId, OpenSecret secret, WrappedKeys keys) {}

    /**
     * What a keep looks like from outside.
     *
     * @param configuration the newest shown
     * @param keys the newest shown
     * @param standings how its sites stand; their stores are closed
     */
    public record Appearance(Configuration configuration, Optional<WrappedKeys> keys, List<Standing> standings) {}
}
