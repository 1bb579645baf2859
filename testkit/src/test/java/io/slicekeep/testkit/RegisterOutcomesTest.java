package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.ConditionalBlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.Means;
import io.slicekeep.register.Change;
import io.slicekeep.register.Register;
import io.slicekeep.register.RegisterFormat;
import io.slicekeep.register.RegisterId;
import io.slicekeep.register.RegisterScan;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a change answers whose first attempt was overtaken: what became of it, or that nobody can tell. */
class RegisterOutcomesTest {
    private static final RegisterId ID = new RegisterId("x");
    private static final Tasks TASKS = ExecutorTasks.on(Runnable::run);

    private final RegisterFormat format =
            RegisterFormat.of("", OpenSecret.random(KeyContext.EMPTY, new SeededRandom(7)), 4);
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

    /** A higher ballot is decided while the site is listed: it is not shown yet, and the bid that it had deleted is not any more. */
    @Test
    void aBidThatIsDeletedWhileItIsListedIsMerelyOvertaken() throws IOException {
        AtomicInteger lists = new AtomicInteger();
        BlobStore store = new ForwardingStore(disk) {
            @Override
            public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
                if (lists.getAndIncrement() > 0) {
                    return super.list(prefix, after, limit);
                }
                across(Faults.none(), 500_000).update(to("theirs"));
                return new Listing(List.of(), false);
            }
        };
        assertThat(across(store, 0).update(to("mine"))).isEqualTo(new Update(true, new State(2, bytes("mine"))));
    }

    /** The number was taken by others when it was listed; when it is read it was decided upon and deleted, and created by who comes late. */
    @Test
    void aCreationThatComesLateIsNotRead() throws IOException {
        List<Action> late = new ArrayList<>();
        Register mine = in(new Deciding(disk) {
            @Override
            public void createIfAbsent(BlobKey key, ByteBuffer blob) throws IOException {
                late.add(() -> super.createIfAbsent(key, blob));
                throw new OutcomeUnknownException("on its way");
            }
        });
        assertThatThrownBy(() -> mine.update(to("mine"))).isInstanceOf(OutcomeUnknownException.class);
        Register theirs = in(new Deciding(disk));
        theirs.update(to("theirs"));
        AtomicInteger reads = new AtomicInteger();
        Register reader = in(new Deciding(disk) {
            @Override
            public BlobSource open(BlobKey key) throws IOException {
                if (reads.getAndIncrement() == 0) {
                    theirs.update(to("newer"));
                    late.get(0).run();
                }
                return super.open(key);
            }
        });
        assertThat(reader.read()).isEqualTo(new State(2, bytes("newer")));
    }

    /** While the reader lists, the value that stood is replaced: that one is gone already, and of the new one the bid is shown only. */
    @Test
    void aListingThatShowsBidsOnlyIsNotTakenForNoValue() throws IOException {
        changes(1);
        Faults bidsStay =
                call -> call.startsWith("delete") && call.contains("!1!") ? Faults.Fault.BEFORE : Faults.Fault.NONE;
        Register reader =
                across(firstListing("!1!", () -> across(bidsStay, 500_000).update(to("theirs"))), 0);
        assertThat(reader.read()).isEqualTo(new State(2, bytes("theirs")));
    }

    /**
     * A value arrives late, after a higher bid was put and listed what there was. While the reader lists, both are put, and the value is
     * shown only: it is not decided.
     */
    @Test
    void aListingThatMissesAHigherBidIsNotTakenForADecision() throws IOException {
        changes(1);
        MemoryStore onItsWay = new MemoryStore();
        assertThatThrownBy(() -> across(sendingValuesTo(onItsWay, disk), 0).update(to("late")))
                .isInstanceOf(OutcomeUnknownException.class);
        AtomicBoolean bid = new AtomicBoolean();
        Register bidder = across(
                call -> {
                    if (call.startsWith("create") && call.contains("!2!") && !bid.getAndSet(true)) {
                        arrive(onItsWay, disk);
                        assertThat(read(across(firstListing("!2!", () -> {}), 1_000_000)))
                                .isEqualTo(new State(2, bytes("late")));
                    }
                    return Faults.Fault.NONE;
                },
                500_000);
        assertThat(bidder.update(to("theirs"))).isEqualTo(new Update(true, new State(3, bytes("theirs"))));
    }

    /**
     * As before, at three sites of which the bidder reaches the first two, and the reader, like the late value, the first and the last.
     * While the reader lists the first site again, the bidder's value is put there and decided, and late value and bid are deleted; the
     * listing still shows the late value, which the last site serves, and nothing else.
     */
    @Test
    void aListingThatMissesWhatIsDecidedMeanwhileIsNotTakenForADecision() throws Exception {
        BlobStore away = new FaultyStore(disk, call -> Faults.Fault.BEFORE);
        MemoryStore second = new MemoryStore();
        MemoryStore third = new MemoryStore();
        MemoryStore onItsWay = new MemoryStore();
        Register late = across(
                0, sendingValuesTo(onItsWay, disk), sendingValuesTo(onItsWay, second), sendingValuesTo(away, third));
        assertThatThrownBy(() -> late.update(to("late"))).isInstanceOf(OutcomeUnknownException.class);
        CountDownLatch bid = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        Faults waits = call -> {
            if (call.startsWith("create") && call.contains("!2!")) {
                bid.countDown();
                assertThat(awaits(goesOn)).isTrue();
            }
            return Faults.Fault.NONE;
        };
        Register bidder = across(500_000, new FaultyStore(disk, waits), second, away);
        CompletableFuture<Update> decided = CompletableFuture.supplyAsync(() -> updated(bidder, to("theirs")));
        assertThat(awaits(bid)).isTrue();
        arrive(onItsWay, disk);
        arrive(onItsWay, third);
        AtomicInteger lists = new AtomicInteger();
        BlobStore blurred = new ForwardingStore(disk) {
            @Override
            public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
                Listing before = super.list(prefix, after, limit);
                if (lists.incrementAndGet() > 2) {
                    return before;
                }
                if (lists.get() == 2) {
                    goesOn.countDown();
                    decided.join();
                }
                return only("!2!", before);
            }
        };
        assertThat(across(1_000_000, blurred, away, third).read()).isEqualTo(new State(1, bytes("theirs")));
    }

    /** A reader that cannot see what is decided decides it anew; a listing at that time shows the one or the other. */
    @Test
    void whatIsDecidedAnewIsListedAllTheTime() throws IOException {
        changes(1);
        BlobStore site = new ForwardingStore(disk) {
            @Override
            public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
                others().restate();
                List<BlobKey> keys =
                        new ArrayList<>(super.list(prefix, after, limit).keys());
                others().restate();
                keys.retainAll(super.list(prefix, after, limit).keys());
                return new Listing(keys, false);
            }
        };
        Means means = new Means(TASKS, RandomSource.secure(), Timing.DEFAULT);
        assertThat(new RegisterScan(layout(site), format, "", Certainty.PROVEN, means).next())
                .isEqualTo(new RegisterScan.Entry(ID, bytes("thei")));
        changes(1);
        assertThat(disk.list(new KeyPrefix("r/"), null, 10).keys()).hasSize(1);
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Update updated(Register register, Change change) {
        try {
            return register.update(change);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Listing only(String shown, Listing listing) {
        return new Listing(
                listing.keys().stream()
                        .filter(key -> key.value().contains(shown))
                        .toList(),
                false);
    }

    private static BlobStore sendingValuesTo(BlobStore onTheirWay, BlobStore site) {
        return new ForwardingStore(site) {
            @Override
            public BlobSink create(BlobKey key) throws IOException {
                return key.value().contains("!2!") ? onTheirWay.create(key) : super.create(key);
            }
        };
    }

    private static void arrive(BlobStore onItsWay, BlobStore site) {
        try {
            for (BlobKey key : onItsWay.list(new KeyPrefix("r/"), null, 10).keys()) {
                try (BlobSource source = onItsWay.open(key);
                        BlobSink sink = site.create(key)) {
                    ByteBuffer bytes = ByteBuffer.allocate((int) source.length());
                    source.readFullyAt(0, bytes);
                    sink.write(bytes.flip());
                    sink.commit();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static State read(Register register) {
        try {
            return register.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does something while it lists for the first time, and shows of that time only keys of one kind. */
    private BlobStore firstListing(String shown, Action action) {
        AtomicInteger lists = new AtomicInteger();
        return new ForwardingStore(disk) {
            @Override
            public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
                if (lists.getAndIncrement() > 0) {
                    return super.list(prefix, after, limit);
                }
                action.run();
                return only(shown, super.list(prefix, after, limit));
            }
        };
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
        return across(new FaultyStore(disk, faults), aheadMicros);
    }

    private Register across(BlobStore store, long aheadMicros) {
        return across(aheadMicros, store);
    }

    private Register across(long aheadMicros, BlobStore... stores) {
        Means means = new Means(new SkewedTasks(TASKS, aheadMicros), RandomSource.secure(), Timing.DEFAULT);
        return Registers.across(layout(stores), format, means).at(ID);
    }

    private static Layout layout(BlobStore... stores) {
        List<Site> sites = new ArrayList<>();
        for (BlobStore store : stores) {
            sites.add(new Site(sites.size(), "abc".substring(sites.size(), sites.size() + 1), store));
        }
        return new Layout(Profile.parse(stores.length == 1 ? "1+0" : "2+1,f=0"), sites, 1);
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
