package io.slicekeep;

import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.membership.KeyUpdate;
import io.slicekeep.membership.Membership;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.scrub.ScrubListener;
import io.slicekeep.scrub.ScrubOptions;
import io.slicekeep.scrub.ScrubReport;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * n sites, a profile and keys, described by one small text file and opened by it: data that is put here is sealed, sliced
 * and dispersed, and comes back from any k of the sites. Thread-safe; closing it while others use it is the caller's
 * mistake.
 *
 * <pre>{@code
 * try (Keep keep = Keep.open(Path.of("my.keep"), KeyRing.of(passphrase))) {
 *     keep.put("photos/cat.jpg", Path.of("cat.jpg"));
 *     keep.get("photos/cat.jpg").readAt(1_000_000, buffer);
 * }
 * }</pre>
 *
 * <p>The key ring belongs to its creator: it is used while opening and by {@link #rotateKeys}, and is not closed here.
 */
public final class Keep implements Closeable {
    private final Path keepFile;
    private final KeepOptions options;
    private final KeyRing keys;
    private final Workers workers;
    private final Membership membership;
    private final NamespaceObjects objects;
    private volatile KeyUpdate.Result keysNow;

    private Keep(Path keepFile, KeepOptions options, KeyRing keys, Workers workers, Membership membership)
            throws IOException {
        this.keepFile = keepFile;
        this.options = options;
        this.keys = keys;
        this.workers = workers;
        this.membership = membership;
        this.objects = KeepObjects.open(membership, workers.tasks(), options);
        this.keysNow = new KeyUpdate.Result(membership.keys(), Standings.outdated(membership));
    }

    /**
     * Creates a keep with the default options.
     *
     * @param keepFile where its file shall stand
     * @param spec profile and sites
     * @param keys 1 to 16 keys, each of which will open the keep
     * @return the keep, open
     * @throws IOException as {@link #create(Path, KeepSpec, KeyRing, KeepOptions)}
     */
    public static Keep create(Path keepFile, KeepSpec spec, KeyRing keys) throws IOException {
        return create(keepFile, spec, keys, KeepOptions.DEFAULT);
    }

    /**
     * Creates a keep in empty or missing directories and writes its file last: a creation that was interrupted is repeated
     * with the same call.
     *
     * @param keepFile where its file shall stand
     * @param spec profile and sites
     * @param keys 1 to 16 keys, each of which will open the keep
     * @param options how it runs
     * @return the keep, open
     * @throws SetupException if a directory is given twice or lies within another one
     * @throws io.slicekeep.error.UnavailableException if a directory is in use or cannot be written, naming each and why
     * @throws KeepFileException if the file exists and may not be replaced
     * @throws IOException if a site cannot be written
     */
    public static Keep create(Path keepFile, KeepSpec spec, KeyRing keys, KeepOptions options) throws IOException {
        try (Workers workers = Workers.of(options)) {
            new KeepCreation(keepFile, options, workers.tasks()).create(spec, keys);
        }
        return open(keepFile, keys, options);
    }

    /**
     * Opens a keep with the default options.
     *
     * @param keepFile its file
     * @param keys at least one must be named by the file and open the keep
     * @return the keep
     * @throws IOException as {@link #open(Path, KeyRing, KeepOptions)}
     */
    public static Keep open(Path keepFile, KeyRing keys) throws IOException {
        return open(keepFile, keys, KeepOptions.DEFAULT);
    }

    /**
     * Opens a keep. Sites that are away, wiped, foreign or swapped are left out, and {@link #description} says why; with
     * fewer than R sites only reads that may be stale work.
     *
     * @param keepFile its file
     * @param keys at least one must be named by the file and open the keep
     * @param options how it runs
     * @return the keep
     * @throws KeepFileException if the file is malformed or names sites that the keep does not have
     * @throws io.slicekeep.error.UnavailableException if fewer than k sites can be used, naming each and why
     * @throws io.slicekeep.error.KeyUnavailableException if no key opens it
     * @throws IOException if it cannot be read
     */
    public static Keep open(Path keepFile, KeyRing keys, KeepOptions options) throws IOException {
        return opened(keepFile, keys, options, opening -> opening.open(keys));
    }

    /**
     * Rebuilds a lost keep file from the sites, and opens the keep. Which site is which is read from the sites themselves.
     *
     * @param keepFile where the file shall stand
     * @param directories the sites that are at hand, in any order
     * @param keys at least one must open the keep
     * @param options how it runs
     * @return the keep, open
     * @throws io.slicekeep.error.UnavailableException if the directories are of several keeps, or too few
     * @throws KeepFileException if the file exists and may not be replaced
     * @throws io.slicekeep.error.KeyUnavailableException if no key opens it
     * @throws IOException if it cannot be read
     */
    public static Keep adopt(Path keepFile, List<Path> directories, KeyRing keys, KeepOptions options)
            throws IOException {
        KeepCreation.requireWritable(keepFile, options);
        return opened(keepFile, keys, options, opening -> {
            Membership membership = opening.openUnnamed(directories, keys);
            try {
                KeepCreation.write(keepFile, opening.describe(membership, keys), options);
                return membership;
            } catch (IOException | RuntimeException e) {
                membership.close();
                throw e;
            }
        });
    }

    /**
     * Looks at a keep without any key: what its file says and how its sites stand. Nothing that it returns is verified.
     *
     * @param keepFile its file
     * @param options how it runs
     * @return the description
     * @throws IOException if the file is malformed or no site can be read
     */
    public static KeepDescription inspect(Path keepFile, KeepOptions options) throws IOException {
        try (Workers workers = Workers.of(options)) {
            return Standings.describe(keepFile, new KeepOpening(keepFile, options, workers.tasks()).look());
        }
    }

    /**
     * Scrubs a keep without any key: finds what sites lack and what is rotten, and rebuilds slices that are missing where that is
     * safe. Deletes nothing. Only for processes that must not have keys: {@link ObjectStore#repair} mends more.
     *
     * @param keepFile its file
     * @param options how it runs
     * @param scrub what to do
     * @param listener watches it
     * @return what was found
     * @throws SetupException if the keep is conditional: without keys nothing is known of its objects
     * @throws io.slicekeep.error.UnavailableException if too few sites agree on who the sites are
     * @throws IOException if the file is malformed, no site can be read, or the thread is interrupted
     */
    public static ScrubReport scrub(Path keepFile, KeepOptions options, ScrubOptions scrub, ScrubListener listener)
            throws IOException {
        try (Workers workers = Workers.of(options);
                KeepScrub sites = new KeepScrub(new KeepOpening(keepFile, options, workers.tasks()).look())) {
            return sites.run(workers.tasks(), options, scrub, listener);
        }
    }

    /**
     * Returns the objects of the default namespace.
     *
     * @return the store, which lives as long as the keep
     */
    public ObjectStore objects() {
        return objects;
    }

    /**
     * Puts a file, with its modification time.
     *
     * @param name the object's name; an object that has it is replaced
     * @param file what to put
     * @return which sites took it
     * @throws IOException if it is not acknowledged
     */
    public ObjectStore.WriteReport put(String name, Path file) throws IOException {
        var options = new ObjectStore.PutOptions(Files.getLastModifiedTime(file).toInstant(), Map.of(), false);
        try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ);
                ObjectStore.Sink sink = objects.create(ObjectName.of(name), options)) {
            Copying.all(source, sink);
            return sink.commit();
        }
    }

    /**
     * Opens an object for random access.
     *
     * @param name its name
     * @return a source of verified bytes, to be closed by the caller
     * @throws io.slicekeep.error.ObjectNotFoundException if there is none
     * @throws IOException if it cannot be read
     */
    public ObjectStore.Source get(String name) throws IOException {
        return objects.open(ObjectName.of(name), ObjectStore.Freshness.PROVEN);
    }

    /**
     * Describes the keep as it was found when it was opened, and its keys as they are now.
     *
     * @return the description
     */
    public KeepDescription description() {
        return Standings.describe(keepFile, membership, keysNow);
    }

    /**
     * Wraps the keep's secret anew under the same keys, in their newest version: one small blob per site changes, no data.
     * Slots of keys that were not given when opening stay as they are.
     *
     * @return what became of it
     * @throws IOException if fewer than W sites took the new keys; the former ones still open the keep
     */
    public KeyChange rotateKeys() throws IOException {
        return changed(update().rotate(membership, keysNow.keys(), keys));
    }

    /**
     * Changes which keys open the keep: a new passphrase, a further key, one key fewer. One small blob per site changes, and
     * the keep file's list of keys.
     *
     * @param wrapping keys to wrap under; each takes the place of the slot with its URI, or adds one
     * @param dropping keys whose slots go; at least one slot must remain
     * @return what became of it
     * @throws IOException if fewer than W sites took the new keys; the former ones still open the keep
     */
    public KeyChange replaceKeys(KeyRing wrapping, Set<KeyUri> dropping) throws IOException {
        if (!Collections.disjoint(wrapping.uris(), dropping)) {
            throw new IllegalArgumentException("a key must not be both wrapped under and dropped: wrapping="
                    + wrapping.uris() + " dropping=" + dropping);
        }
        KeepFiles.allow(keepFile, wrapping.uris());
        KeyChange change = changed(update().replace(membership, keysNow.keys(), wrapping, dropping));
        KeepFiles.disallow(keepFile, dropping);
        return change;
    }

    /**
     * Puts a directory in the place of a site, while this process and others go on using the keep. Everything that the site
     * has or should have is copied from it and the others; the former directory is left as it is, and not used any more.
     * Takes at least twice the keep's lease. It may be stopped; the same call goes on, from any process.
     *
     * @param site the name of a site, which stays
     * @param directory empty or missing, on a disk of its own; or the one that this was begun with
     * @param departure whether the site is there, or may come back, or is lost for good
     * @param listener is told how far it is
     * @throws SetupException if the directory lies within another site's, or holds one
     * @throws io.slicekeep.error.UnavailableException if the site cannot be replaced now, in words with the remedy
     * @throws io.slicekeep.error.OutcomeUnknownException if it may or may not have changed who the sites are
     * @throws IOException if it stopped midway
     */
    public void replaceSite(String site, Path directory, Departure departure, ChangeListener listener)
            throws IOException {
        change().replace(site, directory, departure, listener);
    }

    /**
     * Makes a directory a further site, while this process and others go on using the keep. It gets a parity slice of everything,
     * or the slice of a site that was removed before. As for stopping and time, {@link #replaceSite} tells.
     *
     * @param site its name, which no other site has
     * @param directory empty or missing, on a disk of its own; or the one that this was begun with
     * @param next the profile then, of the same k and of one site more, such as {@code profile.ofParity(m + 1)}
     * @param listener is told how far it is
     * @throws SetupException if the directory lies within another site's, or holds one
     * @throws io.slicekeep.error.UnavailableException if the site cannot be added now, in words with the remedy
     * @throws io.slicekeep.error.OutcomeUnknownException if it may or may not have changed who the sites are
     * @throws IOException if it stopped midway
     */
    public void addSite(String site, Path directory, Profile next, ChangeListener listener) throws IOException {
        change().add(site, directory, next, listener);
    }

    /**
     * Takes a site out of the keep, while this process and others go on using it. Everything is made to stand on enough of the
     * others; the directory is left as it is, and not used any more. Nothing happens if it was removed before. As for stopping and
     * time, {@link #replaceSite} tells.
     *
     * @param site its name
     * @param departure whether the site is there, or may come back, or is lost for good
     * @param next the profile then, of the same k and of one site less
     * @param listener is told how far it is
     * @throws io.slicekeep.error.UnavailableException if the site cannot be removed now, in words with the remedy
     * @throws io.slicekeep.error.OutcomeUnknownException if it may or may not have changed who the sites are
     * @throws IOException if it stopped midway
     */
    public void removeSite(String site, Departure departure, Profile next, ChangeListener listener) throws IOException {
        change().remove(site, departure, next, listener);
    }

    /**
     * Changes the profile of the same sites: how many faults are survived, how many sites may be away while writing, or k, for which
     * all objects are sliced anew. Then no garbage is collected meanwhile, and it cannot be given up. As for stopping and time,
     * {@link #replaceSite} tells.
     *
     * @param next the profile then, of as many sites
     * @param listener is told how far it is
     * @throws io.slicekeep.error.UnavailableException if it cannot be changed now, in words with the remedy
     * @throws io.slicekeep.error.OutcomeUnknownException if it may or may not have changed
     * @throws IOException if it stopped midway
     */
    public void changeProfile(Profile next, ChangeListener listener) throws IOException {
        change().reshape(next, listener);
    }

    /**
     * Gives up a change that is under way: sites and profile stay those of before. The directory of a site that was to come is not
     * used any more.
     *
     * @param site the name of the site that was to go or to come; empty if only the profile was to change
     * @throws io.slicekeep.error.UnavailableException if nothing of it changes, the site was declared lost, or k changes
     * @throws IOException if it may or may not have been given up
     */
    public void giveUpChange(Optional<String> site) throws IOException {
        change().giveUp(site);
    }

    /**
     * Returns the names of sites that were removed, as far as the last configurations tell.
     *
     * @return the names
     */
    public Set<String> formerSites() {
        return membership.formerSites();
    }

    private SiteChange change() {
        return new SiteChange(keepFile, options, workers.tasks(), membership);
    }

    /** Watches a change of the sites or of the profile. */
    public interface ChangeListener {
        /**
         * It waits until no process works any more with what it read before.
         *
         * @param duration how long
         */
        void waits(Duration duration);

        /**
         * Another name is where it shall be.
         *
         * @param names how many there are so far
         */
        void copied(long names);
    }

    /** Ends the threads that the keep started, then closes the sites and wipes the secrets. Idempotent. */
    @Override
    public void close() throws IOException {
        workers.close();
        objects.close();
        membership.close();
    }

    private static Keep opened(Path keepFile, KeyRing keys, KeepOptions options, Opener opener) throws IOException {
        Workers workers = Workers.of(options);
        Membership membership = null;
        boolean opened = false;
        try {
            membership = opener.open(new KeepOpening(keepFile, options, workers.tasks()));
            Keep keep = new Keep(keepFile, options, keys, workers, membership);
            opened = true;
            return keep;
        } finally {
            if (!opened) {
                closeBoth(workers, membership);
            }
        }
    }

    private static void closeBoth(Workers workers, @Nullable Membership membership) throws IOException {
        workers.close();
        if (membership != null) {
            membership.close();
        }
    }

    private KeyUpdate update() {
        return new KeyUpdate(workers.tasks(), options.random(), KeepOpening.patience(options));
    }

    private KeyChange changed(KeyUpdate.Result result) {
        keysNow = result;
        List<KeyUri> uris =
                result.keys().slots().stream().map(KeySlot::uri).distinct().toList();
        return new KeyChange(result.keys().generation(), uris, result.outdated());
    }

    private interface Opener {
        Membership open(KeepOpening opening) throws IOException;
    }
}
