package io.slicekeep.testkit.simulator;

import io.slicekeep.testkit.RegisterHistory;
import io.slicekeep.testkit.simulator.Violation.Promise;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What clients were promised, name by name. Confined to one thread at a time. */
final class Model {
    private final Map<String, NameModel> names = new TreeMap<>();
    private final Map<String, Copy> copies = new TreeMap<>();
    private final Map<String, RegisterModel> registers = new TreeMap<>();
    private final Map<Long, Content.Size> sizes = new TreeMap<>();
    private long values;

    /** A copy under a name of its own. What it copied shows when it is read for the first time. */
    static final class Copy {
        private final String from;
        private final String to;
        private final long startNanos;
        private long endNanos = Long.MAX_VALUE;
        private boolean failed;

        private Copy(String from, String to, long startNanos) {
            this.from = from;
            this.to = to;
            this.startNanos = startNanos;
        }

        void acknowledge(long nowNanos) {
            endNanos = nowNanos;
        }

        /** It has failed for certain: it must never be seen. */
        void fail() {
            failed = true;
        }

        private Violation violation(Promise promise) {
            return new Violation(promise, to + ", a copy of " + from + " made from " + startNanos + " to " + endNanos);
        }
    }

    NameModel of(String name) {
        return names.computeIfAbsent(name, NameModel::new);
    }

    RegisterModel register(String id) {
        return registers.computeIfAbsent(id, RegisterModel::new);
    }

    Set<String> registers() {
        return registers.keySet();
    }

    /** Returns the names of all objects that there were, in order. */
    List<String> everyName() {
        Set<String> every = new LinkedHashSet<>(names.keySet());
        every.addAll(copies.keySet());
        return List.copyOf(every);
    }

    Set<String> names() {
        return names.keySet();
    }

    Set<String> copies() {
        return copies.keySet();
    }

    /** Draws a number that nothing else has. */
    long newNumber() {
        return ++values;
    }

    /** Draws a value that no other write has. */
    long newValue(Content.Size size) {
        long value = newNumber();
        sizes.put(value, size);
        return value;
    }

    int lengthBytes(long value) {
        return Content.lengthBytes(value, sizes.getOrDefault(value, Content.Size.EMPTY));
    }

    boolean exists(long value) {
        return sizes.containsKey(value);
    }

    /** A copy begins. */
    Copy beginCopy(String from, String to, long nowNanos) {
        Copy copy = new Copy(from, to, nowNanos);
        copies.put(to, copy);
        return copy;
    }

    /**
     * Adds a read of a copy: what it shows, its original held while the copying went on, and it never changes.
     *
     * @param value what was read; 0 if there was nothing
     */
    void readCopy(String name, long value, long startNanos, long endNanos) {
        Copy copy = copies.get(name);
        if (copy == null) {
            throw new Violation(Promise.NOT_WRONG, name + " was read, and nobody made it");
        }
        NameModel model = of(name);
        boolean nothing = value == RegisterHistory.NOTHING;
        if (nothing && copy.endNanos < startNanos) {
            throw copy.violation(Promise.NOT_LOST);
        }
        if (!nothing && copy.failed) {
            throw copy.violation(Promise.NOT_WRONG);
        }
        if (!nothing && model.operationCount() == 0) {
            long until = Math.min(copy.endNanos, endNanos);
            of(copy.from).read(value, copy.startNanos, until);
            model.acknowledge(model.begin(value, copy.startNanos), until);
        }
        if (model.operationCount() > 0) {
            model.read(value, startNanos, endNanos);
        }
    }
}
