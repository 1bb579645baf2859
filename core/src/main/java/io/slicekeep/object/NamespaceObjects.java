package io.slicekeep.object;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.InlineCodes;
import io.slicekeep.record.NamespaceKeys;
import io.slicekeep.record.RecordFormat;
import io.slicekeep.record.Records;
import io.slicekeep.register.RegisterFormat;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;

/**
 * The objects of one namespace of a keep: sealed under keys of their own, sliced, and dispersed over its sites, with heads at the
 * sites that tell which version of each is the newest. Closing wipes the keys; sites, tasks and the namespace's
 * secret stay the caller's.
 */
public final class NamespaceObjects implements ObjectStore, AutoCloseable {
    private final Namespace opened;
    private final Memory memory;
    private final List<Runnable> wipes;

    private NamespaceObjects(Namespace opened, Memory memory, List<Runnable> wipes) {
        this.opened = opened;
        this.memory = memory;
        this.wipes = wipes;
    }

    /**
     * Opens a namespace in which the last writer wins, and whose sites do not change.
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
     * Opens a namespace in which the last writer wins, and whose sites may change while it is in use.
     *
     * @param layouts tells where its data lies
     * @param namespaceId 16 bytes
     * @param secret its secret, not kept
     * @param facilities what it works with
     * @return its objects, to be closed by the caller
     */
    public static NamespaceObjects open(Layouts layouts, byte[] namespaceId, OpenSecret secret, Facilities facilities) {
        NamespaceKeys keys = NamespaceKeys.of(namespaceId, secret);
        Layout layout = layouts.latest();
        RecordFormat format = new RecordFormat(keys);
        InlineCodes codes = new InlineCodes(facilities.dispersal()::code);
        Records records = new Records(layouts, format, codes, facilities.means()).under(layout);
        RecordNamespace namespace = new RecordNamespace(layouts, layout, format, records, facilities);
        return new NamespaceObjects(namespace, Memory.of(facilities), List.of(keys::close));
    }

    /**
     * Opens a namespace whose writes may be conditional, and whose sites may change while it is in use.
     *
     * @param layouts tells where its data lies
     * @param namespaceId 16 bytes
     * @param secret its secret, not kept
     * @param facilities what it works with
     * @return its objects, to be closed by the caller
     */
    public static NamespaceObjects openConditional(
            Layouts layouts, byte[] namespaceId, OpenSecret secret, Facilities facilities) {
        NamespaceKeys keys = NamespaceKeys.of(namespaceId, secret);
        RegisterFormat registers = RegisterFormat.of(keys.folder(), secret, HeadValue.NOTE_BYTES);
        RegisterNamespace namespace =
                new RegisterNamespace(layouts, layouts.latest(), new RecordFormat(keys), registers, facilities);
        return new NamespaceObjects(namespace, Memory.of(facilities), List.of(registers::close, keys::close));
    }

    /** Watches how sites are filled. */
    public interface FillListener {
        /**
         * It waits for others to end what they may have begun before.
         *
         * @param duration how long
         */
        default void waits(Duration duration) {}

        /** A name has been looked after. */
        void filled();
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
    public Sink create(ObjectName name, PutOptions options) throws IOException {
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
        return served(query.freshness(), now -> new ObjectLister(now, memory.longNames(), query).page());
    }

    @Override
    public WriteReport delete(ObjectName name, Condition condition) throws IOException {
        return new ObjectDeleter(opened.confirmed()).delete(name, condition);
    }

    @Override
    public WriteReport copy(ObjectName from, ObjectName to) throws IOException {
        Namespace now = opened.confirmed();
        return new ObjectCopier(now, new ObjectReader(now)).copy(from, to);
    }

    @Override
    public ObjectHealth inspect(ObjectName name, Depth depth) throws IOException {
        return opened.latest().upkeep(memory).inspect(name, depth);
    }

    @Override
    public RepairReport repair(ObjectName name, Depth depth) throws IOException {
        return steadily(now -> now.upkeep(memory).repair(name, depth));
    }

    @Override
    public ShredReport shred(ObjectName name) throws IOException {
        return steadily(now -> now.upkeep(memory).shred(name));
    }

    @Override
    public GarbageReport collectGarbage(GarbageListener listener) throws IOException {
        return collecting().upkeep(memory).collectGarbage(listener);
    }

    @Override
    public GarbageReport previewGarbage() throws IOException {
        return collecting().upkeep(memory).previewGarbage();
    }

    /** While all is sliced anew slices stand that no head names yet, however long ago their version was written. */
    private Namespace collecting() throws IOException {
        Namespace now = opened.confirmed();
        if (now.layout().reslices()) {
            throw new UnavailableException("no garbage is collected while the profile changes to another k: finish that"
                    + " first ('slicekeep profile set')");
        }
        return now;
    }

    /**
     * Brings the newest version of every name to where a joint layout asks for it, and to the site that is coming if one is;
     * deletions too.
     *
     * @param joint where data lies while those before and those after take part; a site that is coming is its last
     * @param listener watches it
     * @throws io.slicekeep.error.UnavailableException if something could not be brought there, naming it
     * @throws IOException if it stops midway; another call goes on
     */
    public void fillIncoming(Layout joint, FillListener listener) throws IOException {
        Namespace ready = opened.under(joint).afterFormerPuts(listener);
        new SiteFilling(ready, memory, listener).run();
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {
        wipes.forEach(Runnable::run);
    }
}
