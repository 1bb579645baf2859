package io.slicekeep.membership;

import io.slicekeep.dispersal.Departure;
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
 * What a keep consists of: its terms, its sites in the order of their indexes, and its namespaces. A copy stands at every
 * site under the keep's MAC; {@link ConfigurationCodec} has the bytes, {@link ConfigurationRegister} tells which is in force.
 * Immutable.
 *
 * @param keepId which keep
 * @param epoch counts the configurations of a keep, from 1
 * @param terms what never changes
 * @param members one per slice
 * @param replacement the site that is being replaced; while there is one, the configuration is <em>joint</em>
 * @param namespaces 1 to 1024
 */
public record Configuration(
        KeepId keepId,
        long epoch,
        Terms terms,
        List<Member> members,
        Optional<Replacement> replacement,
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
        if (members.size() != terms.profile().sites()) {
            throw new IllegalArgumentException(
                    "a configuration must have k + m sites: sites=" + members.size() + " profile=" + terms.profile());
        }
        if (namespaces.isEmpty() || namespaces.size() > MAX_NAMESPACES) {
            throw new IllegalArgumentException(
                    "a configuration must have 1 to 1024 namespaces: namespaces=" + namespaces.size());
        }
        requireDistinct(members, Member::name, "site names");
        requireDistinct(seats(members, replacement), seat -> seat.member().siteId(), "site ids");
        requireSameName(members, replacement);
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
     * @return n seats, or n + 1
     */
    List<Seat> seats() {
        return seats(members, replacement);
    }

    /** Returns the next configuration, in which a store is taking a site's place, or another one does than does now. */
    Configuration replacing(int index, SiteId incoming, String address, Departure departure) {
        Member member = new Member(incoming, members.get(index).name(), address, epoch + 2);
        Replacement next = new Replacement(index, member, departure);
        return new Configuration(keepId, epoch + 1, terms, members, Optional.of(next), namespaces);
    }

    /** Returns the next configuration, in which the incoming site has taken its place. */
    Configuration replaced() {
        Replacement done = replacement.orElseThrow();
        List<Member> next = new ArrayList<>(members);
        next.set(done.index(), done.incoming());
        return new Configuration(keepId, epoch + 1, terms, next, Optional.empty(), namespaces);
    }

    /** Returns the next configuration, in which no site is being replaced any more. */
    Configuration unreplaced() {
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

    private static List<Seat> seats(List<Member> members, Optional<Replacement> replacement) {
        List<Seat> seats = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            seats.add(new Seat(i, members.get(i)));
        }
        replacement.ifPresent(coming -> seats.add(new Seat(coming.index(), coming.incoming())));
        return seats;
    }

    private static void requireSameName(List<Member> members, Optional<Replacement> replacement) {
        replacement.ifPresent(coming -> {
            boolean fits = coming.index() < members.size()
                    && members.get(coming.index())
                            .name()
                            .equals(coming.incoming().name());
            if (!fits) {
                throw new IllegalArgumentException("an incoming site must take the name of the one it replaces: index="
                        + coming.index() + " name=" + coming.incoming().name());
            }
        });
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
     * What a keep is founded with. Immutable.
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

    /**
     * A site that is being replaced. Immutable.
     *
     * @param index its position
     * @param incoming who takes it, under the same name
     * @param departure how the one that goes leaves
     */
    public record Replacement(int index, Member incoming, Departure departure) {}

    /** A member and its position. */
    record Seat(int index, Member member) {}
}
