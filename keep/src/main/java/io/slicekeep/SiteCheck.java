package io.slicekeep;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.FormatException;
import io.slicekeep.membership.Configuration;
import io.slicekeep.membership.Membership;
import io.slicekeep.membership.NamespaceEntry;
import io.slicekeep.membership.SiteCapabilities;
import io.slicekeep.membership.Standing;
import io.slicekeep.probe.Capabilities;
import io.slicekeep.probe.Capabilities.Races;
import io.slicekeep.probe.StoreProbe;
import io.slicekeep.record.Revision;
import io.slicekeep.store.DirectoryStore;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks over one site. */
final class SiteCheck {
    private static final Duration PROBE_BOUND = Duration.ofMinutes(1);
    private static final Duration RACES_BOUND = Duration.ofMinutes(10);
    private static final long FULL_BYTES = 16L << 20;
    private static final double NEARLY_FULL = 0.05;
    /** Clocks of ordinary machines agree to less. */
    private static final Duration SKEWED = Duration.ofSeconds(10);
    /** G/2 of docs/PROTOCOLS.md 6: beyond it, what is deleted may be purged too early. */
    private static final Duration TOO_SKEWED = Duration.ofMinutes(4);

    private static final Pattern RECORD =
            Pattern.compile("[^!]+!([0-9A-Z_a-z~]{27})[0-9A-Z_a-z~]{5}![0-9A-Z_a-z~]{51}");
    private static final int SAMPLED_RECORDS = 1000;
    private static final String SET_CLOCKS = "set the clocks of all machines by NTP";

    private final Standing standing;
    private final Configuration configuration;
    private final Tasks tasks;
    private final RandomSource random;
    private final String subject;

    SiteCheck(String subject, Standing standing, Configuration configuration, Tasks tasks, RandomSource random) {
        this.standing = standing;
        this.configuration = configuration;
        this.tasks = tasks;
        this.random = random;
        this.subject = subject;
    }

    /** Tells whether there is a store at all. */
    static Finding reach(String name, Path directory) {
        try (DirectoryStore store = DirectoryStore.open(directory)) {
            return Finding.ok("site " + name, "store", store + " is a store");
        } catch (IOException e) {
            return failed("site " + name, e);
        }
    }

    /** What is to be said if nothing is heard of it. */
    Finding silent() {
        return Finding.problem(subject, "store", "it does not answer", "look whether its disk or mount hangs");
    }

    private static Finding failed(String subject, IOException failure) {
        String message = String.valueOf(failure.getMessage());
        String remedy = message.contains("denied")
                ? "run it as the owner of the site's directory"
                : "look whether its disk is there and whole";
        return Finding.problem(subject, "store", message, remedy);
    }

