package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.SecretBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one store shows of the keep that it belongs to; nothing of it is believed yet.
 *
 * @param candidate where it was found
 * @param store the store, open
 * @param site what it says it is
 * @param keys readable copies of the wrapped keys, newest first
 * @param configurations readable copies of the configuration, newest first
 * @param capabilities what is known of the store; empty if it shows nothing readable of this site
 */
record Glimpse(
        Candidate candidate,
        BlobStore store,
        Stored<Identity> site,
        List<WrappedKeys> keys,
        List<Stored<Configuration>> configurations,
        Optional<Stored<SiteCapabilities>> capabilities) {
    /** How many of the newest keys or configurations of a site are looked at. */
    private static final int NEWEST = 4;

    /** How many configurations of one epoch are looked at: whoever proposes one puts it before one is chosen. */
    private static final int MOST_OF_ONE_EPOCH = 100;

    /** Opens a store and reads what it says; a store that is no site is closed again and fails. */
    static Glimpse of(Candidate candidate) throws IOException {
        BlobStore store = candidate.opening().open();
        boolean read = false;
        try {
            byte[] identityBlob = readIdentity(store);
            Identity identity = Identity.parse(identityBlob);
            Glimpse glimpse = new Glimpse(
                    candidate,
                    store,
                    new Stored<>(identity, identityBlob),
                    keys(store),
                    read(store, MemberKeys.CONFIG, NEWEST, key -> Optional.of(configuration(store, key))),
                    capabilities(store, identity));
            read = true;
            return glimpse;
        } finally {
            if (!read) {
                store.close();
            }
        }
    }

    Identity identity() {
        return site.value();
    }

    private static byte[] readIdentity(BlobStore store) throws IOException {
        try {
            return SmallBlob.read(store, MemberKeys.IDENTITY, Identity.BYTES);
        } catch (BlobNotFoundException e) {
            throw new UnavailableException(
                    "it has no identity: it was wiped, is new, or another disk is mounted there; mount the right one",
                    e);
        }
    }

    /** Returns the readable copies of the wrapped keys that a store shows now, newest first. */
    static List<WrappedKeys> keys(BlobStore store) throws IOException {
        return read(
                store,
                MemberKeys.KEYS,
                NEWEST,
                key -> Optional.of(WrappedKeys.parse(SmallBlob.read(store, key, WrappedKeys.MAX_BYTES))));
    }

    /** Returns the configurations of one epoch that the site shows now and that are wanted; no others are held. */
    List<Stored<Configuration>> configurationsOf(long epoch, Predicate<Stored<Configuration>> wanted)
            throws IOException {
        return read(
                store,
                MemberKeys.all(MemberKeys.CONFIG, epoch),
                MOST_OF_ONE_EPOCH,
                key -> Optional.of(configuration(store, key)).filter(wanted));
    }

    private static Stored<SiteCapabilities> capabilities(BlobStore store, BlobKey key) throws IOException {
        byte[] blob = SmallBlob.read(store, key, SiteCapabilities.BYTES);
        return new Stored<>(SiteCapabilities.parse(blob), blob);
    }

    private static Optional<Stored<SiteCapabilities>> capabilities(BlobStore store, Identity identity)
            throws IOException {
        return read(store, MemberKeys.CAPABILITIES, NEWEST, key -> Optional.of(capabilities(store, key))).stream()
                .filter(shown -> shown.value().keepId().equals(identity.keepId())
                        && shown.value().siteId().equals(identity.siteId()))
                .findFirst();
    }

    /** Returns the same without what is not known for certain of the store. */
    Glimpse trusting(SecretBytes identityKey) {
        return new Glimpse(
                candidate,
                store,
                site,
                keys,
                configurations,
                capabilities.filter(shown -> shown.value().sealedAs(shown.blob(), identityKey)));
    }

    private static Stored<Configuration> configuration(BlobStore store, BlobKey key) throws IOException {
        byte[] blob = SmallBlob.read(store, key, ConfigurationCodec.MAX_BYTES);
        return new Stored<>(Configuration.parse(blob), blob);
    }

    private static <T> List<T> read(BlobStore store, KeyPrefix prefix, int most, Reader<T> reader) throws IOException {
        List<T> newest = new ArrayList<>();
        for (BlobKey key : store.list(prefix, null, most).keys()) {
            try {
                reader.read(key).ifPresent(newest::add);
            } catch (FormatException | BlobNotFoundException e) {
                // A damaged copy at this site, or one deleted since: the other sites have theirs.
            }
        }
        return newest;
    }

    private interface Reader<T> {
        Optional<T> read(BlobKey key) throws IOException;
    }
}
