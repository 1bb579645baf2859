package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
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
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that goes through objects and reports how redundant they are. */
abstract class SweepCommand extends BaseCommand {
    @Mixin
    KeepAccess access = new KeepAccess();

    @Option(names = "--light", description = "Look at what each site lists, and read nothing that is listed.")
    boolean light;

    @Option(names = "--json", description = "Print the findings and the summary as JSON.")
    boolean json;

    @Mixin
    PaceOptions pace = new PaceOptions();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "An object or a folder (default: ${DEFAULT-VALUE}).")
    String name = "/";

    private final String done;
    private final Map<Integer, Long> wholeSlices = new TreeMap<>(Collections.reverseOrder());
    private final Map<String, Long> bad = new TreeMap<>();
    private final Map<String, Long> mended = new TreeMap<>();
    private Set<String> away = Set.of();

    /** What became of one object. */
    record Visit(ObjectName object, long lengthBytes, Map<String, String> bad, Map<String, String> mended) {
        static Visit of(ObjectHealth health) throws CommandException {
            if (health.goodSlices() < health.neededSlices()) {
                throw new CommandException(
                        ExitCode.TOO_FEW_SLICES,
                        "needed " + health.neededSlices() + " slices, found " + health.goodSlices() + ": "
                                + health.bad());
            }
            return new Visit(health.info().name(), health.info().lengthBytes(), health.bad(), Map.of());
        }
    }

    /** A command whose summary says what was done. */
    SweepCommand(Shell shell, String done) {
        super(shell);
        this.done = done;
    }

    /** Deals with one object. */
    abstract Visit visit(Keep keep, ObjectName object) throws IOException;

    final Depth depth() {
        return light ? Depth.LIGHT : Depth.DEEP;
    }

    @Override
    final ExitCode run() throws IOException {
        KeepPath place = KeepPath.parse(name);
        int jobs = pace.jobs();
        Tally tally = new Tally(shell);
        try (Keep keep = access.open(shell);
                ObjectFindings findings = ObjectFindings.start(shell, json);
                Progress progress = Progress.start(shell, pace.mode(), done, -1)) {
            away = away(keep);
            Lookup found = Lookup.of(keep.objects(), place, Freshness.POSSIBLY_STALE);
            if (found.object().isEmpty() && !found.folder()) {
                throw new CommandException(ExitCode.NOT_FOUND, "the keep has no " + place);
            }
            if (found.object().isPresent()) {
                visit(keep, place.object(), tally, progress, findings);
            }
            if (found.folder()) {
                ObjectWork.each(keep.objects(), place, Freshness.POSSIBLY_STALE, jobs, entry -> {
                    visit(keep, entry.name(), tally, progress, findings);
                    return !tally.stopped();
                });
            }
            progress.finish();
            findings.end(() -> print(tally, progress), out -> writeJson(out, tally));
            return bad.isEmpty() ? tally.exitCode() : ExitCode.DEGRADED.worse(tally.exitCode());
        }
    }

    private void visit(Keep keep, ObjectName object, Tally tally, Progress progress, ObjectFindings findings) {
        try {
            Visit visit = visit(keep, object);
            tally.done(visit.lengthBytes());
            progress.add(light ? 0 : visit.lengthBytes());
            note(visit, keep.description().sites().size(), findings);
        } catch (IOException | RuntimeException e) {
            tally.failed(KeepPath.show(object), e);
        }
    }

    /** What lacks nothing but the slices of sites that are away is only counted: of those sites everybody was warned. */
    private synchronized void note(Visit visit, int sites, ObjectFindings findings) throws IOException {
        int whole = sites - visit.bad().size();
        wholeSlices.merge(whole, 1L, Long::sum);
        visit.bad().keySet().forEach(site -> bad.merge(site, 1L, Long::sum));
        visit.mended().keySet().forEach(site -> mended.merge(site, 1L, Long::sum));
        if (!(away.containsAll(visit.bad().keySet()) && visit.mended().isEmpty())) {
            ObjectName name = visit.object();
            findings.add(
                    new ObjectFindings.Finding(
                            KeepPath.show(name), out -> JsonNames.write(out, name), whole, visit.mended(), visit.bad()),
                    whole + " of " + sites + " slices whole");
        }
    }

    private static Set<String> away(Keep keep) {
        return keep.description().sites().stream()
                .filter(site -> site.away().isPresent())
                .map(KeepDescription.SiteState::name)
                .collect(Collectors.toSet());
    }

    private void print(Tally tally, Progress progress) {
        shell.print(tally.summary(done, progress.elapsedNanos()));
        wholeSlices.forEach((whole, objects) ->
                shell.print(Sizes.count(objects, "object") + " with " + Sizes.count(whole, "whole slice")));
        mended.forEach((site, count) -> shell.print("site " + site + ": " + Sizes.count(count, "mended object")));
        bad.forEach((site, count) -> shell.print("site " + site + ": " + Sizes.count(count, "bad or missing slice")));
    }

    private void writeJson(JsonGenerator out, Tally tally) throws IOException {
        out.writeNumberField("objects", tally.doneCount());
        out.writeNumberField("bytes", tally.doneBytes());
        out.writeNumberField("failed", tally.failedCount());
        ObjectFindings.writeCounts(out, "objectsByWholeSlices", wholeSlices);
        ObjectFindings.writeCounts(out, "mendedBySite", mended);
        ObjectFindings.writeCounts(out, "badBySite", bad);
    }
}
