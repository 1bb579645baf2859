package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.Keep;
import io.slicekeep.KeepOptions;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Progress;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.Sizes;
import io.slicekeep.scrub.ScrubListener;
import io.slicekeep.scrub.ScrubOptions;
import io.slicekeep.scrub.ScrubOptions.Depth;
import io.slicekeep.scrub.ScrubReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "scrub",
        description = {
            "Without any key: read all that the sites hold, check every checksum, and tell what is missing or rotten.",
            "For machines that must not have keys; 'slicekeep verify' and 'repair' know more. Deletes nothing. May be stopped"
                    + " at any time, and may run beside other commands. Objects are shown by their encrypted names.",
            "Who the sites are is believed if more than half of those in the keep file agree. Ends with 0 if all that it looked at"
                    + " is whole, 6 if something is missing or rotten, or a site is away, 8 if too few sites are there, 12 if a"
                    + " version has too few slices at all. A scrub that goes on counts what was found before it was stopped.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  slicekeep scrub -k my.keep --light",
            "  slicekeep scrub -k my.keep --repair             rebuilds slices that are missing; rot is left to"
                    + " 'repair'",
            "  slicekeep scrub -k my.keep --rate 50M --resume scrub.state",
        })
final class ScrubCommand extends BaseCommand {
    private static final Pattern RATE = Pattern.compile("(\\d{1,9})([KMG]?)");
    private static final int UNIT_BITS = 10;

    @Mixin
    KeepAccess access = new KeepAccess();

    @Option(names = "--light", description = "Look at what each site lists, and read nothing that is listed.")
    boolean light;

    @Option(names = "--deep", description = "Read every byte (this is the default).")
    boolean deep;

    @Option(names = "--repair", description = "Rebuild slices that are missing, where enough others agree on them.")
    boolean repair;

