package io.slicekeep.cli.command;

import io.slicekeep.Keep;
import io.slicekeep.cli.tree.KeepPath;
import io.slicekeep.cli.tree.Lookup;
import io.slicekeep.cli.tree.ObjectWork;
import io.slicekeep.cli.tree.Tally;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.object.Condition;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Freshness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rm",
        description = {
            "Delete objects, and with -r folders. They are gone at once for every reader.",
            "The space they take at the sites is freed by 'slicekeep gc'.",
            ""
        },
        footer = {"", "Examples:", "  slicekeep rm -k my.keep /photos/cat.jpg", "  slicekeep rm -k my.keep -r /photos"})
final class RmCommand extends BaseCommand {
    @Mixin
    KeepAccess access = new KeepAccess();

    @Option(
            names = {"-r", "--recursive"},
            description = "Delete folders and all that lies in them.")
    boolean recursive;

    @Option(
            names = {"-f", "--force"},
            description = "Do not complain of what is not there; allow 'rm -r /'.")
    boolean force;

    @Option(
            names = "--if-match",
            paramLabel = "ETAG",
            description = "Only if the one object named has this ETag, which 'stat' and 'ls --json' show.")
    @Nullable
    String ifMatch;

    @Option(
            names = {"-j", "--jobs"},
            paramLabel = "N",
            defaultValue = "4",
            description = "How many objects at once (default: ${DEFAULT-VALUE}).")
    int jobs;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "Objects and folders.")
    List<String> names = new ArrayList<>();

    RmCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        List<KeepPath> places = new ArrayList<>();
        for (String name : names) {
            places.add(checked(KeepPath.parse(name)));
        }
        Tally tally = new Tally(shell);
        try (Keep keep = access.open(shell)) {
            if (ifMatch != null) {
                deleteIfMatch(keep, ifMatch, places, tally);
            } else {
                for (KeepPath place : places) {
                    delete(keep, place, tally);
                }
            }
        }
        tally.warnOfShortages();
        return tally.exitCode();
    }

    private void deleteIfMatch(Keep keep, String etag, List<KeepPath> places, Tally tally) throws IOException {
        if (places.size() > 1 || recursive) {
            throw CommandException.usage("--if-match is about one object");
        }
        ObjectName object = places.get(0).object();
        tally.written(keep.objects().delete(object, Condition.ifMatch(etag)).missing());
    }

    private KeepPath checked(KeepPath place) throws CommandException {
        if (place.isRoot() && !force) {
            throw CommandException.usage("'rm -r /' deletes all that the keep holds: add --force if that is meant");
        }
        return place;
    }

    private void delete(Keep keep, KeepPath place, Tally tally) throws IOException {
        Lookup found = Lookup.of(keep.objects(), place, Freshness.PROVEN);
        if (found.object().isPresent()) {
            tally.written(keep.objects().delete(place.object()).missing());
        }
        if (found.folder() && (recursive || found.object().isEmpty())) {
            deleteFolder(keep, place, tally);
        }
        if (found.object().isEmpty() && !found.folder() && !force) {
            tally.failed(place.toString(), new CommandException(ExitCode.NOT_FOUND, "the keep has no " + place));
        }
    }

    private void deleteFolder(Keep keep, KeepPath place, Tally tally) throws IOException {
        if (!recursive) {
            tally.failed(place.toString(), CommandException.usage(place + " is a folder: -r deletes it"));
            return;
        }
        ObjectWork.each(keep.objects(), place, Freshness.PROVEN, jobs, entry -> {
            try {
                tally.written(keep.objects().delete(entry.name()).missing());
            } catch (IOException | RuntimeException e) {
                tally.failed(KeepPath.show(entry.name()), e);
            }
            return !tally.stopped();
        });
    }
}
