package io.slicekeep.membership;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyPurpose;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.register.RegisterFormat;
import io.slicekeep.task.Outcome;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the configuration that is in force, from one that is known: the sites of each name the next one, and the one in force
 * is that whose own sites name it (docs/PROTOCOLS.md 11). Thread-safe; closing it wipes its keys.
 */
final class Succession implements AutoCloseable {
    private final KeepId keepId;
    private final Search search;
    private final long knownEpoch;
    private final SecretBytes identityKey;
    private final SecretBytes configKey;
    private final RegisterFormat registerFormat;
    private final ConfigurationRegister register;

    /** Derives the keys; {@code knownEpoch} is the newest that whoever named the candidates has seen. */
    Succession(OpenSecret secret, Search search, long knownEpoch) {
        this.keepId = KeepId.of(secret);
        this.search = search;
        this.knownEpoch = knownEpoch;
        this.identityKey = secret.derive(KeyPurpose.IDENTITY);
        this.configKey = secret.derive(KeyPurpose.CONFIG);
        this.registerFormat = RegisterFormat.of("", secret);
        this.register = new ConfigurationRegister(registerFormat, search.means());
    }

    /**
     * What was found.
     *
     * @param roster the configuration and its sites
     * @param survey all stores that are open
     * @param proven whether Q of its sites said that the configuration is in force
     */
    record Found(Roster roster, Survey survey, boolean proven) {}

    /**
     * Goes on from the newest genuine configuration that stores show. If their sites are too few to tell what is in force, but
     * enough to read something, that one is returned unproven.
     */
    Found find(Survey shown) throws IOException {
        Survey survey = genuine(shown);
        List<Configuration> configurations = configurations(survey);
        if (configurations.isEmpty()) {
            throw tooFew(keepId, 1, survey);
        }
        try (Walk walk = new Walk(survey, configurations)) {
            try {
                return walk.run();
            } catch (UnavailableException e) {
                return walk.unproven(e);
            }
        }
    }

    /** Goes on from a configuration that was in force. */
    Found follow(Roster roster, Survey survey) throws IOException {
        try (Walk walk = new Walk(survey, List.of(roster.configuration()))) {
            return walk.run();
        }
    }

    /** Puts a configuration in force after another one; returns false if that is not in force any more. */
    boolean decide(Roster present, Configuration next) throws IOException {
        Named named = named(next);
        return register.change(present.layout(), named(present.configuration()), named)
                .equals(named);
    }

    byte[] seal(Configuration configuration) {
        return configuration.seal(configKey);
    }

    byte[] seal(Identity identity) {
        return identity.seal(identityKey);
    }

    byte[] seal(SiteCapabilities capabilities) {
        return capabilities.seal(identityKey);
    }

    private Named named(Configuration configuration) {
        return Named.of(configuration.epoch(), seal(configuration));
    }

    /** Returns the genuine configurations that stores show, decided or not, newest first. */
    List<Configuration> configurations(Survey survey) {
        return survey.configurations(this::isGenuine);
    }

    private boolean isGenuine(Stored<Configuration> shown) {
        return shown.value().keepId().equals(keepId) && shown.value().sealedAs(shown.blob(), configKey);
    }

    private Survey genuine(Survey survey) {
        return survey.of(keepId).trusting(identityKey).rejecting(glimpse -> {
            boolean genuine = glimpse.identity().sealedAs(glimpse.site().blob(), identityKey);
            return genuine ? "" : "its identity is forged: somebody changed it who does not have the keep's key";
        });
    }

    static UnavailableException tooFew(KeepId keepId, int needed, Survey survey) {
        return tooFew(keepId, needed, survey.found().size(), survey.problems());
    }