    @Option(names = "--rate", paramLabel = "BYTES", description = "Read so much per second at most, such as 50M.")
    @Nullable
    String rate;

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description =
                    "Note there how far it came, and go on from there; deleted at the end. A file that is no such note, or"
                            + " one of another keep or depth, is refused.")
    @Nullable
    Path resume;

    @Option(names = "--json", description = "Print the findings and the report as JSON.")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show no progress.")
    boolean quiet;

    ScrubCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        if (light && deep) {
            throw CommandException.usage("--light or --deep, not both");
        }
        Depth depth = light ? Depth.LIGHT : Depth.DEEP;
        long limit = bytesPerSecond();
        Path file = access.file(shell);
        ScrubNote note = resume == null
                ? null
                : ScrubNote.open(resume, Keep.inspect(file, KeepOptions.DEFAULT).keepId(), depth);
        ScrubOptions options = new ScrubOptions(depth, repair, note == null ? "" : note.cursor(), limit);
        ExitCode before = note == null ? ExitCode.OK : note.worst();
        Progress.Mode mode = quiet ? Progress.Mode.QUIET : Progress.Mode.SHOWN;
        try (ObjectFindings findings = ObjectFindings.start(shell, json);
                Progress progress = Progress.start(shell, mode, "scrubbed", -1)) {
            ScrubReport report = Keep.scrub(file, KeepOptions.DEFAULT, options, new Watcher(progress, findings, note));
            progress.finish();
            if (note != null) {
                note.done();
            }
            findings.end(() -> print(report, progress.elapsedNanos()), out -> writeJson(out, report));
            if (before != ExitCode.OK) {
                shell.warn("before it went on, it had found: " + before);
            }
            return code(report).worse(before);
        }
    }

    private static ExitCode code(ScrubReport report) {
        if (report.belowNeeded() > 0) {
            return ExitCode.TOO_FEW_SLICES;
        }
        if (!report.readable()) {
            return ExitCode.UNAVAILABLE;
        }
        return report.whole() ? ExitCode.OK : ExitCode.DEGRADED;
    }

    private long bytesPerSecond() throws CommandException {
        if (rate == null) {
            return 0;
        }
        Matcher matcher = RATE.matcher(rate);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw CommandException.usage("--rate must look like 500K, 50M or 1G: " + rate);
        }
        int unit = matcher.group(2).isEmpty() ? 0 : "KMG".indexOf(matcher.group(2)) + 1;
        return Long.parseLong(matcher.group(1)) << (UNIT_BITS * unit);
    }

    /** Shows what is found, and notes how far it came, once a second. */
    private final class Watcher implements ScrubListener {
        private static final long NOTE_NANOS = 1_000_000_000;

        private final Progress progress;
        private final ObjectFindings findings;
        private final @Nullable ScrubNote note;
        private final ExitCode before;
        private long notedNanos;

        Watcher(Progress progress, ObjectFindings findings, @Nullable ScrubNote note) {
            this.progress = progress;
            this.findings = findings;
            this.note = note;
            this.before = note == null ? ExitCode.OK : note.worst();
        }

        @Override
        public void found(Finding finding) {
            String name = finding.name();
            int whole = finding.wholeSlices();
            try {
                findings.add(
                        new ObjectFindings.Finding(
                                name,
                                out -> out.writeStringField("name", name),
                                whole,
                                finding.mended(),
                                finding.bad()),
                        Sizes.count(whole, "whole slice"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void reached(String cursor, ScrubReport soFar) {
            progress.add(soFar.counts().bytesRead() - progress.doneBytes());
            if (note != null && progress.elapsedNanos() - notedNanos >= NOTE_NANOS) {
                notedNanos = progress.elapsedNanos();
                try {
                    note.reached(cursor, code(soFar).worse(before));
                } catch (IOException e) {
                    shell.warn("cannot note how far it came: " + e);
                }
            }
        }
    }

    private void print(ScrubReport report, long elapsedNanos) {
        ScrubReport.Counts counts = report.counts();
        shell.print("read " + Sizes.bytes(counts.bytesRead()) + " in " + Sizes.time(elapsedNanos));
        report.versionsByWholeSlices().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
                .forEach(level -> shell.print(
                        Sizes.count(level.getValue(), "object") + " with " + Sizes.count(level.getKey(), "whole slice")
                                + " of " + report.sites() + danger(report, level.getKey())));
        new TreeMap<>(report.missing()).forEach((site, count) -> shell.print("site " + site + ": lacks " + count));
        new TreeMap<>(report.rotten()).forEach((site, count) -> shell.print("site " + site + ": rotten " + count));
        new TreeMap<>(report.away()).forEach((site, why) -> shell.warn("site " + site + ": " + why));
        if (counts.rebuiltSlices() > 0) {
            shell.print("rebuilt " + Sizes.count(counts.rebuiltSlices(), "slice") + ", "
                    + Sizes.rate(counts.rebuiltBytes(), counts.rebuildNanos()));
        }
        if (counts.lackingSlices() > 0) {
            shell.print("still lacking: " + Sizes.count(counts.lackingSlices(), "slice") + ", "
                    + Sizes.bytes(counts.lackingBytes())
                    + report.secondsToWhole()
                            .map(seconds -> "; whole in " + Sizes.time((long) (seconds * 1e9)) + " at this rate")
                            .orElse(""));
        }
        if (counts.forKeys() > 0) {
            shell.print("for 'slicekeep repair', which has the keys: " + Sizes.count(counts.forKeys(), "object"));
        }
    }

    private static String danger(ScrubReport report, int whole) {
        if (whole < report.needed()) {
            return report.away().isEmpty() ? ": lost, or never acknowledged" : ": too few in reach";
        }
        return whole == report.needed() && report.sites() > whole ? ": the next loss loses them" : "";
    }

    private static void writeJson(JsonGenerator out, ScrubReport report) throws IOException {
        ScrubReport.Counts counts = report.counts();
        out.writeNumberField("sites", report.sites());
        out.writeNumberField("needed", report.needed());
        ObjectFindings.writeCounts(out, "objectsByWholeSlices", new TreeMap<>(report.versionsByWholeSlices()));
        ObjectFindings.writeCounts(out, "missingBySite", new TreeMap<>(report.missing()));
        ObjectFindings.writeCounts(out, "rottenBySite", new TreeMap<>(report.rotten()));
        ObjectFindings.writeTexts(out, "away", report.away());
        out.writeNumberField("belowNeeded", report.belowNeeded());
        out.writeNumberField("inDanger", report.inDanger());
        out.writeNumberField("nextToDanger", report.nextToDanger());
        out.writeNumberField("deleted", counts.deleted());
        out.writeNumberField("unproven", counts.unproven());
        out.writeNumberField("unreached", counts.unreached());
        out.writeNumberField("bytesRead", counts.bytesRead());
        out.writeNumberField("rebuiltSlices", counts.rebuiltSlices());
        out.writeNumberField("rebuiltBytes", counts.rebuiltBytes());
        out.writeNumberField("lackingSlices", counts.lackingSlices());
        out.writeNumberField("lackingBytes", counts.lackingBytes());
        out.writeNumberField("forKeys", counts.forKeys());
        if (report.secondsToWhole().isPresent()) {
            out.writeNumberField("secondsToWhole", report.secondsToWhole().get());
        }
    }
}
