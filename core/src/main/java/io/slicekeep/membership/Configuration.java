package io.slicekeep.membership;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.FormatException;
import io.slicekeep.key.SecretBytes;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a keep consists of: its terms, its sites in the order of their slices, and its namespaces. A copy stands at every
 * site under the keep's MAC; {@link ConfigurationCodec} has the bytes, {@link ConfigurationRegister} tells which is in force.
 * Immutable.
 *
 * @param keepId which keep
 * @param epoch counts the configurations of a keep, from 1
 * @param terms on what terms data is kept
 * @param members k + m
 * @param transition what changes; while there is something, the configuration is <em>joint</em>
 * @param namespaces 1 to 1024
 */
public record Configuration(
        KeepId keepId,
        long epoch,
        Terms terms,
        List<Member> members,
        Optional<Transition> transition,
        List<NamespaceEntry> namespaces) {
    /** The name of the namespace that every keep has. */
    public static final String DEFAULT_NAMESPACE = "default";

    /** The most namespaces of a keep. */
    public static final int MAX_NAMESPACES = 1024;

    /** Checks counts, and that names and ids differ. */
    public Configuration {
        MemberKeys.requireNumber(epoch);
        members = List.copyOf(members);
        namespaces = List.copyOf(namespaces);
        if (namespaces.isEmpty() || namespaces.size() > MAX_NAMESPACES) {
            throw new IllegalArgumentException(
                    "a configuration must have 1 to 1024 namespaces: namespaces=" + namespaces.size());
        }
        requireMembers(terms.profile(), members);
        if (transition.isPresent()) {
            transition.get().requireFor(terms.profile(), members);
            requireMembers(transition.get().profile(), transition.get().after(members));
        }
        requireDistinct(participants(members, transition), Member::siteId, "site ids");
        requireDistinct(namespaces, NamespaceEntry::name, "namespace names");
        requireDistinct(namespaces, NamespaceEntry::id, "namespace ids");
    }

    /**
     * Returns how data is spread.
     *
     * @return k, m and the quorums
     */
    public Profile profile() {
        return terms.profile();
    }

    /**
     * Returns all who take part: the members, and behind them the one that is coming.
     *
     * @return n members, or n + 1
     */
    List<Member> participants() {
        return participants(members, transition);
    }

    /** Returns the member that has a slice. */
    Member memberOf(int slice) {
        return members.stream()
                .filter(member -> member.slice() == slice)
                .findFirst()
                .orElseThrow();
    }

    /** Returns the least number of a slice that no member has. */
    int freeSlice() {
        int free = 0;
        while (free < members.size() && members.get(free).slice() == free) {
            free++;
        }
        return free;
    }

    /**
     * Tells which site goes or comes.
     *
     * @return its name; empty if none does
     */
    public Optional<String> siteThatChanges() {
        Optional<Member> going = transition.flatMap(Transition::leaving).map(gone -> members.get(gone.index()));
        return going.or(() -> transition.flatMap(Transition::incoming)).map(Member::name);
    }

    /** Says what changes, for people. */
    String whatChanges() {
        Optional<Member> incoming = transition.flatMap(Transition::incoming);
        boolean goes = transition.flatMap(Transition::leaving).isPresent();
        if (incoming.isPresent()) {
            return "site " + incoming.get().name() + " is being " + (goes ? "replaced by " : "added at ")
                    + incoming.get().address();
        }
        return goes
                ? "site " + siteThatChanges().orElseThrow() + " is being removed"
                : "the profile is being changed to " + transition.orElseThrow().profile();
    }

    /** Returns the next configuration, in which something changes, or something else than does now. */
    Configuration changing(Transition next) {
        return new Configuration(keepId, epoch + 1, terms, members, Optional.of(next), namespaces);
    }

    /** Returns the next configuration, in which that has changed. */
    Configuration changed() {
        Transition done = transition.orElseThrow();
        Terms next = new Terms(done.profile(), terms.lease(), terms.createdMicros());
        return new Configuration(keepId, epoch + 1, next, done.after(members), Optional.empty(), namespaces);
    }

    /** Returns the next configuration, in which nothing changes any more. */
    Configuration unchanged() {
        return new Configuration(keepId, epoch + 1, terms, members, Optional.empty(), namespaces);
    }

    /**
     * Parses a configuration, and believes nothing yet: {@link #sealedAs} does.
     *
     * @param blob the whole blob
     * @return what it says
     * @throws FormatException if it is not ours, too new or corrupt
     */
    public static Configuration parse(byte[] blob) throws FormatException {
        return ConfigurationCodec.parse(blob);
    }

    /**
     * Returns the blob.
     *
     * @param configKey derived from the keep's secret
     * @return at most {@link ConfigurationCodec#MAX_BYTES}
     */
    public byte[] seal(SecretBytes configKey) {
        return ConfigurationCodec.seal(this, configKey);
    }

    /**
     * Tells, in constant time, whether a blob is this configuration under the keep's own MAC.
     *
     * @param blob the blob that it was parsed from
     * @param configKey derived from the keep's secret
     * @return true if it is genuine
     */
    public boolean sealedAs(byte[] blob, SecretBytes configKey) {
        return MessageDigest.isEqual(seal(configKey), blob);
    }

    /**
     * Finds a site by its name.
     *
     * @param name what people call it
     * @return its index; empty if there is none
     */
    public Optional<Integer> indexOf(String name) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).name().equals(name)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /**
     * Finds a namespace by its name.
     *
     * @param name what people call it
     * @return the namespace; empty if there is none
     */
    public Optional<NamespaceEntry> namespace(String name) {
        return namespaces.stream()
                .filter(namespace -> namespace.name().equals(name))
                .findFirst();
    }

    private static List<Member> participants(List<Member> members, Optional<Transition> transition) {
        List<Member> all = new ArrayList<>(members);
        transition.flatMap(Transition::incoming).ifPresent(all::add);
        return all;
    }

    private static void requireMembers(Profile profile, List<Member> members) {
        if (members.size() != profile.sites()) {
            throw new IllegalArgumentException(
                    "a configuration must have k + m sites: sites=" + members.size() + " profile=" + profile);
        }
        requireDistinct(members, Member::name, "site names");
        for (int i = 1; i < members.size(); i++) {
            if (members.get(i).slice() <= members.get(i - 1).slice()) {
                throw new IllegalArgumentException(
                        "each site must have a slice of its own, and they stand in the order of these: slice="
                                + members.get(i).slice());
            }
        }
    }

    private static <T> void requireDistinct(List<T> values, Function<T, Object> property, String what) {
        Set<Object> seen = new HashSet<>();
        for (T value : values) {
            if (!seen.add(property.apply(value))) {
                throw new IllegalArgumentException(what + " must differ: " + property.apply(value));
            }
        }
    }

    /**
     * On what terms data is kept. Immutable.
     *
     * @param profile how data is spread
     * @param lease L: how long what was last read of the configuration may be relied on, up to {@link #MAX_LEASE}; zero to
     *     read it before and after each operation
     * @param createdMicros when the keep was created, in microseconds since 1970
     */
    public record Terms(Profile profile, Duration lease, long createdMicros) {
        /** The lease unless told otherwise. */
        public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);

        /** The longest lease. */
        public static final Duration MAX_LEASE = Duration.ofHours(1);

        /** Checks the lease. */
        public Terms {
            requireLease(lease);
        }

        /**
         * Checks a lease.
         *
         * @param lease whole milliseconds, 0 to {@link #MAX_LEASE}
         * @return the lease
         */
        public static Duration requireLease(Duration lease) {
            if (lease.isNegative() || lease.compareTo(MAX_LEASE) > 0 || lease.toNanosPart() % 1_000_000 != 0) {
                throw new IllegalArgumentException(
                        "a lease must be whole milliseconds, at least 0 and at most 1 h: lease=" + lease);
            }
            return lease;
        }
    }
}
