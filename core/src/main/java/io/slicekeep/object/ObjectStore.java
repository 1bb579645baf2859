package io.slicekeep.object;

import io.slicekeep.blob.BlobSource;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one namespace. Thread-safe. Every operation is linearizable: a read returns the newest acknowledged write or
 * one that is under way, and never an older one than a read before it (docs/SEMANTICS.md says the same at length). Where the
 * namespace's mode is lww the last writer wins, and writes take no {@link Condition}; where it is conditional they do.
 *
 * <p>Every method may throw {@link io.slicekeep.error.UnavailableException} when too few sites answer: W to write, R to
 * read.
 */
public interface ObjectStore {
    /**
     * Starts an object. Nothing of it is visible before {@link Sink#commit()}.
     *
     * @param name its name; an object that has it is replaced
     * @param options metadata, and what must hold for it to take effect
     * @return a sink, to be closed by the caller
     * @throws io.slicekeep.error.ConditionUnsupportedException if the namespace cannot promise the condition
     * @throws IOException if it cannot be started
     */
    Sink create(ObjectName name, PutOptions options) throws IOException;

    /**
     * Opens an object for random access.
     *
     * @param name its name
     * @param freshness what the reader insists on
     * @return a source, to be closed by the caller; it reads this one revision whatever happens later
     * @throws io.slicekeep.error.ObjectNotFoundException if there is none
     * @throws io.slicekeep.error.TooFewSlicesException if fewer than k good slices remain
     * @throws IOException if it cannot be read
     */
    Source open(ObjectName name, Freshness freshness) throws IOException;

    /**
     * Describes an object without reading its data.
     *
     * @param name its name
     * @param freshness what the reader insists on
     * @return what is known of it
     * @throws io.slicekeep.error.ObjectNotFoundException if there is none
     * @throws IOException if it cannot be read
     */
    ObjectInfo head(ObjectName name, Freshness freshness) throws IOException;

    /**
     * Lists objects in bytewise order of their names, from the sites' listings alone: no head is opened, but for names too
     * long to stand in a key.
     *
     * @param query what to list
     * @return a page
     * @throws IOException if it cannot be listed
     */
    ObjectPage list(ListQuery query) throws IOException;

    /**
     * Deletes an object. Deleting what is not there succeeds.
     *
     * @param name its name
     * @return which sites took the deletion
     * @throws IOException if it is not acknowledged
     */
    default WriteReport delete(ObjectName name) throws IOException {
        return delete(name, Condition.NONE);
    }

    /**
     * Deletes an object if a condition holds.
     *
     * @param name its name
     * @param condition what must hold
     * @return which sites took the deletion
     * @throws io.slicekeep.error.PreconditionFailedException if it did not hold; nothing was deleted
     * @throws io.slicekeep.error.ConditionUnsupportedException if the namespace cannot promise it
     * @throws IOException if it is not acknowledged
     */
    WriteReport delete(ObjectName name, Condition condition) throws IOException;

    /**
     * Copies an object; where all sites can copy by themselves no byte travels, and the copy then shares the original's data
     * key.
     *
     * @param from an object's name
     * @param to its copy's name; an object that has it is replaced
     * @return which sites took it
     * @throws IOException if it is not acknowledged
     */
    WriteReport copy(ObjectName from, ObjectName to) throws IOException;

    /**
     * Copies, then deletes the original. Not atomic: a failure in between leaves both. Renaming to the same name changes
     * nothing.
     *
     * @param from an object's name
     * @param to its new name; an object that has it is replaced
     * @return which sites took the new name
     * @throws IOException if it is not acknowledged
     */
    default WriteReport rename(ObjectName from, ObjectName to) throws IOException {
        if (from.equals(to)) {
            return new WriteReport(head(from, Freshness.PROVEN).etag(), Map.of());
        }
        WriteReport report = copy(from, to);
        delete(from);
        return report;
    }

    /**
     * Tells the state of an object's copies, site by site, and changes nothing.
     *
     * @param name its name
     * @param depth how closely to look
     * @return what was found
     * @throws IOException if it cannot be read
     */
    ObjectHealth inspect(ObjectName name, Depth depth) throws IOException;

    /**
     * Rebuilds an object's copies at the sites that can be reached and lack them or hold them wrong. Other revisions are left
     * alone.
     *
     * @param name its name
     * @param depth {@link Depth#LIGHT} to find what sites do not list, {@link Depth#DEEP} to find rot too
     * @return what was rebuilt, and what could not be
     * @throws io.slicekeep.error.ObjectNotFoundException if there is none
     * @throws io.slicekeep.error.TooFewSlicesException if fewer than k good slices remain; nothing was changed then
     * @throws IOException if the object cannot be read
     */
    RepairReport repair(ObjectName name, Depth depth) throws IOException;

