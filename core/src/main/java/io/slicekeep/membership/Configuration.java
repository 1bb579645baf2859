package io.slicekeep.membership;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.FormatException;
import io.slicekeep.key.SecretBytes;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a keep consists of: its profile, its sites in the order of their indexes, and its namespaces. A copy stands at every
 * site under the keep's MAC; {@link ConfigurationCodec} has the bytes. Immutable.
 *
 * @param keepId which keep
 * @param epoch counts the configurations of a keep, from 1
 * @param profile how data is spread
 * @param createdMicros when the keep was created, in microseconds since 1970
 * @param members one per slice
 * @param namespaces 1 to 1024
 */
public record Configuration(
        KeepId keepId,
        long epoch,
        Profile profile,
        long createdMicros,
        List<Member> members,
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
        if (members.size() != profile.sites()) {
            throw new IllegalArgumentException(
                    "a configuration must have k + m sites: sites=" + members.size() + " profile=" + profile);
        }
        if (namespaces.isEmpty() || namespaces.size() > MAX_NAMESPACES) {
            throw new IllegalArgumentException(
                    "a configuration must have 1 to 1024 namespaces: namespaces=" + namespaces.size());
        }
        requireDistinct(members, Member::name, "site names");
        requireDistinct(members, Member::siteId, "site ids");
        requireDistinct(namespaces, NamespaceEntry::name, "namespace names");
        requireDistinct(namespaces, NamespaceEntry::id, "namespace ids");
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

    private static <T> void requireDistinct(List<T> values, Function<T, Object> property, String what) {
        Set<Object> seen = new HashSet<>();
        for (T value : values) {
            if (!seen.add(property.apply(value))) {
                throw new IllegalArgumentException(what + " must differ: " + property.apply(value));
            }
        }
    }
}
