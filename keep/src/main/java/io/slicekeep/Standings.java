package io.slicekeep;

import io.slicekeep.dispersal.Leaving;
import io.slicekeep.key.KeySlot;
import io.slicekeep.membership.Configuration;
import io.slicekeep.membership.KeyUpdate;
import io.slicekeep.membership.Membership;
import io.slicekeep.membership.NamespaceEntry;
import io.slicekeep.membership.SiteCapabilities;
import io.slicekeep.membership.Standing;
import io.slicekeep.membership.Transition;
import io.slicekeep.membership.WrappedKeys;
import io.slicekeep.object.NamespaceMode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Describes keeps and their sites. */
final class Standings {
    private Standings() {}

    /** Describes an open keep, with the keys as they stand now. */
    static KeepDescription describe(Path keepFile, Membership membership, KeyUpdate.Result keysNow) {
        List<KeepDescription.SiteState> sites = membership.standings().stream()
                .map(standing -> state(standing, keysNow.outdated()))
                .toList();
        return describe(keepFile, membership.configuration(), Optional.of(keysNow.keys()), sites, true);
    }

    /** Describes what a keep looks like without its keys. */
    static KeepDescription describe(Path keepFile, Membership.Appearance appearance) {
        List<KeepDescription.SiteState> sites = appearance.standings().stream()
                .map(standing -> state(standing, Map.of()))
                .toList();
        return describe(keepFile, appearance.configuration(), appearance.keys(), sites, false);
    }

    /** Returns the sites that do not hold the keys that the keep was opened with. */
    static Map<String, String> outdated(Membership membership) {
        long generation = membership.keys().generation();
        Map<String, String> outdated = new LinkedHashMap<>();
        for (Standing standing : membership.standings()) {
            if (standing.present() && standing.keysGeneration() < generation) {
                outdated.put(
                        standing.name(),
                        standing.keysGeneration() == 0
                                ? "it has no readable copy of the keys"
                                : "it has keys from before the last change, which a former key may still open");
            }
        }
        return outdated;
    }

    private static KeepDescription.SiteState state(Standing standing, Map<String, String> outdated) {
        Optional<String> note = standing.present()
                ? Optional.ofNullable(outdated.get(standing.name())).map(reason -> reason + "; rotate the keys")
                : Optional.empty();
        return new KeepDescription.SiteState(
                standing.slice(),
                standing.name(),
                Path.of(standing.address()),
                standing.away(),
                note,
                standing.capabilities().map(SiteCapabilities::found));
    }

    private static KeepDescription describe(
            Path keepFile,
            Configuration configuration,
            Optional<WrappedKeys> keys,
            List<KeepDescription.SiteState> sites,
            boolean verified) {
        List<KeySlot> slots = keys.map(WrappedKeys::slots).orElse(List.of());
        return new KeepDescription(
                keepFile,
                configuration.keepId().hex(),
                configuration.epoch(),
                configuration.profile(),
                configuration
                        .namespace(Configuration.DEFAULT_NAMESPACE)
                        .map(NamespaceEntry::mode)
                        .orElse(NamespaceMode.LWW),
                keys.map(WrappedKeys::generation).orElse(0L),
                slots,
                sites,
                configuration.transition().map(change -> state(configuration, change)),
                verified);
    }

    static KeepDescription.ChangeState state(Configuration configuration, Transition change) {
        return new KeepDescription.ChangeState(
                change.profile(),
                configuration.siteThatChanges(),
                change.incoming().map(coming -> Path.of(coming.address())),
                change.leaving().map(Leaving::departure));
    }
}