    /**
     * Deletes an object for good: a tombstone, then every older revision and slice at each site. Call again until nothing is
     * pending; deletion waits until the operation's deadline after the tombstone has passed, so that nobody still reads.
     * Where sites copy by themselves, each call lists the namespace for copies that share the object's data key.
     *
     * @param name its name
     * @return what is still pending, and what stays readable
     * @throws IOException if the tombstone is not acknowledged
     */
    ShredReport shred(ObjectName name) throws IOException;

    /**
     * Goes once through all names, deletes what newer versions have replaced, and purges what was deleted. Takes longer than
     * the operations' deadline, and than four times that if tombstones can go: whoever reads or writes has to be waited for.
     * Any number of collections may run at a time.
     *
     * @param listener is told of the waits
     * @return what was done
     * @throws IOException if the names cannot be listed
     */
    GarbageReport collectGarbage(GarbageListener listener) throws IOException;

    /**
     * Tells what {@link #collectGarbage} would delete, and changes nothing. Does not wait for anybody, so what is being written
     * or read now may be counted, and stay.
     *
     * @return what would be done; names count as forgotten whose deletion stands
     * @throws IOException if the names cannot be listed
     */
    GarbageReport previewGarbage() throws IOException;

    /** Watches a collection. */
    @FunctionalInterface
    interface GarbageListener {
        /**
         * The collection waits for others to end.
         *
         * @param duration how long
         * @param names how many names it is about
         */
        void waits(Duration duration, int names);
    }

    /**
     * What a collection did.
     *
     * @param records how many records of older versions it deleted, over all sites
     * @param slices how many of their slices
     * @param purged how many names were deleted and are now forgotten
     * @param pending sites at which something had to stay: name to reason
     */
    record GarbageReport(long records, long slices, long purged, Map<String, String> pending) {
        /** Copies the map. */
        public GarbageReport {
            pending = Map.copyOf(pending);
        }
    }

    /** What a reader insists on. */
    enum Freshness {
        /** R sites must answer, so that no acknowledged write is missed. */
        PROVEN,
        /** Any k sites may serve; {@code proven()} of what is returned tells whether R answered. */
        POSSIBLY_STALE
    }

    /** How closely {@link #inspect} looks. */
    enum Depth {
        /** Looks at what each site lists. */
        LIGHT,
        /** Reads every slice, checks every checksum, and decrypts the object once. */
        DEEP
    }

    /** Writes one object. As {@link io.slicekeep.blob.BlobSink}: closing without commit aborts, errors are sticky. */
    interface Sink extends WritableByteChannel {
        /**
         * Makes the object visible: W sites hold it, durably.
         *
         * @return what was written and which sites hold it
         * @throws io.slicekeep.error.OutcomeUnknownException if it may or may not be visible
         * @throws io.slicekeep.error.PreconditionFailedException if its condition did not hold
         * @throws io.slicekeep.error.SupersededException if a newer write of the name came first
         * @throws IOException if it is not acknowledged
         */
        WriteReport commit() throws IOException;
    }

    /** Reads one object; every byte it returns was authenticated. */
    interface Source extends BlobSource {
        /**
         * Describes the object.
         *
         * @return what is known of it
         */
        ObjectInfo info();
    }

    /**
     * What is stored beside an object's bytes.
     *
     * @param modified the modification time to keep; null for the time of writing
     * @param metadata the user's own names and values, at most 32 KiB in all as UTF-8, with 4
     *     bytes more for each; sealed
     * @param sha256 whether to compute and keep the plaintext's SHA-256 besides its CRC32C
     * @param condition what must hold at the moment at which the object takes effect
     */
    record PutOptions(@Nullable Instant modified, Map<String, String> metadata, boolean sha256, Condition condition) {
        /** Options that keep nothing but the bytes. */
        public static final PutOptions NONE = new PutOptions(null, Map.of(), false);

        /** Copies the metadata. */
        public PutOptions {
            metadata = Map.copyOf(metadata);
        }

        /**
         * Options of an object that takes effect in any case.
         *
         * @param modified the modification time to keep; null for the time of writing
         * @param metadata the user's own names and values
         * @param sha256 whether to compute and keep the plaintext's SHA-256
         */
        public PutOptions(@Nullable Instant modified, Map<String, String> metadata, boolean sha256) {
            this(modified, metadata, sha256, Condition.NONE);
        }

