package io.slicekeep.testkit.simulator;

import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.object.Condition;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.ObjectInfo;
import io.slicekeep.object.ObjectStore.ObjectPage;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.testkit.RegisterHistory;
import io.slicekeep.testkit.simulator.Content.Size;
import io.slicekeep.testkit.simulator.Violation.Promise;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Puts, gets, deletes, copies, shreds and lists objects of names that all clients share. */
final class Client implements Role {
    /** A model's history must stay short enough to be checked after every read. */
    private static final int MAX_OPERATIONS_PER_NAME = 50;

    private static final int OPERATIONS = 24;
    private static final int NAMES_AT_A_TIME = 3;
    private static final int OPERATIONS_PER_PHASE = 8;
    private static final double LARGE_SHARE = 0.04;
    private static final String VALUE = "value";

    private final Run run;
    private final Model model;
    private final Duration longestRest;

    Client(Run run, Duration longestRest) {
        this.run = run;
        this.model = run.model();
        this.longestRest = longestRest;
    }

    @Override
    public int operations() {
        return OPERATIONS;
    }

    @Override
    public Duration longestRest() {
        return longestRest;
    }

    @Override
    public void perform(int number, Opened opened, SplittableRandom draws) throws IOException {
        NamespaceObjects objects = opened.objects();
        String name = "folder/name-" + number / OPERATIONS_PER_PHASE + "-" + draws.nextInt(NAMES_AT_A_TIME);
        int drawn = draws.nextInt(100);
        if (hasEnoughOf(name)) {
            return;
        }
        if (drawn < 20 && run.mode() == NamespaceMode.CONDITIONAL) {
            change(objects, name, draws);
        } else if (drawn < 28) {
            put(objects, name, draws);
        } else if (drawn < 38) {
            write(name, RegisterHistory.NOTHING, () -> objects.delete(ObjectName.of(name)));
        } else if (drawn < 41) {
            shred(objects, name, draws.nextBoolean());
        } else if (drawn < 45) {
            copy(objects, name, draws);
        } else if (drawn < 50) {
            list(objects, draws);
        } else if (drawn < 60) {
            head(objects, name);
        } else if (drawn < 65) {
            readStale(objects, name, draws);
        } else {
            read(objects, name, draws);
        }
    }

    /** Tells whether no more should be done to a name. */
    boolean hasEnoughOf(String name) {
        return model.of(name).operationCount() >= MAX_OPERATIONS_PER_NAME;
    }

    /** Requires that what somebody was told of was written once. */
    void requireWritten(ObjectInfo info) {
        value(info);
    }

    /** Reads a name whole, insisting on the newest. */
    void read(NamespaceObjects objects, String name, SplittableRandom draws) throws IOException {
        long start = run.nowNanos();
        long value = RegisterHistory.NOTHING;
        try (Source source = objects.open(ObjectName.of(name), Freshness.PROVEN)) {
            requireProven(source.info());
            value = check(source, draws);
        } catch (ObjectNotFoundException e) {
            // Nothing is a value too.
        } catch (IntegrityException e) {
            throw new Violation(Promise.NOT_ACCUSED, name + ": " + e, e);
        }
        noteRead(name, value, start);
    }

    /** Notes that somebody was told that a name stands, and as what. */
    void noteRead(String name, ObjectInfo info, long start) {
        requireProven(info);
        noteRead(name, value(info), start);
    }

    /** Notes that somebody was told that there is nothing under a name. */
    void noteNothing(String name, long start) {
        noteRead(name, RegisterHistory.NOTHING, start);
    }

    private void noteRead(String name, long value, long start) {
        if (model.copies().contains(name)) {
            model.readCopy(name, value, start, run.nowNanos());
        } else {
            model.of(name).read(value, start, run.nowNanos());
        }
        run.tally().read();
        run.note(value, () -> "read " + name + ": " + value);
    }

    private void put(NamespaceObjects objects, String name, SplittableRandom draws) throws IOException {
        long value = model.newValue(size(draws));
        write(name, value, () -> put(objects, name, value, Condition.NONE));
    }

    private void put(NamespaceObjects objects, String name, long value, Condition condition) throws IOException {
        PutOptions options = new PutOptions(null, Map.of(VALUE, Long.toString(value)), false, condition);
        try (Sink sink = objects.create(ObjectName.of(name), options)) {
            sink.write(Content.bytes(value, 0, model.lengthBytes(value)));
            sink.commit();
        }
    }

    /** Reads what is there, and a little later puts or deletes if it still is. */
    private void change(NamespaceObjects objects, String name, SplittableRandom draws) throws IOException {
        long start = run.nowNanos();
        long seen = RegisterHistory.NOTHING;
        Condition unchanged = Condition.IF_ABSENT;
        try {
            ObjectInfo info = objects.head(ObjectName.of(name), Freshness.PROVEN);
            seen = value(info);
            unchanged = Condition.ifMatch(info.etag());
            noteRead(name, info, start);
        } catch (ObjectNotFoundException e) {
            noteNothing(name, start);
        }
        run.tasks().pause(Duration.ofMillis(draws.nextInt(300)));
        Condition condition = unchanged;
        if (draws.nextInt(5) == 0) {
            NameModel.Write write = model.of(name).begin(seen, RegisterHistory.NOTHING, run.nowNanos());
            write(name, write, () -> objects.delete(ObjectName.of(name), condition));
        } else {
            long value = model.newValue(size(draws));
            NameModel.Write write = model.of(name).begin(seen, value, run.nowNanos());
            write(name, write, () -> put(objects, name, value, condition));
        }
    }

