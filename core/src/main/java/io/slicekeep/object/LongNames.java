package io.slicekeep.object;

import io.slicekeep.record.Bytes;
import io.slicekeep.record.EncodedName;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Long names that were read out of their records: what a digest stands for never changes. Thread-safe. */
final class LongNames {
    private static final int MAX_NAMES = 10_000;

    private final Map<EncodedName, Bytes> names = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EncodedName, Bytes> eldest) {
            return size() > MAX_NAMES;
        }
    };

    synchronized @Nullable Bytes get(EncodedName encoded) {
        return names.get(encoded);
    }

    synchronized void put(EncodedName encoded, Bytes name) {
        names.put(encoded, name);
    }
}