        /**
         * Returns the same options under a condition.
         *
         * @param required what must hold at the moment at which the object takes effect
         * @return the options
         */
        public PutOptions when(Condition required) {
            return new PutOptions(modified, metadata, sha256, required);
        }
    }

    /**
     * What is known of an object without reading its data.
     *
     * @param name its name
     * @param lengthBytes exact length of the plaintext
     * @param modified its modification time
     * @param crc32c checksum of the plaintext (RFC 3720 appendix B.4)
     * @param sha256 the plaintext's SHA-256 in hex, if the writer asked for it
     * @param metadata the user's names and values
     * @param etag identifies the write that made this version, as opaque text: no other write ever has it, and upkeep keeps it
     * @param proven whether R of the sites that the keep has now answered, so that no acknowledged newer version exists
     */
    record ObjectInfo(
            ObjectName name,
            long lengthBytes,
            Instant modified,
            int crc32c,
            Optional<String> sha256,
            Map<String, String> metadata,
            String etag,
            boolean proven) {}

    /**
     * What a listing tells of an object.
     *
     * @param name its name
     * @param lengthBytes exact length of the plaintext
     * @param modified its modification time
     * @param crc32c checksum of the plaintext
     * @param etag identifies the write that made this version, as opaque text: no other write ever has it, and upkeep keeps it
     */
    record ObjectEntry(ObjectName name, long lengthBytes, Instant modified, int crc32c, String etag) {}

    /**
     * What to list.
     *
     * @param prefix what names begin with, byte for byte; null for all
     * @param delimited whether names that hold a {@code /} beyond the prefix are grouped into {@link ObjectPage#groups()}
     * @param after only names greater than this; null for the beginning
     * @param limit the most entries and groups wanted, at least 1
     * @param freshness what the reader insists on; a possibly stale listing merges what the answering sites show
     */
    record ListQuery(
            @Nullable ObjectName prefix,
            boolean delimited,
            @Nullable ObjectName after,
            int limit,
            Freshness freshness) {}

    /**
     * One page of a listing.
     *
     * @param entries objects, in bytewise order of their names
     * @param groups names up to and with the delimiter that more than the prefix share, in order; only if delimited
     * @param next where the next page begins (as {@link ListQuery#after()}), or null at the end
     * @param proven whether R of the sites that the keep has now answered, so that no acknowledged write is missed
     */
    record ObjectPage(
            List<ObjectEntry> entries,
            List<ObjectName> groups,
            @Nullable ObjectName next,
            boolean proven) {}

    /**
     * What became of a write.
     *
     * @param etag identifies the version that was written, as opaque text; empty if a deletion had nothing to write
     * @param missing sites that do not hold it (yet): name to reason; empty if all n hold it
     */
    record WriteReport(String etag, Map<String, String> missing) {
        /** Nothing had to be written. */
        static final WriteReport NOTHING = new WriteReport("", Map.of());
    }

    /**
     * The state of an object's copies.
     *
     * @param info the object
     * @param kind how it is stored
     * @param bad sites whose copy is missing, rotten or out of reach: name to reason
     * @param goodSlices how many sites hold their slice whole
     * @param neededSlices k
     * @param oldRevisions older revisions and unacknowledged writes of the name that still take space
     */
    record ObjectHealth(
            ObjectInfo info, Kind kind, Map<String, String> bad, int goodSlices, int neededSlices, int oldRevisions) {}

    /** How an object is stored. */
    enum Kind {
        /** Its slices stand in its records. */
        INLINE,
        /** Its slices stand beside its records. */
        SLICED
    }

    /**
     * What a repair did.
     *
     * @param info the version that is whole now, or as whole as the sites in reach allow
     * @param mended sites that have all their copies again: name to what was wrong
     * @param pending sites that still lack something: name to reason
     */
    record RepairReport(ObjectInfo info, Map<String, String> mended, Map<String, String> pending) {
        /** Copies the maps. */
        public RepairReport {
            mended = Map.copyOf(mended);
            pending = Map.copyOf(pending);
        }
    }

    /**
     * What a shred has done so far.
     *
     * @param pending sites where something of the object may still stand: name to reason; empty when done
     * @param sharing objects that are copies of what is being deleted, with the same data key: they stay readable
     */
    record ShredReport(Map<String, String> pending, List<ObjectName> sharing) {
        /** Copies both. */
        public ShredReport {
            pending = Map.copyOf(pending);
            sharing = List.copyOf(sharing);
        }
    }
}