    /** Looks it over. A site that is not the one that it should be is left alone. */
    List<Finding> run() {
        if (standing.away().isPresent()) {
            return List.of(Finding.problem(subject, "identity", standing.away().get()));
        }
        Path directory = Path.of(standing.address());
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(subject, "identity", directory + " is site " + standing.name()));
        findings.addAll(Permissions.check(subject, directory, "they can delete what the site holds"));
        try (DirectoryStore store = DirectoryStore.open(directory)) {
            Finding space = space(directory);
            findings.add(space);
            findings.add(records(store));
            try {
                findings.add(clock(store));
                findings.add(promises(probe(store, 0, PROBE_BOUND)));
            } catch (IOException e) {
                findings.add(unwritable(directory, e, space.level() == Finding.Level.PROBLEM));
            }
        } catch (IOException e) {
            findings.add(failed(subject, e));
        }
        return findings;
    }

    /** Has writers race, and notes at the site what was found. */
    List<Finding> race(@Nullable Membership membership) throws InterruptedIOException {
        if (standing.away().isPresent()) {
            return List.of();
        }
        try (DirectoryStore store = DirectoryStore.open(Path.of(standing.address()))) {
            Capabilities found = probe(store, Capabilities.PROVING_ROUNDS, RACES_BOUND);
            List<Finding> findings = new ArrayList<>(List.of(promises(found), races(found)));
            if (membership != null) {
                membership.note(standing, found);
                findings.add(Finding.ok(subject, "record", "what was found is noted at the site"));
            } else {
                findings.add(Finding.ok(subject, "record", "what was found is not noted, which takes a key"));
            }
            return findings;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return List.of(failed(subject, e));
        }
    }

    private Capabilities probe(DirectoryStore store, int rounds, Duration bound) throws IOException {
        return StoreProbe.run(store, rounds, new StoreProbe.Means(tasks, random, bound));
    }

    private Finding space(Path directory) throws IOException {
        FileStore disk = Files.getFileStore(directory);
        long usable = disk.getUsableSpace();
        double share = (double) usable / Math.max(1, disk.getTotalSpace());
        String message = String.format(Locale.ROOT, "%,d MiB are free, %.0f %%", usable >> 20, 100 * share);
        String remedy = "run 'slicekeep gc', or give it a larger disk: 'slicekeep site replace " + standing.name()
                + " DIRECTORY'";
        if (usable < FULL_BYTES) {
            return Finding.problem(subject, "space", "it is full: " + message, remedy);
        }
        return share < NEARLY_FULL
                ? Finding.warning(subject, "space", "it is nearly full: " + message, remedy)
                : Finding.ok(subject, "space", message);
    }

    private Finding unwritable(Path directory, IOException failure, boolean full) {
        String message = "it cannot be written: " + failure.getMessage();
        if (full) {
            return Finding.problem(subject, "writing", message, "free space on its disk");
        }
        String text = String.valueOf(failure.getMessage());
        if (text.contains("No space left")) {
            return Finding.problem(
                    subject,
                    "writing",
                    message,
                    "its file system has space, but no room for more files: look at df -i");
        }
        return Finding.problem(
                subject,
                "writing",
                message,
                text.contains("Read-only")
                        ? "mount it for writing; the kernel makes a file system read-only when its disk fails"
                        : "make " + directory + " and all in it writable for whoever uses the keep");
    }

    /** Compares the file system's clock with this machine's. */
    private Finding clock(DirectoryStore store) throws IOException {
        long before = tasks.wallMicros();
        long there = store.clockMicros();
        long skewMicros = there - (before + tasks.wallMicros()) / 2;
        return skew("clock", "its clock is " + ahead(skewMicros) + " this machine's", Math.abs(skewMicros));
    }

    /** Compares this machine's clock with those of who wrote records, of which a sample is looked at. */
    private Finding records(DirectoryStore store) throws IOException {
        long newest = 0;
        for (NamespaceEntry namespace : configuration.namespaces()) {
            KeyPrefix heads = new KeyPrefix("n/" + namespace.id() + "/h/");
            for (BlobKey key : store.list(heads, null, SAMPLED_RECORDS).keys()) {
                newest = Math.max(newest, counter(key));
            }
        }
        if (newest == 0) {
            return Finding.ok(subject, "writers", "it holds no records yet");
        }
        long aheadMicros = newest - tasks.wallMicros();
        String message = "the newest of its records that were looked at is "
                + (aheadMicros > 0
                        ? ahead(aheadMicros) + " this machine's clock"
                        : "not ahead of this machine's clock");
        return skew("writers", message, Math.max(0, aheadMicros));
    }

    /** Returns what a writer's clock said when it began to write a record; 0 if the key is of none. */
    private static long counter(BlobKey key) {
        Matcher record = RECORD.matcher(key.value());
        try {
            return record.matches() ? Revision.parseVersion(record.group(1), 0).counter() : 0;
        } catch (FormatException e) {
            return 0;
        }
    }

    private Finding skew(String check, String message, long micros) {
        Duration skew = Duration.of(micros, ChronoUnit.MICROS);
        if (skew.compareTo(TOO_SKEWED) > 0) {
            return Finding.problem(subject, check, message + ", more than deletions can bear", SET_CLOCKS);
        }
        return skew.compareTo(SKEWED) > 0
                ? Finding.warning(subject, check, message, SET_CLOCKS)
                : Finding.ok(subject, check, message);
    }

    private static String ahead(long micros) {
        String amount = micros == 0 ? "0 s" : String.format(Locale.ROOT, "%.1f s", Math.abs(micros) / 1e6);
        return amount + (micros < 0 ? " behind" : " ahead of");
    }

    /** Compares what was found with what is noted. */
    private Finding promises(Capabilities found) {
        Optional<Capabilities> noted = standing.capabilities().map(SiteCapabilities::found);
        if (!found.sound()) {
            String since = noted.filter(Capabilities::sound)
                    .map(then -> "; it did on " + day(then))
                    .orElse("");
            return Finding.problem(
                    subject,
                    "promises",
                    "it does not keep what a site must: " + String.join("; ", found.breaches()) + since,
                    "replace it by a store that does: 'slicekeep site replace " + standing.name() + " DIRECTORY'");
        }
        String message = "it keeps what a site must, with keys of up to " + found.longestKeyBytes() + " bytes";
        return noted.isPresent()
                ? Finding.ok(subject, "promises", message + ", as on " + day(noted.get()))
                : Finding.warning(
                        subject,
                        "promises",
                        message + "; no genuine record of it stands there",
                        "let 'slicekeep doctor --deep' note it, with a key");
    }

    private Finding races(Capabilities found) {
        boolean proven = standing.capabilities()
                .filter(noted -> noted.found().races() == Races.PROVEN)
                .isPresent();
        return switch (found.races()) {
            case NOT_OFFERED -> Finding.ok(subject, "races", "it does not say that it decides races");
            case UNPROVEN ->
                Finding.ok(subject, "races", "there was time for " + found.raceRounds() + " races only, all decided");
            case PROVEN -> Finding.ok(subject, "races", "it decided " + found.raceRounds() + " races of 16 writers");
            case BROKEN -> {
                String message = "it let two of 16 writers create one key, or none";
                yield proven
                        ? Finding.problem(
                                subject, "races", message + ", which it did not before", "rely on no races here")
                        : Finding.warning(subject, "races", message, "rely on no races here; nothing of the keep does");
            }
        };
    }

    private static String day(Capabilities found) {
        return Instant.EPOCH
                .plus(found.probedMicros(), ChronoUnit.MICROS)
                .toString()
                .substring(0, 10);
    }
}
