package io.slicekeep.cli.command;

import io.slicekeep.Keep;
import io.slicekeep.KeepDescription;
import io.slicekeep.cli.tree.KeepPath;
import io.slicekeep.cli.tree.Lookup;
import io.slicekeep.cli.tree.ObjectWork;
import io.slicekeep.cli.tree.Tally;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Progress;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.Sizes;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ObjectHealth;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = {
            "Read every slice of every object, check every checksum, decrypt, and tell what is missing or rotten.",
            "Changes nothing. Ends with 0 if all is whole, 6 if all can be read but something must be repaired, 12 or 13"
                    + " if an object cannot be read.",
            ""
        },
        footer = {"", "Examples:", "  slicekeep verify -k my.keep", "  slicekeep verify -k my.keep --light /photos"})
final class VerifyCommand extends BaseCommand {
    @Mixin
    KeepAccess access = new KeepAccess();

    @Option(names = "--light", description = "Look at what each site lists, and read nothing.")
    boolean light;

    @Mixin
    PaceOptions pace = new PaceOptions();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "An object or a folder (default: ${DEFAULT-VALUE}).")
    String name = "/";

    private final Map<String, Long> badCopies = new TreeMap<>();
    private long degraded;

    VerifyCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        KeepPath place = KeepPath.parse(name);
        int jobs = pace.jobs();
        Tally tally = new Tally(shell);
        try (Keep keep = access.open(shell);
                Progress progress = Progress.start(shell, pace.mode(), "verified", -1)) {
            Lookup found = Lookup.of(keep.objects(), place, Freshness.POSSIBLY_STALE);
            if (found.object().isEmpty() && !found.folder()) {
                throw new CommandException(ExitCode.NOT_FOUND, "the keep has no " + place);
            }
            if (found.object().isPresent()) {
                check(keep, place.object(), tally, progress);
            }
            if (found.folder()) {
                ObjectWork.each(keep.objects(), place, Freshness.POSSIBLY_STALE, jobs, entry -> {
                    check(keep, entry.name(), tally, progress);
                    return !tally.stopped();
                });
            }
            progress.finish();
            return summary(tally, progress);
        }
    }

    private void check(Keep keep, ObjectName object, Tally tally, Progress progress) {
        try {
            ObjectHealth health = keep.objects().inspect(object, light ? Depth.LIGHT : Depth.DEEP);
            if (health.goodSlices() < health.neededSlices()) {
                throw new CommandException(
                        ExitCode.TOO_FEW_SLICES,
                        "needed " + health.neededSlices() + " slices, found " + health.goodSlices() + ": "
                                + health.bad());
            }
            tally.done(health.info().lengthBytes());
            progress.add(light ? 0 : health.info().lengthBytes());
            note(health, away(keep));
        } catch (IOException | RuntimeException e) {
            tally.failed(KeepPath.show(object), e);
        }
    }

    /** What lacks nothing but the slices of sites that are away is only counted: of those sites everybody was warned. */
    private synchronized void note(ObjectHealth health, Set<String> away) {
        if (!health.bad().isEmpty()) {
            degraded++;
            health.bad().keySet().forEach(site -> badCopies.merge(site, 1L, Long::sum));
        }
        if (!away.containsAll(health.bad().keySet())) {
            shell.print(KeepPath.show(health.info().name()) + ": " + health.goodSlices() + " slices whole, "
                    + health.neededSlices() + " needed; bad: " + reasons(health.bad()));
        }
    }

    private static String reasons(Map<String, String> bad) {
        return new TreeMap<>(bad)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining("; "));
    }

    private static Set<String> away(Keep keep) {
        return keep.description().sites().stream()
                .filter(site -> site.away().isPresent())
                .map(KeepDescription.SiteState::name)
                .collect(Collectors.toSet());
    }

    private ExitCode summary(Tally tally, Progress progress) {
        shell.print(tally.summary("verified", progress.elapsedNanos()));
        badCopies.forEach(
                (site, count) -> shell.print("site " + site + ": " + Sizes.count(count, "bad or missing slice")));
        return degraded > 0 ? ExitCode.DEGRADED.worse(tally.exitCode()) : tally.exitCode();
    }
}
