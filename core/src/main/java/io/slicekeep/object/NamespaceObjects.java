package io.slicekeep.object;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.Means;
import io.slicekeep.record.NamespaceKeys;
import io.slicekeep.record.RecordFormat;
import io.slicekeep.record.Records;
import java.io.IOException;

/**
 * The objects of one namespace of a keep: sealed under keys of their own, sliced, and dispersed over its sites, with a record
 * of each at every site that tells which version is the newest. Closing wipes the keys; sites, tasks and the namespace's
 * secret stay the caller's.
 */
public final class NamespaceObjects implements ObjectStore, AutoCloseable {
    private final NamespaceKeys keys;
    private final Namespace namespace;
    private final ObjectReader reader;
    private final ObjectShredder shredder;
    private final LongNames longNames = new LongNames();

    private NamespaceObjects(NamespaceKeys keys, Layout layout, Facilities facilities) {
        Profile profile = layout.profile();
        RecordFormat format = new RecordFormat(keys);
        Means means = new Means(facilities.tasks(), facilities.random(), facilities.timing());
        Records records = new Records(
                layout, format, facilities.dispersal().code(profile.dataSlices(), profile.paritySlices()), means);
        this.keys = keys;
        this.namespace = new Namespace(layout, format, records, facilities);
        this.reader = new ObjectReader(namespace);
        this.shredder = new ObjectShredder(namespace, new KeySharers(namespace, longNames));
    }

    /**
     * Opens a namespace.
     *
     * @param layout where its data lies
     * @param namespaceId 16 bytes
     * @param secret its secret, not kept
     * @param facilities what it works with
     * @return its objects, to be closed by the caller
     */
    public static NamespaceObjects open(Layout layout, byte[] namespaceId, OpenSecret secret, Facilities facilities) {
        return new NamespaceObjects(NamespaceKeys.of(namespaceId, secret), layout, facilities);
    }

    @Override
    public Sink create(ObjectName name, PutOptions options) {
        return new ObjectSink(namespace, name, options);
    }

    @Override
    public Source open(ObjectName name, Freshness freshness) throws IOException {
        return reader.open(name, freshness);
    }

    @Override
    public ObjectInfo head(ObjectName name, Freshness freshness) throws IOException {
        return reader.head(name, freshness);
    }

    @Override
    public ObjectPage list(ListQuery query) throws IOException {
        return new ObjectLister(namespace, longNames, query).page();
    }

    @Override
    public WriteReport delete(ObjectName name) throws IOException {
        return new ObjectDeleter(namespace).delete(name);
    }

    @Override
    public WriteReport copy(ObjectName from, ObjectName to) throws IOException {
        return new ObjectCopier(namespace, reader).copy(from, to);
    }

    @Override
    public ObjectHealth inspect(ObjectName name, Depth depth) throws IOException {
        return new ObjectInspector(namespace, reader).inspect(name, depth);
    }

    @Override
    public RepairReport repair(ObjectName name, Depth depth) throws IOException {
        return new ObjectRepairer(namespace, reader).repair(name, depth);
    }

    @Override
    public ShredReport shred(ObjectName name) throws IOException {
        return shredder.shred(name);
    }

    @Override
    public GarbageReport collectGarbage(GarbageListener listener) throws IOException {
        return new GarbageCollection(namespace, listener).run();
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {
        keys.close();
    }
}
