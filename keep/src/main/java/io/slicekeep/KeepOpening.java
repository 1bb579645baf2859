package io.slicekeep;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.membership.Candidate;
import io.slicekeep.membership.Configuration;
import io.slicekeep.membership.KeepId;
import io.slicekeep.membership.Member;
import io.slicekeep.membership.Membership;
import io.slicekeep.membership.Search;
import io.slicekeep.membership.Standing;
import io.slicekeep.record.Means;
import io.slicekeep.store.DirectoryStore;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the members of a keep, by its file or without. */
final class KeepOpening {
    private static final Logger LOG = System.getLogger(Keep.class.getName());
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(15);

    private final Path keepFile;
    private final KeepOptions options;
    private final Tasks tasks;

    KeepOpening(Path keepFile, KeepOptions options, Tasks tasks) {
        this.keepFile = keepFile;
        this.options = options;
        this.tasks = tasks;
    }

    /** Returns how long to wait for a site that does not answer. */
    static Duration patience(KeepOptions options) {
        return Collections.min(List.of(LONGEST_PATIENCE, options.timing().deadline()));
    }

    /** Opens the keep that the file describes, and notes there what is new. */
    Membership open(KeyRing keys) throws IOException {
        KeepFile file = KeepFiles.read(keepFile);
        Membership membership = open(file, keys);
        note(file, membership);
        return membership;
    }

    /** Opens the keep that the file describes, and leaves the file as it is. */
    Membership openUnnoted(KeyRing keys) throws IOException {
        return open(KeepFiles.read(keepFile), keys);
    }

    private Membership open(KeepFile file, KeyRing keys) throws IOException {
        requireListed(file, keys);
        Membership membership = Membership.open(search(file), file.epoch(), file.keys()::contains, keys);
        boolean opened = false;
        try {
            requireNoStrangers(file, membership);
            opened = true;
            return membership;
        } finally {
            if (!opened) {
                membership.close();
            }
        }
    }

    /** Opens the one keep that these directories belong to. */
    Membership openUnnamed(List<Path> directories, KeyRing keys) throws IOException {
        Set<Path> distinct = directories.stream()
                .map(Path::toAbsolutePath)
                .map(Path::normalize)
                .collect(Collectors.toSet());
        List<Candidate> candidates = distinct.stream()
                .sorted()
                .map(directory -> candidate(Optional.empty(), directory))
                .toList();
        return Membership.open(search(Optional.empty(), candidates), 1, key -> true, keys);
    }

    /** Looks at the keep without keys. */
    Membership.Appearance look() throws IOException {
        KeepFile file = KeepFiles.read(keepFile);
        return Membership.look(search(file), file.epoch());
    }

    /** Returns the file that describes a keep. Only keys that are at hand are listed: the sites' word is not enough. */
    KeepFile describe(Membership membership, KeyRing keys) {
        Configuration configuration = membership.configuration();
        Set<KeyUri> slots = membership.keys().slots().stream().map(KeySlot::uri).collect(Collectors.toSet());
        List<KeyUri> listed = keys.uris().stream().filter(slots::contains).toList();
        return new KeepFile(configuration.keepId(), listed, configuration.epoch(), lines(membership));
    }

    private List<KeepFile.SiteLine> lines(Membership membership) {
        Map<String, KeepFile.SiteLine> byPath = new LinkedHashMap<>();
        List<Standing> presentFirst = new ArrayList<>(membership.standings());
        presentFirst.sort((a, b) -> Boolean.compare(b.present(), a.present()));
        for (Standing standing : presentFirst) {
            String path = SitePlaces.text(keepFile, Path.of(standing.address()));
            byPath.putIfAbsent(path, new KeepFile.SiteLine(standing.name(), path, 0));
        }
        List<String> order =
                membership.configuration().members().stream().map(Member::name).toList();
        return byPath.values().stream()
                .sorted((a, b) -> Integer.compare(order.indexOf(a.name()), order.indexOf(b.name())))
                .toList();
    }