    /** Shreds, and if it is to be done to the end waits for readers and shreds again, which deletes what was put meanwhile. */
    private void shred(NamespaceObjects objects, String name, boolean toTheEnd) throws IOException {
        write(name, RegisterHistory.NOTHING, () -> shred(objects, name));
        if (toTheEnd) {
            run.tasks().pause(Run.TIMING.deadline());
            write(name, RegisterHistory.NOTHING, () -> shred(objects, name));
        }
    }

    /** Whatever fails, the tombstone may stand. */
    private static void shred(NamespaceObjects objects, String name) throws IOException {
        try {
            objects.shred(ObjectName.of(name));
        } catch (IOException e) {
            throw new OutcomeUnknownException("shredding " + name + " failed", e);
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    private void write(String name, long value, Action action) throws IOException {
        write(name, model.of(name).begin(value, run.nowNanos()), action);
    }

    private void write(String name, NameModel.Write write, Action action) throws IOException {
        long value = write.value();
        try {
            action.run();
            model.of(name).acknowledge(write, run.nowNanos());
            run.tally().acknowledge();
            run.note(value, () -> "wrote " + value + " to " + name);
        } catch (OutcomeUnknownException e) {
            run.note(value, () -> "may have written " + value + " to " + name);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            model.of(name).fail(write);
            run.note(value, () -> "did not write " + value + " to " + name);
        }
    }

    private void copy(NamespaceObjects objects, String from, SplittableRandom draws) throws IOException {
        String to = "folder/copy-" + Integer.toHexString(draws.nextInt());
        Model.Copy copy = model.beginCopy(from, to, run.nowNanos());
        try {
            objects.copy(ObjectName.of(from), ObjectName.of(to));
            copy.acknowledge(run.nowNanos());
            run.tally().acknowledge();
            run.note(0, () -> "copied " + from + " to " + to);
        } catch (ObjectNotFoundException e) {
            copy.fail();
        } catch (OutcomeUnknownException | InterruptedIOException e) {
            run.note(0, () -> "may have copied " + from + " to " + to);
        } catch (IOException e) {
            copy.fail();
        }
        if (draws.nextBoolean()) {
            read(objects, to, draws);
        }
    }

    private void head(NamespaceObjects objects, String name) throws IOException {
        long start = run.nowNanos();
        try {
            noteRead(name, objects.head(ObjectName.of(name), Freshness.PROVEN), start);
        } catch (ObjectNotFoundException e) {
            noteNothing(name, start);
        }
    }

    private void readStale(NamespaceObjects objects, String name, SplittableRandom draws) throws IOException {
        try (Source source = objects.open(ObjectName.of(name), Freshness.POSSIBLY_STALE)) {
            model.of(name).readStale(check(source, draws), run.nowNanos());
        } catch (ObjectNotFoundException e) {
            // What the sites at hand know of.
        }
    }

    private void list(NamespaceObjects objects, SplittableRandom draws) throws IOException {
        long start = run.nowNanos();
        Set<String> shown = new TreeSet<>();
        int limit = 1 + draws.nextInt(20);
        ObjectName after = null;
        do {
            ObjectPage page =
                    objects.list(new ListQuery(ObjectName.of("folder/"), false, after, limit, Freshness.PROVEN));
            page.entries().stream()
                    .map(ObjectEntry::name)
                    .map(ObjectName::toString)
                    .forEach(shown::add);
            after = page.next();
        } while (after != null);
        for (String name : model.names()) {
            if (!model.copies().contains(name)) {
                model.of(name).listed(shown.contains(name), start, run.nowNanos());
            }
        }
        run.tally().read();
        run.note(shown.hashCode(), () -> "listed " + shown);
    }

    /** Reads a source, whole or in part, and checks every byte. Returns the value's number. */
    private long check(Source source, SplittableRandom draws) throws IOException {
        long value = value(source.info());
        int length = model.lengthBytes(value);
        if (source.length() != length || source.info().lengthBytes() != length) {
            throw new Violation(
                    Promise.NOT_WRONG, "value " + value + " has " + source.length() + " bytes, not " + length);
        }
        int from = draws.nextInt(3) > 0 ? 0 : draws.nextInt(length + 1);
        int count = from == 0 ? length : draws.nextInt(length - from + 1);
        ByteBuffer read = ByteBuffer.allocate(count);
        source.readFullyAt(from, read);
        if (!read.flip().equals(Content.bytes(value, from, count))) {
            throw new Violation(Promise.NOT_WRONG, "wrong bytes in value " + value + " from " + from);
        }
        return value;
    }

    private long value(ObjectInfo info) {
        @Nullable String number = info.metadata().get(VALUE);
        long value = number == null ? -1 : Long.parseLong(number);
        if (!model.exists(value)) {
            throw new Violation(Promise.NOT_WRONG, info + " was never written");
        }
        return value;
    }

    private Size size(SplittableRandom draws) {
        double drawn = draws.nextDouble();
        if (drawn < LARGE_SHARE) {
            return Size.LARGE;
        }
        return drawn < 0.9 ? Size.SMALL : drawn < 0.97 ? Size.CHUNKS : Size.EMPTY;
    }

    private static void requireProven(ObjectInfo info) {
        if (!info.proven()) {
            throw new Violation(Promise.NOT_BACKWARD, "a reader who insists on the newest got " + info);
        }
    }
}
