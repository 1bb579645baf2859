package io.slicekeep.testkit.crash;

import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The operations that sequences are made of. */
enum Act {
    /** Inline. */
    PUT_SMALL_A,
    /** Sliced. */
    PUT_LARGE_A,
    /** Inline. */
    PUT_SMALL_B,
    /** Sliced. */
    PUT_LARGE_B,
    /** Under a name whose key is its HMAC. */
    PUT_LONG_NAME,
    /** An upload that its process gives up. */
    ABORT_A,
    DELETE_A,
    DELETE_B,
    COPY_A_TO_B,
    RENAME_A_TO_B,
    SHRED_A,
    /** Whole, which may write back. */
    READ,
    REPAIR,
    /** Waits for the deadlines and the grace that it needs. */
    COLLECT;

    @FunctionalInterface
    private interface Attempt {
        void run() throws IOException;
    }

    /** Does it; the number tells its values from those of the others. */
    void perform(ObjectStore objects, int number) throws IOException {
        switch (this) {
            case PUT_SMALL_A -> put(objects, Names.A, new Value(number, Value.SMALL_BYTES));
            case PUT_LARGE_A -> put(objects, Names.A, new Value(number, Value.LARGE_BYTES));
            case PUT_SMALL_B -> put(objects, Names.B, new Value(number, Value.SMALL_BYTES));
            case PUT_LARGE_B -> put(objects, Names.B, new Value(number, Value.LARGE_BYTES));
            case PUT_LONG_NAME -> put(objects, Names.LONG, new Value(number, Value.SMALL_BYTES));
            case ABORT_A ->
                write(objects, Names.A, new Value(number, 2 * Value.LARGE_BYTES))
                        .close();
            case DELETE_A -> objects.delete(Names.A);
            case DELETE_B -> objects.delete(Names.B);
            case COPY_A_TO_B -> ifThere(() -> objects.copy(Names.A, Names.B));
            case RENAME_A_TO_B -> ifThere(() -> objects.rename(Names.A, Names.B));
            case SHRED_A -> objects.shred(Names.A);
            case READ -> Names.observe(objects);
            case REPAIR -> repairAll(objects);
            case COLLECT -> objects.collectGarbage((duration, names) -> {});
        }
    }

    /** Returns what may stand after each of its steps: first what stood before, last what stands when it is done. */
    List<Map<ObjectName, Value>> steps(Map<ObjectName, Value> before, int number) {
        List<Map<ObjectName, Value>> steps = new ArrayList<>(List.of(before));
        switch (this) {
            case PUT_SMALL_A -> steps.add(with(before, Names.A, new Value(number, Value.SMALL_BYTES)));
            case PUT_LARGE_A -> steps.add(with(before, Names.A, new Value(number, Value.LARGE_BYTES)));
            case PUT_SMALL_B -> steps.add(with(before, Names.B, new Value(number, Value.SMALL_BYTES)));
            case PUT_LARGE_B -> steps.add(with(before, Names.B, new Value(number, Value.LARGE_BYTES)));
            case PUT_LONG_NAME -> steps.add(with(before, Names.LONG, new Value(number, Value.SMALL_BYTES)));
            case DELETE_A, SHRED_A -> steps.add(with(before, Names.A, null));
            case DELETE_B -> steps.add(with(before, Names.B, null));
            case COPY_A_TO_B, RENAME_A_TO_B -> steps.addAll(moved(before));
            case ABORT_A, READ, REPAIR, COLLECT -> {}
        }
        return steps;
    }

    private List<Map<ObjectName, Value>> moved(Map<ObjectName, Value> before) {
        Value value = before.get(Names.A);
        if (value == null) {
            return List.of();
        }
        Map<ObjectName, Value> copied = with(before, Names.B, value);
        return this == COPY_A_TO_B ? List.of(copied) : List.of(copied, with(copied, Names.A, null));
    }

    private static Map<ObjectName, Value> with(Map<ObjectName, Value> before, ObjectName name, @Nullable Value value) {
        Map<ObjectName, Value> after = new TreeMap<>(before);
        if (value == null) {
            after.remove(name);
        } else {
            after.put(name, value);
        }
        return after;
    }

    private static void put(ObjectStore objects, ObjectName name, Value value) throws IOException {
        try (Sink sink = write(objects, name, value)) {
            sink.commit();
        }
    }

    private static Sink write(ObjectStore objects, ObjectName name, Value value) throws IOException {
        Sink sink = objects.create(name, new PutOptions(null, Map.of(Names.NUMBER, "" + value.number()), false));
        sink.write(value.bytes());
        return sink;
    }

    private static void ifThere(Attempt attempt) throws IOException {
        try {
            attempt.run();
        } catch (ObjectNotFoundException e) {
            // There is nothing to do, and nothing has changed.
        }
    }

    private static void repairAll(ObjectStore objects) throws IOException {
        for (ObjectName name : Names.ALL) {
            ifThere(() -> objects.repair(name, Depth.DEEP));
        }
    }
}
