package io.slicekeep.cli.demo;

import io.slicekeep.Keep;
import io.slicekeep.KeepOptions;
import io.slicekeep.KeepSpec;
import io.slicekeep.SitePath;
import io.slicekeep.cli.tree.DataCopy;
import io.slicekeep.cli.tree.GetTree;
import io.slicekeep.cli.tree.KeepPath;
import io.slicekeep.cli.tree.ObjectCursor;
import io.slicekeep.cli.tree.PutTree;
import io.slicekeep.cli.tree.Tally;
import io.slicekeep.cli.tree.Transfer;
import io.slicekeep.cli.tree.TreeDigest;
import io.slicekeep.cli.tree.TreeSize;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Failure;
import io.slicekeep.cli.ui.Progress;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.Sizes;
import io.slicekeep.cli.ui.TextTable;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.TooFewSlicesException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.kms.local.LocalKeystore;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The main job on real files: seal, slice and disperse a folder over six sites, lose sites, read everything back. Fails if
 * anything is not as promised. Confined to one thread.
 */
public final class Demo {
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");
    private static final Profile PROFILE = Profile.of(4, 2);
    private static final int JOBS = 4;

    private final Shell shell;
    private final Path input;
    private final Path work;
    private final TextTable results = new TextTable("llr", "what was done", "what came of it", "speed");

    /**
     * Prepares.
     *
     * @param shell where the story is told
     * @param input the folder to keep
     * @param work a directory that exists and is empty
     */
    public Demo(Shell shell, Path input, Path work) {
        this.shell = shell;
        this.input = input;
        this.work = work;
    }

    /**
     * Runs it.
     *
     * @throws IOException if anything is not as promised
     */
    public void run() throws IOException {
        Canary canary = Canary.create(RandomSource.secure());
        canary.write(canaries());
        LocalKeystore keystore = LocalKeystore.create(work.resolve("demo.keys"));
        keystore.addKey("demo");
        try (KeyRing keys = KeyRing.of(keystore.provider("demo"))) {
            put(keys);
            showSites();
            searchFor(canary);
            destroyAndRot();
            getBack(keys);
            loseThird(keys);
        }
        say("");
        results.print(shell);
    }

    private void put(KeyRing keys) throws IOException {
        step("Sealing, slicing and dispersing " + input + " over six sites, " + PROFILE.dataSlices() + "+"
                + PROFILE.paritySlices() + ": any " + PROFILE.dataSlices() + " of them give it back.");
        List<SitePath> sites =
                NAMES.stream().map(name -> new SitePath(name, site(name))).toList();
        Tally tally = new Tally(shell);
        try (Keep keep = Keep.create(keepFile(), new KeepSpec(PROFILE, sites), keys, KeepOptions.DEFAULT);
                Progress progress =
                        Progress.start(shell, Progress.Mode.SHOWN, "put", TreeSize.bytes(List.of(input, canaries())))) {
            PutTree tree = new PutTree(transfer(keep, tally, progress), Set.of(), PutTree.Wait.ACKNOWLEDGED);
            tree.put(Map.of(input, KeepPath.parse("/input"), canaries(), KeepPath.parse("/canaries")));
            progress.finish();
            require(tally.exitCode() == ExitCode.OK, "not everything could be put");
            say(tally.summary("put", progress.elapsedNanos()));
            tally.warnOfShortages();
            results.row(
                    "put " + Sizes.count(tally.doneCount(), "object"),
                    Sizes.bytes(tally.doneBytes()) + " on six sites",
                    Sizes.rate(tally.doneBytes(), progress.elapsedNanos()));
        }
    }

    private void showSites() throws IOException {
        step("Where it lies now: each site holds one slice of every object, small ones within their records.");
        TextTable table = new TextTable("llrrr", "site", "directory", "records", "slices", "bytes");
        for (String name : NAMES) {
            SiteFiles.Contents contents = new SiteFiles(site(name)).contents();
            table.row(name, site(name), contents.records(), contents.slices(), contents.bytes());
        }
        table.print(shell);
    }

    private void searchFor(Canary canary) throws IOException {
        step("Searching all sites for a file that was put, by its name and by what it says.");
        List<Path> files = new ArrayList<>();
        for (String name : NAMES) {
            files.addAll(new SiteFiles(site(name)).all());
        }
        long found = canary.sightings(files);
        boolean searchWorks = canary.sightings(new SiteFiles(canaries()).all()) == 2;
        require(searchWorks, "the search does not even find the original");
        require(found == 0, found + " files at the sites show plaintext or names");
        say("No site shows a word of it: " + Sizes.count(files.size(), "file") + " searched. The same search finds the"
                + " original.");
        results.row("searched " + Sizes.count(files.size(), "site file"), "no plaintext, no name", "");
    }

    private void destroyAndRot() throws IOException {
        step("Destroying site c, and flipping a byte in every record and slice of site e.");
        new SiteFiles(site("c")).destroy();
        int flipped = new SiteFiles(site("e")).rot();
        require(flipped > 0, "site e has nothing to rot");
        say("Site c is gone; " + Sizes.count(flipped, "file") + " of site e are rotten.");
    }

