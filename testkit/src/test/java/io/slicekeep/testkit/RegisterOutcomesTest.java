package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.ConditionalBlobStore;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
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
import io.slicekeep.site.Site;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a change answers whose first attempt was overtaken: what became of it, or that nobody can tell. */
class RegisterOutcomesTest {
    private static final RegisterId ID = new RegisterId("x");
    private static final Tasks TASKS = ExecutorTasks.on(Runnable::run);

    private final RegisterFormat format =
            RegisterFormat.of("", OpenSecret.random(KeyContext.EMPTY, new SeededRandom(7)));
    private final MemoryStore disk = new MemoryStore();

    @Test
    void aChangeThatOthersBuiltOnIsFoundAndNotMadeAgain() throws IOException {
        Register register = across(duringTheSecondListing(() -> changes(63)), 0);
        assertThat(register.update(to("mine"))).isEqualTo(new Update(true, new State(1, bytes("mine"))));
        assertThat(others().read()).isEqualTo(new State(64, bytes("theirs")));
    }

    @Test
    void aChangeThatMayBeForgottenIsNeitherDeniedNorMadeAgain() throws IOException {
        Register register = across(duringTheSecondListing(() -> changes(64)), 0);
        assertThatThrownBy(() -> register.update(to("mine")))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("register x")
                .hasMessageContaining("64");
        assertThat(others().read()).isEqualTo(new State(65, bytes("theirs")));
    }

    @Test
    void aLaterAttemptThatFailsForCertainLeavesAnEarlierOneOpen() throws IOException {
        AtomicInteger accepted = new AtomicInteger();
        Faults bidder = onAccepting("create", Faults.Fault.BEFORE);
        Faults overtaken = duringTheSecondListing(
                () -> assertThatThrownBy(() -> across(bidder, 1_000_000).update(to("theirs")))
                        .isInstanceOf(UnavailableException.class));
        Register register = across(
                call -> call.startsWith("create") && call.contains("!2!") && accepted.incrementAndGet() == 2
                        ? Faults.Fault.BEFORE
                        : overtaken.next(call),
                0);
        assertThatThrownBy(() -> register.update(to("mine"))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(others().read()).isEqualTo(new State(1, bytes("mine")));
    }

    @Test
    void anAnswerThatIsLostLeavesTheOutcomeOpen() throws IOException {
        Register register = across(onAccepting("commit", Faults.Fault.AFTER), 0);
        assertThatThrownBy(() -> register.update(to("mine"))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(others().read()).isEqualTo(new State(1, bytes("mine")));
    }

    @Test
    void aReadThatCannotMakeTheSitesAgreeIsUnavailable() throws IOException {
        changes(1);
        assertThatThrownBy(() -> across(onAccepting("create", Faults.Fault.BEFORE), 1_000_000)
                        .update(to("never")))
                .isInstanceOf(UnavailableException.class);
        Register reader = across(onAccepting("commit", Faults.Fault.AFTER), 2_000_000);
        assertThatThrownBy(reader::read).isInstanceOf(UnavailableException.class);
        assertThat(across(Faults.none(), 3_000_000).read()).isEqualTo(new State(1, bytes("theirs")));
    }

    @Test
    void aCreationThatIsRepeatedOnItsWayIsMadeOnce() throws IOException {
        AtomicInteger creations = new AtomicInteger();
        Register register = in(new Deciding(disk) {
            @Override
            public void createIfAbsent(BlobKey key, ByteBuffer blob) throws IOException {
                super.createIfAbsent(key, blob.duplicate());
                if (creations.getAndIncrement() == 0) {
                    super.createIfAbsent(key, blob);
                }
            }
        });
        assertThat(register.update(to("mine"))).isEqualTo(new Update(true, new State(1, bytes("mine"))));
        assertThat(register.read()).isEqualTo(new State(1, bytes("mine")));
    }

    @Test
    void aCreationThatSucceedsAfterItsKeyWasTakenAndDeletedDoesNotCount() throws IOException {
        Register theirs = in(new Deciding(disk));
        AtomicInteger creations = new AtomicInteger();
        Register register = in(new Deciding(disk) {
            @Override
            public void createIfAbsent(BlobKey key, ByteBuffer blob) throws IOException {
                if (creations.getAndIncrement() == 0) {
                    theirs.update(to("theirs"));
                    theirs.update(to("theirs"));
                }
                super.createIfAbsent(key, blob);
            }
        });
        assertThat(register.update(to("mine"))).isEqualTo(new Update(true, new State(3, bytes("mine"))));
        assertThat(creations).hasValue(2);
        assertThat(theirs.read()).isEqualTo(new State(3, bytes("mine")));
    }

    private interface Action {
        void run() throws IOException;
    }

    /** An attempt lists twice; when it does so for the second time, its value stands. */
    private static Faults duringTheSecondListing(Action action) {
        AtomicInteger lists = new AtomicInteger();
        return call -> {
            if (call.startsWith("list") && lists.incrementAndGet() == 2) {
                try {
                    action.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return Faults.Fault.NONE;
        };
    }

    private static Faults onAccepting(String call, Faults.Fault fault) {
        return called -> called.startsWith(call) && called.contains("!2!") ? fault : Faults.Fault.NONE;
    }

    private void changes(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            others().update(to("theirs"));
        }
    }

    /** Their clock is ahead, so that they overtake. */
    private Register others() {
        return across(Faults.none(), 500_000);
    }

    private Register across(Faults faults, long aheadMicros) {
        Site site = new Site(0, "a", new FaultyStore(disk, faults));
        Means means = new Means(new SkewedTasks(TASKS, aheadMicros), RandomSource.secure(), Timing.DEFAULT);
        return Registers.across(new Layout(Profile.parse("1+0"), List.of(site), 1), format, means)
                .at(ID);
    }

    private Register in(ConditionalBlobStore store) {
        return Registers.in(store, format, new Means(TASKS, RandomSource.secure(), Timing.DEFAULT))
                .at(ID);
    }

    private static class Deciding extends ForwardingStore implements ConditionalBlobStore {
        Deciding(BlobStore below) {
            super(below);
        }
    }

    private static Change to(String value) {
        return current -> Optional.of(bytes(value));
    }

    private static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