    private static UnavailableException tooFew(KeepId keepId, int needed, int found, List<String> problems) {
        String why = problems.isEmpty() ? "give more of them" : String.join("; ", problems);
        return new UnavailableException(
                "too few sites of keep " + keepId + ": needed " + needed + ", found " + found + "; " + why);
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {
        identityKey.close();
        configKey.close();
        registerFormat.close();
    }

    /** One way from a known configuration to the one in force; closes the stores that it opened in vain. */
    private final class Walk implements AutoCloseable {
        /** Two that name each other have changed meanwhile, and soon do so no more; unless their sites were rolled back. */
        private static final int MOST_ASKED = 5;

        private final Deque<Configuration> next;
        private final Survey start;
        private final Map<Named, Integer> asked = new HashMap<>();
        private Survey survey;
        private boolean led;
        private boolean arrived;
        private final List<Roster> silent = new ArrayList<>();
        private @Nullable UnavailableException failure;

        Walk(Survey start, List<Configuration> known) {
            this.start = start;
            this.survey = start;
            this.next = new ArrayDeque<>(known);
        }

        @Override
        public void close() throws IOException {
            if (!arrived) {
                survey.closeBut(start);
            }
        }

        /** Returns the configuration in force; fails if its sites are too few to tell. */
        Found run() throws IOException {
            while (!next.isEmpty()) {
                Optional<Found> found = ask(next.removeFirst());
                if (found.isPresent()) {
                    return found.get();
                }
            }
            throw new UnavailableException(
                    "too few sites of keep " + keepId + " are at hand to tell which configuration is in force: "
                            + (failure == null ? "it changes" : failure.getMessage()),
                    failure);
        }

        /**
         * Returns the newest configuration that was known and of which k sites are there, unless sites led to another one. The newest
         * known may be one that was never decided, whose new site has nothing yet.
         */
        Found unproven(UnavailableException reason) throws UnavailableException {
            if (silent.isEmpty() || led) {
                throw reason;
            }
            for (Roster roster : silent) {
                if (roster.presentCount() >= roster.layout().mostDataSlices()) {
                    arrived = true;
                    return new Found(roster, survey, false);
                }
            }
            Roster newest = silent.get(0);
            int needed = newest.layout().mostDataSlices();
            throw tooFew(keepId, needed, newest.presentCount(), problems(newest));
        }

        private List<String> problems(Roster roster) {
            List<String> problems = new ArrayList<>();
            for (Standing standing : roster.standings()) {
                standing.away()
                        .ifPresent(why -> problems.add(standing.name() + " (" + standing.address() + "): " + why));
            }
            survey.reasons().forEach((candidate, why) -> {
                if (candidate.name().isEmpty()) {
                    problems.add(candidate + ": " + why);
                }
            });
            return problems;
        }

        /** Asks a configuration's sites which one is in force. If they name another one, that comes next. */
        private Optional<Found> ask(Configuration configuration) throws IOException {
            Named own = named(configuration);
            if (asked.merge(own, 1, Integer::sum) > MOST_ASKED) {
                return Optional.empty();
            }
            survey = genuine(survey.and(unknownSites(configuration), search.everywhere()));
            Roster roster = Roster.of(configuration, survey);
            try {
                Named inForce = register.read(roster.layout(), own);
                if (inForce.equals(own)) {
                    arrived = true;
                    return Optional.of(new Found(roster, survey, true));
                }
                led = true;
                next.addFirst(fetch(inForce));
            } catch (UnavailableException e) {
                failure = failure == null ? e : failure;
                silent.add(roster);
            }
            return Optional.empty();
        }

        /** Sites that no store at hand is, at their addresses; but not those for which a path is given that may be newer. */
        private List<Candidate> unknownSites(Configuration configuration) {
            List<Candidate> candidates = new ArrayList<>();
            for (Member member : configuration.participants()) {
                boolean there = survey.found().stream()
                        .anyMatch(glimpse -> RollCall.is(member, glimpse)
                                || glimpse.candidate().address().equals(member.address()));
                boolean given = search.candidates().stream()
                        .anyMatch(candidate -> candidate.name().equals(Optional.of(member.name())));
                if (!there && (!given || member.since() > knownEpoch)) {
                    String address = member.address();
                    candidates.add(new Candidate(Optional.of(member.name()), address, () -> locate(address)));
                }
            }
            return candidates;
        }

        private BlobStore locate(String address) throws IOException {
            try {
                return search.locator().open(address);
            } catch (UnavailableException e) {
                throw new UnavailableException(
                        "it joined at " + address + " and is not there: " + e.getMessage() + "; give its path", e);
            }
        }

        /** Finds the configuration that the register names. It stood at Q sites before it was named. */
        private Configuration fetch(Named named) throws IOException {
            List<Glimpse> sites = survey.found();
            for (Outcome<List<Stored<Configuration>>> outcome : search.everywhere()
                    .call(
                            sites,
                            site -> site.configurationsOf(
                                    named.epoch(), shown -> isGenuine(shown) && named.names(shown)))) {
                if (outcome.succeeded() && !outcome.get().isEmpty()) {
                    return outcome.get().get(0).value();
                }
            }
            throw new UnavailableException("configuration " + named + " of keep " + keepId
                    + " is in force, and none of the sites at hand shows it; bring more of its sites: "
                    + String.join("; ", survey.problems()));
        }
    }
}
