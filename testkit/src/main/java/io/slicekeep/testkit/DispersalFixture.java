package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Doubt;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.Tasks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** What the contracts of a dispersal share. */
abstract class DispersalFixture {
    static final Profile SIX = Profile.of(4, 2);

    /** As far as what was sealed together reaches beyond a stripe. */
    private static final int CHUNK_BYTES = 16_400;

    private final List<Dispersal> made = new ArrayList<>();
    private final List<Fleet> fleets = new ArrayList<>();

    DispersalFixture() {}

    /**
     * Makes the dispersal under test.
     *
     * @param tasks what it runs on
     * @param patience how long it waits
     * @return the dispersal
     */
    protected abstract Dispersal create(Tasks tasks, Patience patience);

    /**
     * Returns how many pieces of pooled memory are held. Every test ends with none.
     *
     * @param dispersal made by {@link #create}
     * @return 0 if it does not pool, or cannot tell
     */
    protected int heldLeases(Dispersal dispersal) {
        return 0;
    }

    @AfterEach
    void nothingIsLeftOpen() {
        made.forEach(
                dispersal -> assertThat(heldLeases(dispersal)).as("leases held").isZero());
        fleets.forEach(fleet ->
                assertThat(fleet.leftOpen()).as("sinks and sources left open").isZero());
        made.clear();
        fleets.clear();
    }

    final Fleet fleet(Profile profile) {
        return fleet(profile, store -> store);
    }

    final Fleet fleet(Profile profile, UnaryOperator<BlobStore> outside) {
        Fleet fleet = new Fleet(profile, outside);
        fleets.add(fleet);
        return fleet;
    }

    /** A dispersal that does everything on the calling thread, one step after the other. */
    final Dispersal dispersal() {
        return dispersal(ExecutorTasks.on(Runnable::run), Patience.DEFAULT);
    }

    final Dispersal dispersal(Tasks tasks, Patience patience) {
        Dispersal dispersal = create(tasks, patience);
        made.add(dispersal);
        return dispersal;
    }

    /** Judges as tags do: all that was sealed together with any byte of a range. */
    static Doubt.Judge judge(byte[] blob) {
        return (candidate, from, to) -> {
            int start = (int) Math.max(0, from - CHUNK_BYTES);
            int end = (int) Math.min(blob.length, to + CHUNK_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate(end - start);
            candidate.readFullyAt(start, bytes);
            if (bytes.flip().mismatch(ByteBuffer.wrap(blob, start, end - start)) >= 0) {
                throw new IntegrityException("not what was sealed");
            }
        };
    }

    static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
