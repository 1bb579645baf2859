package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.DispersedSink;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.testkit.HookedStore.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Dispersal} does when all is well, judged by a second implementation of docs/FORMAT.md.
 * {@link DispersalDamageContract} is about damaged slices, {@link DispersalWriteFaultContract} and
 * {@link DispersalReadFaultContract} are about failing sites.
 */
public abstract class DispersalContract extends DispersalFixture {
    private static final List<Profile> PROFILES =
            List.of(Profile.of(1, 0), Profile.of(2, 1), SIX, Profile.of(10, 4), Profile.of(10, 6));

    /** Creates the contract. */
    protected DispersalContract() {}

    @Test
    void everyLengthAroundABorderIsSlicedAsTheFormatSays() throws IOException {
        Dispersal dispersal = dispersal();
        for (Profile profile : PROFILES) {
            for (int length : borderLengths(profile.dataSlices())) {
                Fleet fleet = fleet(profile);
                byte[] blob = bytes(length, length);
                Spread spread = fleet.write(dispersal, blob);
                byte[][] expected = reference(spread).of(blob);
                for (int i = 0; i < profile.sites(); i++) {
                    assertThat(Arrays.equals(fleet.slice(spread, i), expected[i]))
                            .as("slice %d of %d bytes, %s", i, length, profile)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void everyLengthAroundABorderComesBackAndIsWhole() throws IOException {
        Dispersal dispersal = dispersal();
        for (Profile profile : PROFILES) {
            for (int length : borderLengths(profile.dataSlices())) {
                Fleet fleet = fleet(profile);
                byte[] blob = bytes(length, length);
                Spread spread = fleet.write(dispersal, blob);
                assertThat(Arrays.equals(Fleet.read(dispersal, spread, length), blob))
                        .as("%d bytes, %s", length, profile)
                        .isTrue();
                assertThat(dispersal.inspect(spread, length)).isEmpty();
            }
        }
    }

    @Test
    void piecesOfAnyLengthMakeTheSameSlices() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(2 * ReferenceSlices.fullStripeBytes(4) + 12_345, 1);
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.spread();
        Random random = new Random(2);
        try (DispersedSink sink = dispersal.create(spread)) {
            for (int at = 0; at < blob.length; ) {
                int count = Math.min(blob.length - at, random.nextInt(1 << random.nextInt(21)));
                ByteBuffer piece = ByteBuffer.wrap(blob, at, count);
                assertThat(sink.write(piece)).isEqualTo(count);
                assertThat(piece.hasRemaining()).isFalse();
                at += count;
            }
            sink.commit();
            assertThat(sink.failures()).isEmpty();
        }
        byte[][] expected = reference(spread).of(blob);
        for (int i = 0; i < 6; i++) {
            assertThat(Arrays.equals(fleet.slice(spread, i), expected[i])).isTrue();
        }
    }

    @Test
    void buffersOfAnyKindAreTakenAndFilled() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(300_000, 3);
        List<IntFunction<ByteBuffer>> kinds = List.of(
                ByteBuffer::allocate,
                ByteBuffer::allocateDirect,
                count -> ByteBuffer.allocate(count + 9).slice(5, count));
        for (IntFunction<ByteBuffer> kind : kinds) {
            Fleet fleet = fleet(SIX);
            Spread spread = fleet.spread();
            try (DispersedSink sink = dispersal.create(spread)) {
                ByteBuffer src = kind.apply(blob.length + 7).position(3).limit(3 + blob.length);
                src.put(blob).position(3);
                ByteBuffer shown = src.asReadOnlyBuffer();
                sink.write(shown);
                assertThat(shown.position()).isEqualTo(3 + blob.length);
                sink.commit();
            }
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                ByteBuffer dst = kind.apply(blob.length + 7).position(3).limit(3 + blob.length);
                assertThat(source.readAt(0, dst)).isEqualTo(blob.length);
                assertThat(dst.position()).isEqualTo(3 + blob.length);
                assertThat(dst.position(3)).isEqualTo(ByteBuffer.wrap(blob));
            }
        }
    }

    @Test
    void gatheredBuffersAreAppendedInOrder() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        byte[] blob = bytes(5000, 4);
        Spread spread = fleet.spread();
        try (DispersedSink sink = dispersal.create(spread)) {
            ByteBuffer[] srcs = {ByteBuffer.wrap(blob, 0, 100), ByteBuffer.wrap(blob, 100, 4900), ByteBuffer.allocate(9)
            };
            sink.write(srcs, 2);
            sink.commit();
        }
        assertThat(Fleet.read(dispersal, spread, 5000)).isEqualTo(blob);
    }

