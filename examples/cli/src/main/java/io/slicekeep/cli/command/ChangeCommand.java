package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.Keep;
import io.slicekeep.KeepDescription;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Json;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.Sizes;
import io.slicekeep.dispersal.Profile;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Changes the sites of a keep, or its profile. */
abstract class ChangeCommand extends BaseCommand {
    private static final long SHOWN_NAMES = 1000;

    @Mixin
    KeepAccess access = new KeepAccess();

    @Option(names = "--give-up", description = "Give up what was begun: sites and profile stay as they are.")
    boolean giveUp;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show no progress.")
    boolean quiet;

    final Counted counted = new Counted();

    ChangeCommand(Shell shell) {
        super(shell);
    }

    static boolean isThere(Keep keep, String name) {
        return keep.description().sites().stream().anyMatch(site -> site.name().equals(name));
    }

    /** Fails if the keep has no such site. */
    static void requireKnown(KeepDescription keep, String name) throws CommandException {
        if (keep.sites().stream().noneMatch(site -> site.name().equals(name))) {
            throw new CommandException(
                    ExitCode.NOT_FOUND,
                    "the keep has no site " + name + "; it has "
                            + keep.sites().stream()
                                    .map(KeepDescription.SiteState::name)
                                    .toList());
        }
    }

    /** Says what was done, and how many names were gone through for it. */
    final void report(Keep keep, String done) throws IOException {
        if (!json) {
            shell.print(giveUp ? done : done + "; " + Sizes.count(counted.names.get(), "name") + " looked after");
            return;
        }
        KeepDescription now = keep.description();
        try (JsonGenerator out = Json.document(shell)) {
            out.writeStartObject();
            out.writeNumberField("epoch", now.epoch());
            out.writeStringField("profile", now.profile().toString());
            SiteStates.write(out, now);
            out.writeEndObject();
        }
        shell.print("");
    }

    /** Returns the profile of so many parity slices, unless the user gave one. */
    static Profile next(Keep keep, String given, int parityMore) throws CommandException {
        if (!given.isEmpty()) {
            return ProfileCommand.parse(given);
        }
        KeepDescription now = keep.description();
        if (now.change().isPresent()) {
            return now.change().get().profile();
        }
        try {
            return now.profile().ofParity(now.profile().paritySlices() + parityMore);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("give a --profile: " + e.getMessage());
        }
    }

    /** Tells now and then how far it is. */
    final class Counted implements Keep.ChangeListener {
        private final AtomicLong names = new AtomicLong();

        @Override
        public void waits(Duration duration) {
            if (!quiet && !duration.isZero()) {
                shell.note("waiting " + Sizes.time(duration.toNanos()) + " until nobody works by what was before");
            }
        }

        @Override
        public void copied(long count) {
            names.set(count);
            if (!quiet && count % SHOWN_NAMES == 0) {
                shell.note(Sizes.count(count, "name") + " looked after");
            }
        }
    }
}
