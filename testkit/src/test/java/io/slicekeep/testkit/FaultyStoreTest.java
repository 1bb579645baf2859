package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.testkit.Faults.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Without faults it must be a store like any other. */
class FaultyStoreTest extends BlobStoreContract {
    private final MemoryStore memory = new MemoryStore();
    private final FaultyStore faulty = new FaultyStore(memory, Faults.none());

    @Override
    protected BlobStore newStore() {
        return new FaultyStore(new MemoryStore(), Faults.none());
    }

    private boolean stands(String key) {
        return memory.list(KeyPrefix.ALL, null, 10).keys().contains(key(key));
    }

    private void putFaulty(String key) throws IOException {
        try (BlobSink sink = faulty.create(key(key))) {
            sink.write(ByteBuffer.allocate(3));
            sink.commit();
        }
    }

    @Test
    void aPutThatFailsAnywhereTellsTheTruthAboutIt() throws Exception {
        List<String> outcomes = new ArrayList<>();
        for (Fault fault : new Fault[] {Fault.BEFORE, Fault.AFTER}) {
            for (int at = 0; at < 4; at++) {
                String key = fault + "/" + at;
                faulty.faults(Faults.at(at, fault));
                try {
                    putFaulty(key);
                    outcomes.add("done " + stands(key));
                } catch (OutcomeUnknownException e) {
                    outcomes.add("unknown " + stands(key));
                } catch (IOException e) {
                    outcomes.add("failed " + stands(key));
                }
            }
        }
        assertThat(outcomes)
                .containsExactly(
                        "failed false",
                        "failed false",
                        "failed false",
                        "done true", //
                        "failed false",
                        "failed false",
                        "unknown true",
                        "done true");
    }

    @Test
    void aFailureOfASinkIsSticky() throws Exception {
        faulty.faults(Faults.at(1, Fault.BEFORE));
        try (BlobSink sink = faulty.create(key("a"))) {
            ByteBuffer src = ByteBuffer.allocate(3);
            assertThatThrownBy(() -> sink.write(src))
                    .hasMessageContaining("injected")
                    .satisfies(first -> {
                        assertThatThrownBy(() -> sink.write(src)).isSameAs(first);
                        assertThatThrownBy(sink::commit).isSameAs(first);
                    });
            assertThat(src.remaining()).isEqualTo(3);
        }
        assertThat(stands("a")).isFalse();
    }

    @Test
    void aFailedReadLeavesThePosition() throws Exception {
        putFaulty("a");
        for (Fault fault : new Fault[] {Fault.BEFORE, Fault.AFTER}) {
            faulty.faults(Faults.at(1, fault));
            try (BlobSource source = faulty.open(key("a"))) {
                ByteBuffer dst = ByteBuffer.allocate(3);
                assertThatThrownBy(() -> source.readAt(0, dst)).isInstanceOf(IOException.class);
                assertThat(dst.position()).isZero();
                assertThat(source.readAt(0, dst)).isEqualTo(3);
            }
        }
    }

    @Test
    void aDeletionOfUnknownOutcomeMayHaveHappened() throws Exception {
        putFaulty("a");
        faulty.faults(Faults.at(0, Fault.AFTER));
        assertThatThrownBy(() -> faulty.delete(key("a"))).isInstanceOf(IOException.class);
        assertThat(stands("a")).isFalse();
    }

    @Test
    void whatIsAwayIsUnavailableUntilItComesBack() throws Exception {
        putFaulty("a");
        try (BlobSource source = faulty.open(key("a"))) {
            faulty.goAway();
            assertThatThrownBy(() -> source.readAt(0, ByteBuffer.allocate(1))).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> faulty.open(key("a"))).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> faulty.list(KeyPrefix.ALL, null, 1)).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> putFaulty("b")).isInstanceOf(UnavailableException.class);
            faulty.comeBack();
            assertThat(source.readAt(0, ByteBuffer.allocate(1))).isEqualTo(1);
        }
    }

    @Test
    void aSeedDecidesWhichCallsFail() {
        assertThat(pattern(1)).isEqualTo(pattern(1)).isNotEqualTo(pattern(2));
        assertThat(pattern(1)).contains(Fault.NONE, Fault.BEFORE, Fault.AFTER);
    }

    private static List<Fault> pattern(long seed) {
        Faults faults = Faults.random(seed, 0.3);
        List<Fault> pattern = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            pattern.add(faults.next("call"));
        }
        return pattern;
    }
}
