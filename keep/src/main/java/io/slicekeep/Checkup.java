package io.slicekeep;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.membership.Configuration;
import io.slicekeep.membership.Membership;
import io.slicekeep.membership.Standing;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks over a keep, its sites and the machine, each on its own, so that it finds out why a keep cannot be opened too. What it
 * finds it says with the remedy. It changes no data: a site is tried out beneath {@code probe/}, where nobody else looks, and
 * what was written there is deleted again; what a checkup leaves that is killed, one deletes that runs a day later.
 */
public final class Checkup {
    /** How long a site may take to be looked over. */
    private static final Duration SITE_BOUND = Duration.ofMinutes(2);

    private static final String KEEP = "keep";

    private final Path keepFile;
    private final KeepOptions options;
    private final Tasks tasks;
    private final Depth depth;
    private final Consumer<Finding> listener;

    private Checkup(Path keepFile, KeepOptions options, Tasks tasks, Depth depth, Consumer<Finding> listener) {
        this.keepFile = keepFile;
        this.options = options;
        this.tasks = tasks;
        this.depth = depth;
        this.listener = listener;
    }

    /**
     * Looks everything over.
     *
     * @param keepFile the keep's file
     * @param keys to verify what sites say; without, it is believed
     * @param depth deep to have 16 writers race for keys at each site too, and, with keys, to note there what was found
     * @param options how it runs
     * @param listener is told what was found, on the calling thread
     * @throws InterruptedIOException if the thread is interrupted
     */
    public static void run(
            Path keepFile, Optional<KeyRing> keys, Depth depth, KeepOptions options, Consumer<Finding> listener)
            throws InterruptedIOException {
        try (Workers workers = Workers.of(options)) {
            new Checkup(keepFile, options, workers.tasks(), depth, listener).run(keys.orElse(null));
        }
    }

    private void run(@Nullable KeyRing keys) throws InterruptedIOException {
        MachineCheck.all().forEach(listener);
        Optional<KeepFile> file = readFile();
        if (file.isEmpty()) {
            return;
        }
        try (Membership membership = keys == null ? null : open(keys)) {
            if (membership != null) {
                opened(membership);
            } else {
                look(file.get());
            }
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            listener.accept(Finding.problem(KEEP, "closing", String.valueOf(e.getMessage())));
        }
    }

    private Optional<KeepFile> readFile() {
        try {
            KeepFile file = KeepFiles.read(keepFile);
            listener.accept(Finding.ok(KEEP, "file", keepFile + " is whole, of format " + KeepFile.VERSION));
            Permissions.check(KEEP, keepFile, "whoever can write it can lead you to other sites")
                    .forEach(listener);
            return Optional.of(file);
        } catch (IOException e) {
            listener.accept(Finding.problem(
                    KEEP,
                    "file",
                    String.valueOf(e.getMessage()),
                    "mend the file, or have 'slicekeep adopt' write a new one from the sites"));
            return Optional.empty();
        }
    }

    /** Opens it without noting anything in its file. */
    private @Nullable Membership open(KeyRing keys) throws InterruptedIOException {
        try {
            return new KeepOpening(keepFile, options, tasks).openUnnoted(keys);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            listener.accept(
                    e instanceof KeyUnavailableException
                            ? Finding.problem(KEEP, "opening", message)
                            : Finding.problem(KEEP, "opening", message, "mend what is told below first"));
            return null;
        }
    }

    private void opened(Membership membership) throws InterruptedIOException {
        Configuration configuration = membership.configuration();
        long generation = membership.keys().generation();
        listener.accept(Finding.ok(KEEP, "keys", "they open it; generation " + generation));
        listener.accept(
                membership.proven()
                        ? Finding.ok(KEEP, "configuration", "epoch " + configuration.epoch() + " is in force")
                        : Finding.problem(
                                KEEP,
                                "configuration",
                                "too few sites are there to tell whether epoch " + configuration.epoch()
                                        + " is in force",
                                "bring back the sites below"));
        new TreeMap<>(Standings.outdated(membership))
                .forEach((site, why) -> listener.accept(Finding.warning(
                        "site " + site, "keys", why, "run 'slicekeep key rotate' or 'slicekeep passwd'")));
        List<Standing> standings = new ArrayList<>(membership.standings());
        membership.incoming().ifPresent(standings::add);
        sites(configuration, standings, membership);
    }

    private void look(KeepFile file) throws InterruptedIOException {
        try {
            Membership.Appearance appearance = new KeepOpening(keepFile, options, tasks).look();
            listener.accept(Finding.ok(
                    KEEP, "configuration", "epoch " + appearance.configuration().epoch() + ", as its sites say"));
            sites(appearance.configuration(), appearance.standings(), null);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            listener.accept(Finding.problem(
                    KEEP,
                    "sites",
                    "none of its sites shows its configuration",
                    "bring back the sites: " + e.getMessage()));
            file.sites().forEach(site -> listener.accept(SiteCheck.reach(site.name(), site.directory(keepFile))));
        }
    }

    private void sites(Configuration configuration, List<Standing> standings, @Nullable Membership membership)
            throws InterruptedIOException {
        KeepCheck.all(configuration, standings).forEach(listener);
        List<SiteCheck> checks = new ArrayList<>();
        for (Standing standing : standings) {
            String coming = checks.size() < configuration.profile().sites() ? "" : " (new)";
            String subject = "site " + standing.name() + coming;
            checks.add(new SiteCheck(subject, standing, configuration, tasks, options.random()));
        }
        lookOver(checks);
        if (depth == Depth.DEEP) {
            for (SiteCheck check : checks) {
                check.race(membership).forEach(listener);
            }
        }
    }

    /** Looks all sites over at once, and leaves those that hang. */
    private void lookOver(List<SiteCheck> checks) throws InterruptedIOException {
        List<List<Finding>> found = new ArrayList<>();
        try (TaskGroup<List<Finding>> group = tasks.group()) {
            for (int i = 0; i < checks.size(); i++) {
                SiteCheck check = checks.get(i);
                found.add(List.of(check.silent()));
                group.fork(i, check::run);
            }
            Deadline deadline = tasks.deadline(SITE_BOUND);
            for (Outcome<List<Finding>> outcome = group.next(deadline);
                    outcome != null;
                    outcome = group.next(deadline)) {
                List<Finding> site = outcome.value();
                if (site != null) {
                    found.set(outcome.index(), site);
                }
            }
        }
        found.forEach(site -> site.forEach(listener));
    }
}
