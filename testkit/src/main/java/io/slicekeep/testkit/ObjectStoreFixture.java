package io.slicekeep.testkit;

import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.ObjectHealth;
import io.slicekeep.object.ObjectStore.ObjectInfo;
import io.slicekeep.object.ObjectStore.ObjectPage;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.object.ObjectStore.WriteReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fresh store of objects for each test, and what the tests do with it in many places. */
abstract class ObjectStoreFixture {
    private @Nullable ObjectStore objects;

    ObjectStoreFixture() {}

    /**
     * Makes the store under test.
     *
     * @return a new, empty store
     * @throws IOException if it cannot be made
     */
    protected abstract ObjectStore newObjects() throws IOException;

    /**
     * Ends what {@link #newObjects} made.
     *
     * @throws IOException if it cannot be ended
     */
    protected abstract void end() throws IOException;

    /**
     * Returns the sites that never take or show anything.
     *
     * @return their names; none unless overridden
     */
    protected Set<String> outOfReach() {
        return Set.of();
    }

    @BeforeEach
    final void openObjects() throws IOException {
        objects = newObjects();
    }

    @AfterEach
    final void endObjects() throws IOException {
        end();
    }

    final ObjectStore objects() {
        if (objects == null) {
            throw new IllegalStateException("not set up");
        }
        return objects;
    }

    final WriteReport put(ObjectName name, byte[] bytes) throws IOException {
        return put(name, bytes, PutOptions.NONE);
    }

    final WriteReport put(ObjectName name, byte[] bytes, PutOptions options) throws IOException {
        return put(objects(), name, bytes, options);
    }

    static WriteReport put(ObjectStore objects, ObjectName name, byte[] bytes, PutOptions options) throws IOException {
        try (Sink sink = objects.create(name, options)) {
            sink.write(ByteBuffer.wrap(bytes));
            return sink.commit();
        }
    }

    final byte[] get(ObjectName name) throws IOException {
        return get(objects(), name);
    }

    static byte[] get(ObjectStore objects, ObjectName name) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Source source = objects.open(name, Freshness.PROVEN)) {
            source.transferTo(Channels.newChannel(all));
        }
        return all.toByteArray();
    }

    final ObjectInfo head(ObjectName name) throws IOException {
        return objects().head(name, Freshness.PROVEN);
    }

    final ObjectHealth health(ObjectName name, Depth depth) throws IOException {
        return objects().inspect(name, depth);
    }

    /** Returns all names that begin with a prefix, as one page tells them. */
    final List<ObjectName> list(String prefix) throws IOException {
        ListQuery query = query(prefix, false, null, 100_000);
        return objects().list(query).entries().stream().map(ObjectEntry::name).toList();
    }

    static ListQuery query(String prefix, boolean delimited, @Nullable ObjectName after, int limit) {
        return new ListQuery(
                prefix.isEmpty() ? null : ObjectName.of(prefix), delimited, after, limit, Freshness.PROVEN);
    }

    /** Returns all names and groups of a listing, page by page. */
    static List<ObjectName> pages(ObjectStore objects, String prefix, boolean delimited, int limit) throws IOException {
        List<ObjectName> all = new ArrayList<>();
        ObjectName after = null;
        do {
            ObjectPage page = objects.list(query(prefix, delimited, after, limit));
            List<ObjectName> shown = new ArrayList<>(page.groups());
            page.entries().forEach(entry -> shown.add(entry.name()));
            if (shown.size() > limit) {
                throw new AssertionError("a page of " + shown.size() + " with limit " + limit);
            }
            shown.sort(null);
            all.addAll(shown);
            after = page.next();
        } while (after != null);
        return all;
    }

    /** Returns bytes that a seed decides. */
    static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
