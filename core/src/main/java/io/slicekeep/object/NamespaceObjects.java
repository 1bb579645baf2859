package io.slicekeep.object;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.Means;
import io.slicekeep.record.NamespaceKeys;
import io.slicekeep.record.RecordFormat;
import io.slicekeep.record.Records;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * The objects of one namespace of a keep: sealed under keys of their own, sliced, and dispersed over its sites, with a record
 * of each at every site that tells which version is the newest. Closing wipes the keys; sites, tasks and the namespace's
 * secret stay the caller's.
 */
public final class NamespaceObjects implements ObjectStore, AutoCloseable {
    private final NamespaceKeys keys;
    private final Namespace opened;
    private final SeenTombstones seenTombstones;
    private final LongNames longNames = new LongNames();

    private NamespaceObjects(NamespaceKeys keys, Layouts layouts, Facilities facilities) {
        Layout layout = layouts.latest();
        Profile profile = layout.profile();
        RecordFormat format = new RecordFormat(keys);
        Means means = new Means(facilities.tasks(), facilities.random(), facilities.timing());
        Records records = new Records(
                        layouts,
                        format,
                        facilities.dispersal().code(profile.dataSlices(), profile.paritySlices()),
                        means)
                .under(layout);
        this.keys = keys;
        this.opened = new Namespace(layouts, layout, format, records, facilities);
        this.seenTombstones = new SeenTombstones(facilities);
    }

    /**
     * Opens a namespace whose sites do not change.
     *
     * @param layout where its data lies
     * @param namespaceId 16 bytes
     * @param secret its secret, not kept
     * @param facilities what it works with
     * @return its objects, to be closed by the caller
     */
    public static NamespaceObjects open(Layout layout, byte[] namespaceId, OpenSecret secret, Facilities facilities) {
        return open(Layouts.fixed(layout), namespaceId, secret, facilities);
    }

    /**
     * Opens a namespace whose sites may change while it is in use.
     *
     * @param layouts tells where its data lies; all are of one profile
     * @param namespaceId 16 bytes
     * @param secret its secret, not kept
     * @param facilities what it works with
     * @return its objects, to be closed by the caller
     */
    public static NamespaceObjects open(Layouts layouts, byte[] namespaceId, OpenSecret secret, Facilities facilities) {
        return new NamespaceObjects(NamespaceKeys.of(namespaceId, secret), layouts, facilities);
    }

    /** What is done under one layout, and may be done again under another. */
    private interface Repeatable<T> {
        T under(Namespace namespace) throws IOException;
    }

    /** Does something under one layout, and anew if another one holds by the time that there is an answer, or a failure. */
    private <T> T steadily(Repeatable<T> action) throws IOException {
        for (Namespace now = opened.confirmed(); ; now = now.confirmed()) {
            T answer;
            try {
                answer = action.under(now);
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                if (now.isConfirmed()) {
                    throw e;
                }
                continue;
            }
            if (isStill(now, answer)) {
                return answer;
            }
        }
    }

    private static boolean isStill(Namespace now, Object answer) throws IOException {
        boolean still = false;
        try {
            still = now.isConfirmed();
            return still;
        } finally {
            if (!still && answer instanceof Closeable open) {
                open.close();
            }
        }
    }

    /** What need not be proven is served under the layout that is known, though it cannot be confirmed. */
    private <T> T served(Freshness freshness, Repeatable<T> action) throws IOException {
        return freshness == Freshness.PROVEN ? steadily(action) : action.under(opened.latest());
    }

    @Override
    public Sink create(ObjectName name, PutOptions options) {
        return new ObjectSink(opened, name, options);
    }

    @Override
    public Source open(ObjectName name, Freshness freshness) throws IOException {
        return served(freshness, now -> new ObjectReader(now).open(name, freshness));
    }

    @Override
    public ObjectInfo head(ObjectName name, Freshness freshness) throws IOException {
        return served(freshness, now -> new ObjectReader(now).head(name, freshness));
    }

    @Override
    public ObjectPage list(ListQuery query) throws IOException {
        return served(query.freshness(), now -> new ObjectLister(now, longNames, query).page());
    }

    @Override
    public WriteReport delete(ObjectName name) throws IOException {
        return new ObjectDeleter(opened.confirmed()).delete(name);
    }

    @Override
    public WriteReport copy(ObjectName from, ObjectName to) throws IOException {
        Namespace now = opened.confirmed();
        return new ObjectCopier(now, new ObjectReader(now)).copy(from, to);
    }

    @Override
    public ObjectHealth inspect(ObjectName name, Depth depth) throws IOException {
        Namespace now = opened.latest();
        return new ObjectInspector(now, new ObjectReader(now)).inspect(name, depth);
    }

    @Override
    public RepairReport repair(ObjectName name, Depth depth) throws IOException {
        return steadily(now -> new ObjectRepairer(now, new ObjectReader(now)).repair(name, depth));
    }

    @Override
    public ShredReport shred(ObjectName name) throws IOException {
        return steadily(now -> new ObjectShredder(now, longNames, seenTombstones).shred(name));
    }

    @Override
    public GarbageReport collectGarbage(GarbageListener listener) throws IOException {
        return new GarbageCollection(opened.confirmed(), listener).run();
    }

    /**
     * Brings the newest version of every name to the site that is taking another's place, and makes it stand by both counts;
     * deletions too.
     *
     * @param joint where data lies while both take part; its last site is the incoming one
     * @param listener is called after each name
     * @throws io.slicekeep.error.UnavailableException if something could not be brought there, naming it
     * @throws IOException if it stops midway; another call goes on
     */
    public void fillIncoming(Layout joint, Runnable listener) throws IOException {
        new SiteFilling(opened.under(joint), listener).run();
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {
        keys.close();
    }
}
