package io.slicekeep.object;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.key.OpenSecret;

/** The objects of one namespace, sealed, sliced and dispersed over the sites of a keep. */
@SuppressWarnings("DoNotCallSuggester")
public final class NamespaceObjects implements ObjectStore, AutoCloseable {
    private NamespaceObjects() {}

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
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public Sink create(ObjectName name, PutOptions options) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public Source open(ObjectName name, Freshness freshness) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public ObjectInfo head(ObjectName name, Freshness freshness) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public ObjectPage list(ListQuery query) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public WriteReport delete(ObjectName name) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public WriteReport copy(ObjectName from, ObjectName to) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public ObjectHealth inspect(ObjectName name, Depth depth) {
        throw new UnsupportedOperationException("being built");
    }

    @Override
    public ShredReport shred(ObjectName name) {
        throw new UnsupportedOperationException("being built");
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {}
}