    private Search search(KeepFile file) {
        List<Candidate> candidates = file.sites().stream()
                .map(site -> candidate(Optional.of(site.name()), site.directory(keepFile)))
                .toList();
        return search(Optional.of(file.id()), candidates);
    }

    private Search search(Optional<KeepId> id, List<Candidate> candidates) {
        Means means = new Means(tasks, options.random(), options.timing());
        return new Search(id, candidates, address -> DirectoryStore.open(Path.of(address)), means, patience(options));
    }

    private static Candidate candidate(Optional<String> name, Path directory) {
        return new Candidate(name, directory.toString(), () -> DirectoryStore.open(directory));
    }

    private void requireListed(KeepFile file, KeyRing keys) throws KeyUnavailableException {
        if (Collections.disjoint(file.keys(), keys.uris())) {
            throw new KeyUnavailableException(
                    KeyUnavailableException.Reason.NO_SUCH_KEY,
                    keepFile + " lists the keys " + file.keys() + ", and given are " + keys.uris()
                            + "; give one of those listed");
        }
    }

    /** A file from before may name sites that have gone since. */
    private void requireNoStrangers(KeepFile file, Membership membership) throws KeepFileException {
        if (file.epoch() < membership.configuration().epoch()) {
            return;
        }
        List<String> names =
                membership.configuration().members().stream().map(Member::name).toList();
        for (KeepFile.SiteLine site : file.sites()) {
            if (membership.strangers().contains(site.name())) {
                throw new KeepFileException(
                        keepFile,
                        site.line(),
                        "found the site name \"" + site.name() + "\", allowed are those that the keep has: "
                                + String.join(", ", names) + Suggestion.clause(site.name(), names));
            }
        }
    }

    /** Notes the epoch that was seen, and which sites have come and gone since the one that the file knew. */
    void note(KeepFile file, Membership membership) {
        long epoch = membership.configuration().epoch();
        if (!membership.proven() || epoch <= file.epoch()) {
            return;
        }
        try {
            KeepFiles.update(keepFile, now -> epoch <= now.epoch() ? now : noted(now, membership));
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> keepFile + " cannot note that epoch " + epoch + " was seen: " + e);
        }
    }

    private KeepFile noted(KeepFile file, Membership membership) {
        List<KeepFile.SiteLine> sites = new ArrayList<>();
        for (KeepFile.SiteLine site : file.sites()) {
            membership
                    .configuration()
                    .indexOf(site.name())
                    .ifPresentOrElse(
                            index -> sites.add(noted(file, site, membership, index)),
                            () -> LOG.log(
                                    Level.INFO, () -> "site " + site.name() + " has left the keep of " + keepFile));
        }
        sites.addAll(newcomers(file, membership));
        return new KeepFile(file.id(), file.keys(), membership.configuration().epoch(), sites);
    }

    private KeepFile.SiteLine noted(KeepFile file, KeepFile.SiteLine site, Membership membership, int index) {
        Member member = membership.configuration().members().get(index);
        return member.since() <= file.epoch()
                ? site
                : new KeepFile.SiteLine(site.name(), path(membership, index), site.line());
    }

    /** Sites that joined before the file was last noted are missing there because their owner wants them to be. */
    private List<KeepFile.SiteLine> newcomers(KeepFile file, Membership membership) {
        List<Member> members = membership.configuration().members();
        List<KeepFile.SiteLine> newcomers = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            String name = members.get(i).name();
            boolean listed = file.sites().stream().anyMatch(site -> site.name().equals(name));
            if (!listed && members.get(i).since() > file.epoch()) {
                newcomers.add(new KeepFile.SiteLine(name, path(membership, i), 0));
            }
        }
        return newcomers;
    }

    private String path(Membership membership, int index) {
        Standing standing = membership.standings().get(index);
        Member member = membership.configuration().members().get(index);
        return SitePlaces.text(keepFile, Path.of(standing.present() ? standing.address() : member.address()));
    }
}
