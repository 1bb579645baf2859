package io.slicekeep;

import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.key.KeySlot;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.probe.Capabilities;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a keep is and how it stands. Immutable.
 *
 * @param keepFile the file that it was opened by
 * @param keepId 32 hex digits
 * @param epoch of its configuration
 * @param profile how data is spread
 * @param mode how writes take each other's place
 * @param keysGeneration how often its keys were changed, from 1
 * @param slots the wrapped copies of its secret: any one opens it
 * @param sites all n, in the order of their slices
 * @param change what is being changed; empty if nothing is
 * @param verified whether all this was checked with the keep's secret; false if it was only looked at without keys
 */
public record KeepDescription(
        Path keepFile,
        String keepId,
        long epoch,
        Profile profile,
        NamespaceMode mode,
        long keysGeneration,
        List<KeySlot> slots,
        List<SiteState> sites,
        Optional<ChangeState> change,
        boolean verified) {
    /** Copies the lists. */
    public KeepDescription {
        slots = List.copyOf(slots);
        sites = List.copyOf(sites);
    }

    /**
     * Returns what the sites at hand allow.
     *
     * @return the access
     */
    public Access access() {
        long present = sites.stream().filter(site -> site.away().isEmpty()).count();
        if (present == sites.size()) {
            return Access.COMPLETE;
        }
        if (present >= profile.readQuorum()) {
            return Access.DEGRADED;
        }
        int next = change.map(state -> state.profile().dataSlices()).orElse(0);
        return present >= Math.max(profile.dataSlices(), next) ? Access.POSSIBLY_STALE : Access.NONE;
    }

    /** What the sites at hand allow. */
    public enum Access {
        /** All n sites are there. */
        COMPLETE,
        /** At least R sites are there: reads and writes work, with less redundancy for what is written now. */
        DEGRADED,
        /** At least k, the greater one while it changes, but fewer than R sites are there: only reads that may be stale. */
        POSSIBLY_STALE,
        /** Fewer than k sites are there: nothing can be read. */
        NONE
    }

    /**
     * How one site stands.
     *
     * @param slice which slice of every object is its: below k of data, else of parity
     * @param name what people call it
     * @param directory where its blobs lie
     * @param away why it is not used, and the remedy; empty if it is there
     * @param note what should be done about a site that is there; empty if nothing
     * @param capabilities what its store was found to be when it was probed last; empty if it is away or was not probed
     */
    public record SiteState(
            int slice,
            String name,
            Path directory,
            Optional<String> away,
            Optional<String> note,
            Optional<Capabilities> capabilities) {}

    /**
     * A change that is under way, or was left unfinished.
     *
     * @param profile the profile then
     * @param site the name of the site that goes, or comes, or is replaced; empty if only the profile changes
     * @param directory where the site is that comes; empty if none does
     * @param departure how the site goes; empty if none does
     */
    public record ChangeState(
            Profile profile, Optional<String> site, Optional<Path> directory, Optional<Departure> departure) {
        /** What changes. */
        public enum Kind {
            /** One site takes another's place. */
            REPLACE,
            /** A site comes. */
            ADD,
            /** A site goes. */
            REMOVE,
            /** The sites stay. */
            PROFILE
        }

        /**
         * Returns what changes.
         *
         * @return the kind
         */
        public Kind kind() {
            if (directory.isPresent()) {
                return departure.isPresent() ? Kind.REPLACE : Kind.ADD;
            }
            return departure.isPresent() ? Kind.REMOVE : Kind.PROFILE;
        }

        /**
         * Says what changes.
         *
         * @return a sentence without its full stop
         */
        public String what() {
            String name = "Site " + site.orElse("");
            return switch (kind()) {
                case REPLACE -> name + " is being replaced by " + directory.orElseThrow();
                case ADD -> name + " is being added at " + directory.orElseThrow();
                case REMOVE -> name + " is being removed";
                case PROFILE -> "The profile is being changed to " + profile;
            };
        }

        /**
         * Says how to finish it.
         *
         * @return the words behind {@code slicekeep}
         */
        public String command() {
            String lost = departure.equals(Optional.of(Departure.LOST)) ? "--lost " : "";
            String name = site.orElse("");
            return switch (kind()) {
                case REPLACE -> "site replace " + lost + name + " " + directory.orElseThrow();
                case ADD -> "site add --profile " + profile + " " + name + " " + directory.orElseThrow();
                case REMOVE -> "site remove " + lost + "--profile " + profile + " " + name;
                case PROFILE -> "profile set " + profile;
            };
        }
    }
}
