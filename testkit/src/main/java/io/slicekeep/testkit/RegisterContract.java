package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Means;
import io.slicekeep.register.Change;
import io.slicekeep.register.Register;
import io.slicekeep.register.RegisterFormat;
import io.slicekeep.register.RegisterId;
import io.slicekeep.register.Registers;
import io.slicekeep.register.State;
import io.slicekeep.register.Update;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every register keeps to, however it is agreed on. */
@SuppressWarnings("exports") // registers are internal, and so is what implements them
public abstract class RegisterContract {
    private static final RegisterId ID = new RegisterId("photos/config");
    private static final Timing TIMING = new Timing(
            Duration.ofSeconds(10),
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMillis(300)));

    private final RegisterFormat format =
            RegisterFormat.of("", OpenSecret.random(KeyContext.EMPTY, new SeededRandom(7)));
    private final List<MemoryStore> disks = new ArrayList<>();
    private final List<FaultyStore> sites = new ArrayList<>();
    private final Registers registers;

    /** Creates the sites of each test. */
    protected RegisterContract() {
        for (int i = 0; i < siteCount(); i++) {
            disks.add(new MemoryStore());
            sites.add(new FaultyStore(disks.get(i), Faults.none()));
        }
        registers = open(sites, format, new Means(ExecutorTasks.on(Runnable::run), RandomSource.secure(), TIMING));
    }

    /**
     * Returns over how many sites the registers lie.
     *
     * @return n
     */
    protected abstract int siteCount();

    /**
     * Returns how many sites may be away while the registers still work.
     *
     * @return less than n
     */
    protected abstract int awayCount();

    /**
     * Opens the registers under test as one process does.
     *
     * @param stores the sites' stores, of which each decides races
     * @param keys how they are keyed
     * @param means tasks, randomness and time limits
     * @return the registers
     */
    protected abstract Registers open(List<? extends BlobStore> stores, RegisterFormat keys, Means means);

    @Test
    void aRegisterThatWasNeverChangedHoldsNothing() throws IOException {
        State state = registers.at(ID).read();
        assertThat(state.exists()).isFalse();
        assertThat(state.version()).isZero();
        assertThat(state.value()).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void aChangeSeesWhatTheOneBeforeItLeft() throws IOException {
        Register register = registers.at(ID);
        assertThat(register.update(current -> Optional.of(bytes("a"))))
                .isEqualTo(new Update(true, new State(1, bytes("a"))));
        List<State> seen = new ArrayList<>();
        register.update(current -> {
            seen.add(current);
            return Optional.of(bytes("b"));
        });
        assertThat(seen).containsExactly(new State(1, bytes("a")));
        assertThat(registers.at(ID).read()).isEqualTo(new State(2, bytes("b")));
    }

    @Test
    void aChangeMayDecline() throws IOException {
        Register register = registers.at(ID);
        assertThat(register.update(current -> Optional.empty()))
                .isEqualTo(new Update(false, new State(0, Bytes.EMPTY)));
        register.update(current -> Optional.of(bytes("a")));
        assertThat(register.update(current -> Optional.empty())).isEqualTo(new Update(false, new State(1, bytes("a"))));
        assertThat(register.read()).isEqualTo(new State(1, bytes("a")));
    }

    @Test
    void anEmptyValueIsAValue() throws IOException {
        registers.at(ID).update(current -> Optional.of(Bytes.EMPTY));
        assertThat(registers.at(ID).read()).isEqualTo(new State(1, Bytes.EMPTY));
    }

    @Test
    void registersOfOtherIdsAreApart() throws IOException {
        registers.at(ID).update(current -> Optional.of(bytes("a")));
        for (String other : List.of("photos", "photos/confi", "photos/config/a", "photos/configs")) {
            assertThat(registers.at(new RegisterId(other)).read().exists())
                    .as(other)
                    .isFalse();
        }
    }

    @Test
    void theLongestValueFitsAndALongerOneIsRefused() throws IOException {
        Register register = registers.at(ID);
        for (int i = 0; i < 70; i++) {
            register.update(current -> Optional.of(bytes("a")));
        }
        Bytes longest = Bytes.of(new byte[Register.MAX_VALUE_BYTES]);
        register.update(current -> Optional.of(longest));
        assertThat(register.read()).isEqualTo(new State(71, longest));
        Bytes tooLong = Bytes.of(new byte[Register.MAX_VALUE_BYTES + 1]);
        assertThatThrownBy(() -> register.update(current -> Optional.of(tooLong)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(register.read()).isEqualTo(new State(71, longest));
    }

    @Test
    void manyChangesLeaveLittleBehind() throws IOException {
        for (int i = 0; i < 200; i++) {
            registers.at(ID).update(current -> Optional.of(bytes("a")));
        }
        for (MemoryStore disk : disks) {
            assertThat(disk.list(KeyPrefix.ALL, null, 1000).keys()).hasSize(1);
        }
    }

    @Test
    void whatOthersPutUnderItsKeysIsIgnored() throws IOException {
        Register register = registers.at(ID);
        register.update(current -> Optional.of(bytes("a")));
        RegisterFormat foreign = RegisterFormat.of("", OpenSecret.random(KeyContext.EMPTY, new SeededRandom(8)));
        open(disks, foreign, new Means(ExecutorTasks.on(Runnable::run), RandomSource.secure(), TIMING))
                .at(ID)
                .update(current -> Optional.of(bytes("forged")));
        assertThat(register.read()).isEqualTo(new State(1, bytes("a")));
        assertThat(register.update(current -> Optional.of(bytes("b"))).state().version())
                .isEqualTo(2);
    }

    @Test
    void tooFewSitesAreNamedAndNothingIsChanged() throws IOException {
        Register register = registers.at(ID);
        register.update(current -> Optional.of(bytes("a")));
        sites.stream().limit(awayCount() + 1).forEach(FaultyStore::goAway);
        assertThatThrownBy(register::read)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("photos/config")
                .hasMessageContaining("away");
        assertThatThrownBy(() -> register.update(current -> Optional.of(bytes("b"))))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("away");
        sites.forEach(FaultyStore::comeBack);
        assertThat(register.read()).isEqualTo(new State(1, bytes("a")));
    }

    @Test
    void asManySitesAsAllowedMayBeAway() throws IOException {
        Register register = registers.at(ID);
        sites.stream().limit(awayCount()).forEach(FaultyStore::goAway);
        register.update(current -> Optional.of(bytes("a")));
        sites.forEach(FaultyStore::comeBack);
        sites.stream().skip(siteCount() - awayCount()).forEach(FaultyStore::goAway);
        assertThat(register.read()).isEqualTo(new State(1, bytes("a")));
    }

    /** Wherever a client loses sight of all sites, the next one finds the change made or not, and can go on. */
    @Test
    void aChangeThatStopsAnywhereIsMadeOnceOrNot() throws IOException {
        Register after = registers.at(new RegisterId("after"));
        boolean stopped = true;
        for (int calls = 0; stopped; calls++) {
            RegisterId id = new RegisterId("r" + calls);
            registers.at(id).update(current -> Optional.of(bytes("a")));
            AtomicInteger left = new AtomicInteger(calls);
            List<FaultyStore> reached = new ArrayList<>();
            for (MemoryStore disk : disks) {
                reached.add(new FaultyStore(
                        disk, call -> left.getAndDecrement() > 0 ? Faults.Fault.NONE : Faults.Fault.BEFORE));
            }
            Means means = new Means(ExecutorTasks.on(Runnable::run), RandomSource.secure(), TIMING);
            Register register = open(reached, format, means).at(id);
            long least = 1;
            long most = 2;
            try {
                register.update(current -> Optional.of(bytes("b")));
                stopped = left.get() < 0;
                least = 2;
            } catch (OutcomeUnknownException e) {
                // Both may be.
            } catch (UnavailableException e) {
                most = 1;
            }
            assertThat(registers.at(id).read().version())
                    .as("after %s calls", calls)
                    .isBetween(least, most);
            after.update(current -> Optional.of(bytes("c")));
        }
        assertThat(after.read().version()).isGreaterThan(2);
    }

    @Test
    void changesOfManyAtATimeAreAllMadeOnce() {
        SimulatedTasks.forEachSeed(20, tasks -> {
            List<BlobStore> stores = new ArrayList<>();
            IntStream.range(0, siteCount()).forEach(i -> stores.add(tasks.store("s" + i, new MemoryStore())));
            Timing patient = new Timing(Duration.ofMinutes(10), TIMING.patience());
            try (TaskGroup<Boolean> group = tasks.group()) {
                for (int i = 0; i < 5; i++) {
                    Means means = new Means(tasks, new SeededRandom(i), patient);
                    group.fork(i, () -> addOnes(open(stores, format, means).at(ID)));
                }
                for (int i = 0; i < 5; i++) {
                    assertThat(Objects.requireNonNull(group.next(tasks.deadline(Duration.ofDays(1))))
                                    .get())
                            .isTrue();
                }
            }
            State state = open(stores, format, new Means(tasks, new SeededRandom(9), patient))
                    .at(ID)
                    .read();
            assertThat(state.value().buffer().getLong(0)).isEqualTo(15);
            assertThat(state.version()).isEqualTo(15);
        });
    }

    private static boolean addOnes(Register register) throws IOException {
        Change addOne = current -> Optional.of(Bytes.of(ByteBuffer.allocate(8)
                .putLong(current.exists() ? current.value().buffer().getLong(0) + 1 : 1)
                .array()));
        for (int i = 0; i < 3; i++) {
            register.update(addOne);
        }
        return true;
    }

    private static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
