package io.slicekeep.testkit.crash;

import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The names that sequences use, and what a reader sees under them. */
final class Names {
    static final ObjectName A = ObjectName.of("a");
    static final ObjectName B = ObjectName.of("b");
    static final ObjectName LONG = ObjectName.of("x".repeat(200));
    static final List<ObjectName> ALL = List.of(A, B, LONG);

    /** The metadata that tells which value it is. */
    static final String NUMBER = "number";

    private Names() {}

    /** Reads all names whole, and the listing, which must show the same ones. */
    static Map<ObjectName, Value> observe(ObjectStore objects) throws IOException {
        Map<ObjectName, Value> observed = new TreeMap<>();
        for (ObjectName name : ALL) {
            try (Source source = objects.open(name, Freshness.PROVEN)) {
                observed.put(name, check(source));
            } catch (ObjectNotFoundException e) {
                // Nothing is an answer too.
            }
        }
        Set<ObjectName> listed = list(objects);
        if (!listed.equals(observed.keySet())) {
            throw new Broken("the listing shows " + listed + ", reading " + observed);
        }
        return observed;
    }

    private static Set<ObjectName> list(ObjectStore objects) throws IOException {
        return objects.list(new ListQuery(null, false, null, 10, Freshness.PROVEN)).entries().stream()
                .map(ObjectEntry::name)
                .collect(Collectors.toSet());
    }

    private static Value check(Source source) throws IOException {
        int number = Integer.parseInt(source.info().metadata().get(NUMBER));
        Value value = new Value(number, Math.toIntExact(source.length()));
        ByteBuffer bytes = ByteBuffer.allocate(value.lengthBytes());
        source.readFullyAt(0, bytes);
        if (!bytes.flip().equals(value.bytes())) {
            throw new Broken("wrong bytes in " + value);
        }
        return value;
    }
}