    private void getBack(KeyRing keys) throws IOException {
        step("Getting everything back from what is left: enough to read, but too few to be sure that nothing newer"
                + " was put; hence the warning.");
        Tally tally = new Tally(shell);
        try (Keep keep = Keep.open(keepFile(), keys);
                Progress progress =
                        Progress.start(shell, Progress.Mode.SHOWN, "get", TreeSize.bytes(List.of(input, canaries())))) {
            GetTree tree = new GetTree(transfer(keep, tally, progress), false);
            tree.getFolder(KeepPath.parse("/input"), work.resolve("restored"));
            tree.getFolder(KeepPath.parse("/canaries"), work.resolve("restored-canaries"));
            progress.finish();
            require(tally.exitCode() == ExitCode.OK, "not everything came back");
            say(tally.summary("got", progress.elapsedNanos()));
            results.row(
                    "lost site c, site e rotten",
                    Sizes.bytes(tally.doneBytes()) + " came back",
                    Sizes.rate(tally.doneBytes(), progress.elapsedNanos()));
        }
        compare();
    }

    private void compare() throws IOException {
        TreeDigest before = TreeDigest.of(input);
        SortedMap<String, String> after =
                TreeDigest.of(work.resolve("restored")).entries();
        for (Map.Entry<String, String> entry : before.entries().entrySet()) {
            require(
                    entry.getValue().equals(after.get(entry.getKey())),
                    entry.getKey() + " came back as '" + after.get(entry.getKey()) + "', not as '" + entry.getValue()
                            + "'");
        }
        require(before.entries().keySet().equals(after.keySet()), "more came back than was put");
        say("All is as it was: names, modes, times, links, and SHA-256 of " + Sizes.count(before.files(), "file") + " ("
                + Sizes.bytes(before.bytes()) + ").");
        results.row("compared " + Sizes.count(before.files(), "SHA-256"), "all equal", "");
    }

    private void loseThird(KeyRing keys) throws IOException {
        step("Losing a third one: destroying site a as well. Now only three good slices remain, and four are needed.");
        new SiteFiles(site("a")).destroy();
        try (Keep keep = Keep.open(keepFile(), keys)) {
            int checked = 0;
            for (ObjectEntry entry : samples(keep)) {
                TooFewSlicesException refusal = refusal(keep, entry);
                boolean exact = refusal.needed() == 4
                        && refusal.found() == 3
                        && sites(refusal).equals(Set.of("a", "c", "e"));
                require(exact, "the refusal is not exact: " + refusal.getMessage());
                say(KeepPath.show(entry.name()) + " is refused, as it must be: "
                        + Failure.of(refusal).message());
                checked++;
            }
            require(checked == 2, "nothing to read");
            results.row("lost site a as well", "refused: needed 4, found 3", "");
        }
    }

    /** Returns a large and a small object: one of each kind. */
    private static List<ObjectEntry> samples(Keep keep) throws IOException {
        List<ObjectEntry> samples = new ArrayList<>();
        ObjectCursor listing =
                new ObjectCursor(keep.objects(), KeepPath.parse("/canaries").prefix(), Freshness.POSSIBLY_STALE);
        for (ObjectEntry entry = listing.next(); entry != null; entry = listing.next()) {
            if (entry.lengthBytes() > 0) {
                samples.add(entry);
            }
        }
        return samples;
    }

    /** Returns the sites that an error names; each is followed by a colon and the reason. */
    private static Set<String> sites(TooFewSlicesException refusal) {
        return refusal.missing().stream()
                .map(site -> site.replaceFirst("(?s):.*", ""))
                .collect(Collectors.toSet());
    }

    private static TooFewSlicesException refusal(Keep keep, ObjectEntry entry) throws IOException {
        try (Source source = keep.objects().open(entry.name(), Freshness.POSSIBLY_STALE);
                Progress none = Progress.none()) {
            DataCopy.copy(source, 0, source.length(), Channels.newChannel(OutputStream.nullOutputStream()), none);
        } catch (TooFewSlicesException e) {
            return e;
        }
        throw failed(entry.name() + " can still be read, from three slices");
    }

    private Transfer transfer(Keep keep, Tally tally, Progress progress) {
        return new Transfer(keep.objects(), shell, tally, progress, Transfer.Comparison.TIME, JOBS);
    }

    private Path keepFile() {
        return work.resolve("demo.keep");
    }

    private Path site(String name) {
        return work.resolve("sites").resolve(name);
    }

    private Path canaries() {
        return work.resolve("canaries");
    }

    private void step(String text) {
        say("");
        say(text);
    }

    private void say(String text) {
        shell.print(text);
        shell.flush();
    }

    private static void require(boolean holds, String otherwise) throws CommandException {
        if (!holds) {
            throw failed(otherwise);
        }
    }

    private static CommandException failed(String what) {
        return new CommandException(ExitCode.INTEGRITY, "the demonstration failed: " + what);
    }

    /**
     * Removes what the demonstration made.
     *
     * @param work its directory
     * @throws IOException if something cannot be removed
     */
    public static void cleanUp(Path work) throws IOException {
        if (Files.exists(work)) {
            SiteFiles.delete(work);
        }
    }
}