    @Test
    void randomReadsReturnWhatWasWritten() throws IOException {
        Dispersal dispersal = dispersal();
        for (Profile profile : List.of(Profile.of(1, 0), SIX, Profile.of(10, 6))) {
            byte[] blob = bytes(3 * ReferenceSlices.fullStripeBytes(profile.dataSlices()) + 777, 5);
            Spread spread = fleet(profile).write(dispersal, blob);
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                requireRandomReads(source, blob, new Random(6), 300);
            }
        }
    }

    @Test
    void readsFollowTheContractOfSources() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(1000, 7);
        Spread spread = fleet(SIX).write(dispersal, blob);
        BlobSource source = dispersal.open(spread, 1000);
        assertThat(source.length()).isEqualTo(1000);
        assertThat(source.readAt(1000, ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(source.readAt(Long.MAX_VALUE, ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(source.readAt(5, ByteBuffer.allocate(0))).isZero();
        assertThat(source.readAt(5000, ByteBuffer.allocate(0))).isZero();
        ByteBuffer dst = ByteBuffer.allocate(100);
        assertThat(source.readAt(990, dst)).isEqualTo(10);
        assertThat(dst.position()).isEqualTo(10);
        assertThatIllegalArgumentException().isThrownBy(() -> source.readAt(-1, ByteBuffer.allocate(1)));
        source.close();
        source.close();
        assertThatIllegalStateException().isThrownBy(source::length);
        assertThatIllegalStateException().isThrownBy(() -> source.readAt(0, ByteBuffer.allocate(1)));
    }

    @Test
    void emptyBlobComesBackEmpty() throws IOException {
        Dispersal dispersal = dispersal();
        Spread spread = fleet(SIX).write(dispersal, new byte[0]);
        try (BlobSource source = dispersal.open(spread, 0)) {
            assertThat(source.length()).isZero();
            assertThat(source.readAt(0, ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void openingAndReadingNeedTheDataSitesOnly() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(2_000_000, 8);
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, blob);
        Fleet.read(dispersal, spread, blob.length);
        for (int i = 0; i < 6; i++) {
            assertThat(fleet.store(i).count(Call.OPEN)).isEqualTo(i < 4 ? 1 : 0);
        }
    }

    @Test
    void smallReadTouchesOneSiteAndTheBlocksItNeeds() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(2_000_000, 9);
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, blob);
        try (BlobSource source = dispersal.open(spread, blob.length)) {
            long[] before = readBytes(fleet);
            source.readFullyAt(300_000, ByteBuffer.allocate(4096));
            long[] after = readBytes(fleet);
            assertThat(after[1] - before[1]).isEqualTo(16_388);
            after[1] = before[1];
            assertThat(after).isEqualTo(before);
        }
    }

    @Test
    void sequentialReadsReadEachBlockOnce() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(3_500_000, 10);
        Fleet fleet = fleet(SIX);
        Spread spread = fleet.write(dispersal, blob);
        try (BlobSource source = dispersal.open(spread, blob.length)) {
            for (int at = 0; at < blob.length; at += 5000) {
                ByteBuffer dst = ByteBuffer.allocate(Math.min(5000, blob.length - at));
                source.readFullyAt(at, dst);
                assertThat(dst.flip()).isEqualTo(ByteBuffer.wrap(blob, at, dst.limit()));
            }
        }
        for (int i = 0; i < 4; i++) {
            assertThat(fleet.store(i).readBytes()).isLessThan(fleet.slice(spread, i).length + 3 * 16_388);
        }
    }

    @Test
    void readsMayJumpAboutAfterAndBeforeSequentialOnes() throws IOException {
        Dispersal dispersal = dispersal();
        byte[] blob = bytes(4_000_000, 14);
        Spread spread = fleet(SIX).write(dispersal, blob);
        try (BlobSource source = dispersal.open(spread, blob.length)) {
            for (int start : new int[] {0, 3_000_000, 1_000_000, 1_040_000, 2_097_152 - 200_000}) {
                for (int at = start; at < start + 300_000; at += 50_000) {
                    ByteBuffer dst = ByteBuffer.allocate(50_000);
                    source.readFullyAt(at, dst);
                    assertThat(dst.flip()).isEqualTo(ByteBuffer.wrap(blob, at, 50_000));
                }
            }
        }
    }

    @Test
    void manyThreadsReadOneSource() throws IOException {
        byte[] blob = bytes(3_000_000, 11);
        Fleet fleet = fleet(SIX);
        try (ExecutorTasks tasks = ExecutorTasks.create(8)) {
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
            Spread spread = fleet.write(dispersal, blob);
            fleet.delete(spread, 1);
            try (BlobSource source = dispersal.open(spread, blob.length)) {
                IntStream.range(0, 8).parallel().forEach(seed -> {
                    try {
                        requireRandomReads(source, blob, new Random(seed), 50);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
            }
        }
    }

    /** In simulated time: where a machine stalls, a site looks slow, and another one is asked besides. */
    @Test
    void memoryIsAFewStripesWhateverTheLength() {
        SimulatedTasks.forEachSeed(1, tasks -> {
            Dispersal dispersal = dispersal(tasks, Patience.DEFAULT);
            Spread spread = fleet(SIX).spread();
            byte[] piece = bytes(100_000, 15);
            try (DispersedSink sink = dispersal.create(spread)) {
                for (int i = 0; i < 100; i++) {
                    sink.write(ByteBuffer.wrap(piece));
                    assertThat(heldLeases(dispersal)).isLessThanOrEqualTo(2);
                }
                sink.commit();
            }
            try (BlobSource source = dispersal.open(spread, 10_000_000)) {
                for (int i = 0; i < 100; i++) {
                    ByteBuffer dst = ByteBuffer.allocate(100_000);
                    source.readFullyAt(100_000L * i, dst);
                    assertThat(dst.flip()).isEqualTo(ByteBuffer.wrap(piece));
                    assertThat(heldLeases(dispersal)).isLessThanOrEqualTo(2 * 4);
                }
            }
        });
    }

    @Test
    void nothingIsVisibleBeforeTheCommit() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        try (DispersedSink sink = dispersal.create(fleet.spread())) {
            sink.write(ByteBuffer.wrap(bytes(3_000_000, 12)));
            assertThat(fleet.heldBlobs()).isZero();
            sink.commit();
            assertThat(fleet.heldBlobs()).isEqualTo(6);
        }
    }

    @Test
    void closingWithoutCommitLeavesNothing() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        for (int length : new int[] {0, 1, 1_048_576, 3_000_000}) {
            DispersedSink sink = dispersal.create(fleet.spread());
            sink.write(ByteBuffer.wrap(bytes(length, 13)));
            assertThat(sink.isOpen()).isTrue();
            sink.close();
            sink.close();
            assertThat(sink.isOpen()).isFalse();
            assertThatThrownBy(() -> sink.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(sink::commit).isInstanceOf(ClosedChannelException.class);
            assertThat(fleet.heldBlobs()).isZero();
        }
    }

    @Test
    void afterTheCommitNothingMoreIsTaken() throws IOException {
        Dispersal dispersal = dispersal();
        Fleet fleet = fleet(SIX);
        DispersedSink sink = dispersal.create(fleet.spread());
        sink.commit();
        assertThatIllegalStateException().isThrownBy(() -> sink.write(ByteBuffer.allocate(1)));
        assertThatIllegalStateException().isThrownBy(sink::commit);
        sink.close();
        assertThat(fleet.heldBlobs()).isEqualTo(6);
    }

    @Test
    void codesAreMadeOnce() {
        Dispersal dispersal = dispersal();
        ErasureCode code = dispersal.code(4, 2);
        assertThat(code.dataCells()).isEqualTo(4);
        assertThat(code.parityCells()).isEqualTo(2);
        assertThat(dispersal.code(4, 2)).isSameAs(code);
        assertThat(dispersal.code(2, 4)).isNotSameAs(code);
    }

    static void requireRandomReads(BlobSource source, byte[] blob, Random random, int reads) throws IOException {
        for (int i = 0; i < reads; i++) {
            int at = random.nextInt(blob.length);
            int count = Math.min(blob.length - at, 1 + random.nextInt(1 << random.nextInt(22)));
            ByteBuffer dst = ByteBuffer.allocate(count);
            source.readFullyAt(at, dst);
            assertThat(dst.flip().equals(ByteBuffer.wrap(blob, at, count)))
                    .as("%d bytes at %d", count, at)
                    .isTrue();
        }
    }

    static ReferenceSlices reference(Spread spread) {
        Profile profile = spread.layout().profile();
        return new ReferenceSlices(profile.dataSlices(), profile.paritySlices(), spread.blobId(), spread.epoch());
    }

    private static int[] borderLengths(int k) {
        int stripe = ReferenceSlices.fullStripeBytes(k);
        return new int[] {
            0,
            1,
            63,
            64,
            65,
            64 * k,
            64 * k + 1,
            16384 * k,
            16384 * k + 1,
            stripe - 1,
            stripe,
            stripe + 1,
            3 * stripe + 777
        };
    }

    private static long[] readBytes(Fleet fleet) {
        return IntStream.range(0, fleet.profile().sites())
                .mapToLong(i -> fleet.store(i).readBytes())
                .toArray();
    }
}
