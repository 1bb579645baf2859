package io.slicekeep.cli.command;

import io.slicekeep.Keep;
import io.slicekeep.KeepOptions;
import io.slicekeep.cli.tree.KeepPath;
import io.slicekeep.cli.tree.Lookup;
import io.slicekeep.cli.tree.PutTree;
import io.slicekeep.cli.tree.PutTree.Wait;
import io.slicekeep.cli.tree.Tally;
import io.slicekeep.cli.tree.TreeSize;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Progress;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.object.Condition;
import io.slicekeep.object.ObjectStore.Freshness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "put",
        description = {
            "Put files and folders into a keep.",
            "One SOURCE becomes DESTINATION; several go into it, each under its own name, and so does one if"
                    + " DESTINATION ends with a slash. '-' is standard input.",
            "Folders go in with all they hold: times, modes, empty folders, links (as links, never followed). Files"
                    + " that are there already with the same length and time are left out, so that an interrupted put"
                    + " goes on when it is started again. Owners, hard links and extended attributes are not kept.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  slicekeep put -k my.keep ~/Pictures /photos        # ~/Pictures/cat.jpg becomes /photos/cat.jpg",
            "  slicekeep put -k my.keep ~/Pictures ~/Music /      # becomes /Pictures/... and /Music/...",
            "  slicekeep put -k my.keep --checksum ~/Pictures /photos",
            "  pg_dump db | slicekeep put -k my.keep - /backup/db.sql",
            "  slicekeep put -k my.keep --if-none-match lock.json /lock.json    # of several, one succeeds"
        })
final class PutCommand extends BaseCommand {
    @Mixin
    KeepAccess access = new KeepAccess();

    @Mixin
    TransferOptions options = new TransferOptions();

    @Mixin
    ConditionOptions conditions = new ConditionOptions();

    @Option(
            names = "--settled",
            description =
                    "Wait for all sites, and bring there what did not get there; ends with 6 if a site still lacks"
                            + " something of this run. Else an object is put when enough sites hold it for it to be safe.")
    boolean settled;

    @Parameters(
            arity = "2..*",
            paramLabel = "SOURCE... DESTINATION",
            hideParamSyntax = true,
            description = "Files and folders, then the name in the keep.")
    List<String> operands = new ArrayList<>();

    PutCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        List<String> sources = operands.subList(0, operands.size() - 1);
        KeepPath destination = KeepPath.parse(operands.get(operands.size() - 1));
        if (sources.contains("-")) {
            return putInput(sources, destination);
        }
        List<Path> paths = new ArrayList<>();
        for (String source : sources) {
            paths.add(path(source));
        }
        Condition condition = conditions.condition();
        try (Keep keep = open()) {
            Map<Path, KeepPath> targets = targets(keep, paths, destination);
            if (!condition.equals(Condition.NONE)) {
                return putIf(condition, keep, targets);
            }
            return putPaths(keep, targets);
        }
    }

    /** A condition is about one object; whether it is there already with the same length and time does not matter. */
    private ExitCode putIf(Condition condition, Keep keep, Map<Path, KeepPath> targets) throws IOException {
        Map.Entry<Path, KeepPath> only = targets.entrySet().iterator().next();
        if (targets.size() > 1 || !Files.isRegularFile(only.getKey(), LinkOption.NOFOLLOW_LINKS)) {
            throw CommandException.usage("--if-match and --if-none-match are about one file");
        }
        Tally tally = new Tally(shell);
        try (Progress progress = Progress.start(shell, options.pace.mode(), "put", totalBytes(targets.keySet()))) {
            new PutTree(options.transfer(keep.objects(), shell, tally, progress), sites(keep), until())
                    .put(only.getKey(), only.getValue(), condition);
            return finish(tally, progress);
        }
    }

    private ExitCode putPaths(Keep keep, Map<Path, KeepPath> targets) throws IOException {
        Tally tally = new Tally(shell);
        try (Progress progress = Progress.start(shell, options.pace.mode(), "put", totalBytes(targets.keySet()))) {
            new PutTree(options.transfer(keep.objects(), shell, tally, progress), sites(keep), until()).put(targets);
            return finish(tally, progress);
        }
    }

    private ExitCode putInput(List<String> sources, KeepPath destination) throws IOException {
        if (sources.size() > 1 || destination.isFolder()) {
            throw CommandException.usage("'-' is put by itself, and its destination must not end with a slash");
        }
        Tally tally = new Tally(shell);
        try (Keep keep = open();
                Progress progress = Progress.start(shell, options.pace.mode(), "put", -1)) {
            new PutTree(options.transfer(keep.objects(), shell, tally, progress), Set.of(), until())
                    .put(shell.in(), destination, conditions.condition());
            return finish(tally, progress);
        }
    }

    /** Opens the keep; who waits for all sites does not give up the slow ones after seconds. */
    private Keep open() throws IOException {
        if (!settled) {
            return access.open(shell);
        }
        Timing timing = Timing.DEFAULT;
        Patience patience = timing.patience();
        Patience longer = new Patience(
                patience.siteTimeout(), patience.commitTimeout(), patience.commitTimeout(), patience.hedgeDelay());
        return access.open(shell, KeepOptions.DEFAULT.withTiming(new Timing(timing.deadline(), longer)));
    }

    private Wait until() {
        return settled ? Wait.SETTLED : Wait.ACKNOWLEDGED;
    }

    private ExitCode finish(Tally tally, Progress progress) {
        ExitCode code = options.finish(shell, tally, "put", progress);
        return settled && tally.lacking() ? code.worse(ExitCode.DEGRADED) : code;
    }

    /** What each source becomes. */
    private static Map<Path, KeepPath> targets(Keep keep, List<Path> sources, KeepPath destination) throws IOException {
        Map<Path, KeepPath> targets = new LinkedHashMap<>();
        boolean into = sources.size() > 1 || (destination.isFolder() && !destination.isRoot());
        for (Path source : sources) {
            boolean file = !Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS);
            boolean intoFolder = into || (file && (destination.isRoot() || isFolder(keep, destination)));
            targets.put(source, intoFolder ? PutTree.within(destination, source) : destination);
        }
        if (Set.copyOf(targets.values().stream().map(KeepPath::toString).toList())
                        .size()
                < targets.size()) {
            throw CommandException.usage("two of the sources have the same name: put them one by one");
        }
        return targets;
    }

    private static boolean isFolder(Keep keep, KeepPath destination) throws IOException {
        return Lookup.of(keep.objects(), destination, Freshness.PROVEN).folder();
    }

    /** A slash at the end follows a link, as everywhere. */
    private static Path path(String source) throws IOException {
        Path path = Path.of(source);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(source);
        }
        return source.endsWith("/") ? path.toRealPath() : path;
    }

    private long totalBytes(Set<Path> sources) throws IOException {
        return options.pace.quiet ? -1 : TreeSize.bytes(sources);
    }

    private static Set<Object> sites(Keep keep) {
        return keep.description().sites().stream()
                .map(site -> PutTree.identity(site.directory()))
                .collect(Collectors.toSet());
    }
}
