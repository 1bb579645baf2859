package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.error.PreconditionFailedException;
import io.slicekeep.object.Condition;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.PutOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How every store of objects whose mode is conditional holds conditions. Subclasses make a store; each test has one of its own. */
public abstract class ConditionalObjectsContract extends ObjectStoreFixture {
    private static final ObjectName NAME = ObjectName.of("photos/cat.jpg");
    private static final Condition STALE = Condition.ifMatch("0123456789abcdef01234567");

    /** Creates the contract. */
    protected ConditionalObjectsContract() {}

    @Test
    void ifNoneMatchPutsWhatIsNotThereAndNothingElse() throws IOException {
        String first = putIf(Condition.IF_ABSENT, 1);
        assertThat(head(NAME).etag()).isEqualTo(first);
        assertThatThrownBy(() -> putIf(Condition.IF_ABSENT, 2)).satisfies(e -> found(e, Optional.of(first)));
        assertThat(get(NAME)).isEqualTo(bytes(10, 1));
        objects().delete(NAME);
        putIf(Condition.IF_ABSENT, 3);
        assertThat(get(NAME)).isEqualTo(bytes(10, 3));
    }

    @Test
    void ifMatchPutsOverTheVersionThatWasSeenAndNoOther() throws IOException {
        String first = putIf(Condition.NONE, 1);
        String second = putIf(Condition.ifMatch(first), 2);
        assertThat(second).isNotEqualTo(first);
        assertThatThrownBy(() -> putIf(Condition.ifMatch(first), 3)).satisfies(e -> found(e, Optional.of(second)));
        assertThat(get(NAME)).isEqualTo(bytes(10, 2));
    }

    @Test
    void ifMatchOfWhatIsNotThereFails() throws IOException {
        assertThatThrownBy(() -> putIf(STALE, 1)).satisfies(e -> found(e, Optional.empty()));
        assertThatThrownBy(() -> objects().delete(NAME, STALE)).satisfies(e -> found(e, Optional.empty()));
        String etag = putIf(Condition.NONE, 1);
        objects().delete(NAME);
        assertThatThrownBy(() -> putIf(Condition.ifMatch(etag), 2)).satisfies(e -> found(e, Optional.empty()));
        assertThatThrownBy(() -> head(NAME)).isInstanceOf(ObjectNotFoundException.class);
    }

    @Test
    void theSameBytesPutTwiceAreTwoVersions() throws IOException {
        String first = putIf(Condition.NONE, 1);
        putIf(Condition.NONE, 1);
        assertThatThrownBy(() -> putIf(Condition.ifMatch(first), 2)).isInstanceOf(PreconditionFailedException.class);
    }

    @Test
    void ifMatchDeletesTheVersionThatWasSeenAndNoOther() throws IOException {
        String first = putIf(Condition.NONE, 1);
        String second = putIf(Condition.NONE, 2);
        assertThatThrownBy(() -> objects().delete(NAME, Condition.ifMatch(first)))
                .satisfies(e -> found(e, Optional.of(second)));
        assertThat(get(NAME)).isEqualTo(bytes(10, 2));
        assertThat(objects().delete(NAME, Condition.ifMatch(second)).etag()).isNotEmpty();
        assertThatThrownBy(() -> head(NAME)).isInstanceOf(ObjectNotFoundException.class);
    }

    @Test
    void repairKeepsWhatIfMatchSees() throws IOException {
        String etag = putIf(Condition.NONE, 1);
        objects().repair(NAME, Depth.DEEP);
        assertThat(head(NAME).etag()).isEqualTo(etag);
        putIf(Condition.ifMatch(etag), 2);
    }

    @Test
    void whatFailedLeavesNoSlices() throws Exception {
        putIf(Condition.NONE, 1);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> putIf(STALE, 2)).isInstanceOf(PreconditionFailedException.class);
        }
        for (int look = 0; look < 1000 && oldRevisions() > 0; look++) {
            Thread.sleep(10); // They are deleted behind whoever failed.
        }
        assertThat(oldRevisions()).isZero();
    }

    private int oldRevisions() throws IOException {
        return health(NAME, Depth.LIGHT).oldRevisions();
    }

    @Test
    void ofManyThatPutWhatIsNotThereOneSucceeds() throws Exception {
        assertThat(atOnce(8, writer -> succeeds(() -> putIf(Condition.IF_ABSENT, writer))))
                .isEqualTo(1);
    }

    /** The counter that everybody increments by what he saw has the sum at last: no update is lost. */
    @Test
    void noUpdateOfACounterIsLost() throws Exception {
        put(NAME, counter(0), PutOptions.NONE);
        // Few enough that a register remembers them all: then every outcome is known.
        int increments = 7;
        atOnce(8, writer -> {
            for (int i = 0; i < increments; i++) {
                increment(objects());
            }
            return true;
        });
        assertThat(ByteBuffer.wrap(get(NAME)).getLong()).isEqualTo(8L * increments);
    }

    private static void increment(ObjectStore objects) throws IOException {
        boolean done = false;
        while (!done) {
            try (ObjectStore.Source source = objects.open(NAME, ObjectStore.Freshness.PROVEN)) {
                ByteBuffer read = ByteBuffer.allocate(Long.BYTES);
                source.readFullyAt(0, read);
                Condition unchanged = Condition.ifMatch(source.info().etag());
                put(objects, NAME, counter(read.getLong(0) + 1), PutOptions.NONE.when(unchanged));
                done = true;
            } catch (PreconditionFailedException e) {
                // Somebody else was faster: look again.
            }
        }
    }

    private static byte[] counter(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private interface Work {
        boolean by(int writer) throws Exception;
    }

    /** Returns of how many writers at once the work was true. */
    private static long atOnce(int writers, Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            var all = threads.invokeAll(IntStream.range(0, writers)
                    .mapToObj(writer -> (Callable<Boolean>) () -> work.by(writer))
                    .toList());
            long count = 0;
            for (var each : all) {
                count += each.get() ? 1 : 0;
            }
            return count;
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean succeeds(Callable<String> put) throws Exception {
        try {
            put.call();
            return true;
        } catch (PreconditionFailedException e) {
            return false;
        }
    }

    private static void found(Throwable thrown, Optional<String> etag) {
        assertThat(thrown).isInstanceOf(PreconditionFailedException.class).hasMessageContaining("cat.jpg");
        assertThat(((PreconditionFailedException) thrown).found()).isEqualTo(etag);
    }

    private String putIf(Condition condition, long seed) throws IOException {
        return put(NAME, bytes(10, seed), PutOptions.NONE.when(condition)).etag();
    }
}
