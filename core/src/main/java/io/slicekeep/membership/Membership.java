package io.slicekeep.membership;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.membership.Succession.Found;
import io.slicekeep.probe.Capabilities;
import io.slicekeep.task.Tasks;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * An open keep as far as its members go: its secret, its configuration, and which of its sites are there. Every fact in it
 * was checked with the keep's secret, and the secret against the keep's id. The configuration changes while it is in use:
 * {@link #confirmed} returns the one in force. Thread-safe; closing it wipes the secret and closes the stores.
 */
public final class Membership implements Layouts, Closeable {
    /** What the keep's secret is for: its keys are bound to nothing else, for the secret itself is the keep's own. */
    public static final KeyContext SECRET_CONTEXT = KeyContext.EMPTY.withReserved("secret", "keep");

    private final OpenSecret secret;
    private final WrappedKeys keys;
    private final Search search;
    private final Succession succession;
    private final Set<BlobStore> opened = Collections.newSetFromMap(new IdentityHashMap<>());
    private volatile Confirmed newest;

    /**
     * What was last read.
     *
     * @param found the configuration, its sites and all stores that are open
     * @param layout where data lies by it
     * @param readNanos when reading it began, by {@link Tasks#elapsedNanos}
     */
    private record Confirmed(Found found, Layout layout, long readNanos) {
        static Confirmed of(Found found, long readNanos) {
            return new Confirmed(found, found.roster().layout(), readNanos);
        }

        long epoch() {
            return found.roster().configuration().epoch();
        }

        int shows() {
            return found.roster().presentCount()
                    + (int) found.roster().incoming().stream()
                            .filter(Standing::present)
                            .count();
        }
    }

    private Membership(OpenSecret secret, WrappedKeys keys, Search search, Succession succession, Confirmed first) {
        this.secret = secret;
        this.keys = keys;
        this.search = search;
        this.succession = succession;
        this.newest = first;
        this.opened.addAll(first.found().survey().stores());
    }

    /**
     * Opens a keep.
     *
     * @param search which keep, and where its sites may be
     * @param leastEpoch the highest epoch seen before; a lower one is refused
     * @param allowed which keys may be asked, whatever the sites say
     * @param keys one of them must open it; not closed
     * @return its members; if {@link #proven} says no, it may not be the newest configuration
     * @throws KeyUnavailableException if no key opens it
     * @throws UnavailableException if fewer than k sites can be used, or they know of a lower epoch only, or the sites of the
     *     configuration in force are too few at hand
     * @throws IOException if the thread is interrupted
     */
    public static Membership open(Search search, long leastEpoch, Predicate<KeyUri> allowed, KeyRing keys)
            throws IOException {
        Survey survey = search.survey();
        boolean opened = false;
        try {
            KeepId keepId = soleKeep(search, survey);
            Unlocking unlocking = new Unlocking(keepId, allowed, keys);
            OpenSecret secret = unlocking.open(survey.of(keepId));
            Membership membership = admit(secret, unlocking, leastEpoch, search, survey);
            opened = true;
            return membership;
        } finally {
            if (!opened) {
                survey.closeBut(Survey.NOTHING);
            }
        }
    }

    /**
     * Looks at a keep without any key; nothing of the answer is verified. Taken is the newest configuration on which most sites
     * agree, or if there is none, the newest that any site shows.
     *
     * @param search which keep, and where its sites may be
     * @param leastEpoch the highest epoch seen before; on a lower one nobody agrees
     * @return what the sites show
     * @throws UnavailableException if no site shows a configuration of the keep
     * @throws IOException if the thread is interrupted
     */
    public static Appearance look(Search search, long leastEpoch) throws IOException {
        Survey all = search.survey();
        try {
            KeepId keepId = soleKeep(search, all);
            Survey survey = all.of(keepId);
            List<Configuration> shown = survey.configurations(
                    candidate -> candidate.value().keepId().equals(keepId));
            Optional<Configuration> agreed = new Agreement(
                            survey, search.candidates().size())
                    .among(shown.stream()
                            .filter(candidate -> candidate.epoch() >= leastEpoch)
                            .toList());
            Configuration configuration =
                    agreed.or(() -> shown.stream().findFirst()).orElseThrow(() -> Succession.tooFew(keepId, 1, survey));
            Roster roster = Roster.of(configuration, survey);
            return new Appearance(configuration, agreed.isPresent(), shownKeys(roster, survey), roster.standings());
        } finally {
            all.closeBut(Survey.NOTHING);
        }
    }

    /**
     * Returns the configuration.
     *
     * @return the newest that was read
     */
    public Configuration configuration() {
        return roster().configuration();
    }

    /**
     * Tells whether the configuration was in force when it was read.
     *
     * @return false if the sites at hand were too few to tell
     */
    public boolean proven() {
        return newest.found().proven();
    }

    /**
     * Returns the keys that stand: the newest that more than f sites show, if the keys given open them.
     *
     * @return the slots and their generation
     */
    public WrappedKeys keys() {
        return keys;
    }

    /**
     * Returns how the sites stand.
     *
     * @return one per member, in the order of their slices
     */
    public List<Standing> standings() {
        return roster().standings();
    }

    /**
     * Returns how the site stands that is coming.
     *
     * @return the site; empty if none is
     */
    public Optional<Standing> incoming() {
        return roster().incoming();
    }

    /**
     * Returns where data lies by the newest configuration that was read.
     *
     * @return all its sites; those that are away refuse every call
     */
    @Override
    public Layout latest() {
        return newest.layout();
    }

    /**
     * Returns the names of candidates that the configuration does not know.
     *
     * @return empty if all are known
     */
    public List<String> strangers() {
        return search.candidates().stream()
                .flatMap(candidate -> candidate.name().stream())
                .filter(name -> configuration().indexOf(name).isEmpty())
                .toList();
    }

    /**
     * Returns the names of sites that the keep had, as far as the last configurations tell.
     *
     * @return those of which it has none now
     */
    public Set<String> formerSites() {
        Set<String> names = new TreeSet<>();
        succession
                .configurations(survey())
                .forEach(former -> former.members().forEach(member -> names.add(member.name())));
        configuration().members().forEach(member -> names.remove(member.name()));
        return names;
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

    /**
     * Returns where data lies by the configuration in force. It is read anew if that is longer ago than the keep's lease.
     *
     * @return the layout
     * @throws UnavailableException if too few sites can tell
     * @throws IOException if the thread is interrupted
     */
    @Override
    public Layout confirmed() throws IOException {
        Confirmed last = newest;
        return isValid(last) ? last.layout() : read().layout();
    }

    @Override
    public boolean holds(Layout layout) {
        Confirmed last = newest;
        return last.epoch() == layout.epoch() && isValid(last);
    }

    private boolean isValid(Confirmed last) {
        long leaseNanos = last.found().roster().configuration().terms().lease().toNanos();
        return last.found().proven() && search.means().tasks().elapsedNanos() - last.readNanos() < leaseNanos;
    }

    /** Reads which configuration is in force, and returns it. */
    Roster reread() throws IOException {
        return read().found().roster();
    }

    /**
     * Notes at a site what its store was found to be.
     *
     * @param standing a site that is there
     * @param found by a probe
     * @throws IOException if it cannot be noted
     */
    public void note(Standing standing, Capabilities found) throws IOException {
        Configuration configuration = configuration();
        Member member = incoming()
                .filter(standing::equals)
                .flatMap(coming -> configuration.transition())
                .flatMap(Transition::incoming)
                .orElseGet(() -> configuration.memberOf(standing.slice()));
        SiteCapabilities noted = new SiteCapabilities(configuration.keepId(), member.siteId(), found);
        SiteCapabilities.writeNext(
                standing.store(), succession.seal(noted), search.means().random());
    }

    private Confirmed read() throws IOException {
        long before = search.means().tasks().elapsedNanos();
        Confirmed last = newest;
        Found found = succession.follow(last.found().roster(), last.found().survey());
        return publish(Confirmed.of(found, before));
    }

    /**
     * Keeps what is newest: of what was proven, for anything else may never have been in force. What was proven of the same epoch
     * stays, unless more of its sites are there now.
     */
    private synchronized Confirmed publish(Confirmed read) {
        opened.addAll(read.found().survey().stores());
        boolean newer = read.epoch() > newest.epoch() || !newest.found().proven();
        if (newer || (read.epoch() == newest.epoch() && read.shows() > newest.shows())) {
            newest = read;
        } else if (read.epoch() == newest.epoch() && read.readNanos() > newest.readNanos()) {
            newest = new Confirmed(newest.found(), newest.layout(), read.readNanos());
        }
        return newest;
    }

    Roster roster() {
        return newest.found().roster();
    }

    Survey survey() {
        return newest.found().survey();
    }

    Succession succession() {
        return succession;
    }

    Search search() {
        return search;
    }

    OpenSecret secret() {
        return secret;
    }

    @Override
    public void close() throws IOException {
        secret.close();
        succession.close();
        List<BlobStore> closing;
        synchronized (this) {
            closing = List.copyOf(opened);
        }
        Survey.closeAll(closing);
    }

    /** Returns the newest keys that more than f members show, or if there are none, the newest that any store shows. */
    private static Optional<WrappedKeys> shownKeys(Roster roster, Survey survey) {
        KeepId keepId = roster.configuration().keepId();
        int faults = roster.configuration().profile().faults();
        Survey members = survey.membersOf(roster);
        return members.keys(keepId).stream()
                .filter(keys -> members.showMoreThan(faults, keys))
                .findFirst()
                .or(() -> survey.keys(keepId).stream().findFirst());
    }

    private static KeepId soleKeep(Search search, Survey survey) throws IOException {
        KeepId keepId = search.keepId().isPresent() ? search.keepId().get() : onlyKeep(survey);
        Survey own = survey.of(keepId);
        if (own.found().isEmpty()) {
            throw Succession.tooFew(keepId, 1, own);
        }
        return keepId;
    }

    private static Membership admit(
            OpenSecret secret, Unlocking unlocking, long leastEpoch, Search search, Survey survey) throws IOException {
        Succession succession = new Succession(secret, search, leastEpoch);
        Survey opened = survey;
        boolean admitted = false;
        try {
            long before = search.means().tasks().elapsedNanos();
            Found found = succession.find(survey);
            opened = found.survey();
            requireEpoch(found, leastEpoch);
            WrappedKeys keys = unlocking.standing(found);
            admitted = true;
            return new Membership(secret, keys, search, succession, Confirmed.of(found, before));
        } finally {
            if (!admitted) {
                secret.close();
                succession.close();
                opened.closeBut(survey);
            }
        }
    }

    private static void requireEpoch(Found found, long leastEpoch) throws UnavailableException {
        long newestJoined = found.survey().found().stream()
                .mapToLong(glimpse -> glimpse.identity().epoch())
                .max()
                .orElse(0);
        long seen = Math.max(leastEpoch, newestJoined);
        Configuration configuration = found.roster().configuration();
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

    /**
     * What a keep looks like from outside.
     *
     * @param configuration the newest on which most sites agree, or else the newest shown
     * @param agreed whether most sites agree on it: then a few liars did not make it up
     * @param keys the newest that more than f of its members show, or else the newest shown
     * @param standings how its sites stand; their stores are closed
     */
    public record Appearance(
            Configuration configuration, boolean agreed, Optional<WrappedKeys> keys, List<Standing> standings) {}
}
