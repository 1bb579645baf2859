package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
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
import io.slicekeep.register.Sighting;
import io.slicekeep.register.State;
import io.slicekeep.register.Update;
import io.slicekeep.site.Site;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;
import io.slicekeep.testkit.Faults.Fault;
import io.slicekeep.testkit.HookedStore.Call;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What a register asks of its six sites, four of which decide: all work runs in one thread, so all six are asked before any answer
 * is looked at.
 */
class RegisterCostTest {
    private static final RegisterId ID = new RegisterId("x");
    private static final Profile SIX = Profile.of(4, 2);
    private static final Tasks TASKS = ExecutorTasks.on(Runnable::run);
    private static final String VALUE = "!2!";

    private final RegisterFormat format =
            RegisterFormat.of("", OpenSecret.random(KeyContext.EMPTY, new SeededRandom(7)), 4);
    private final List<MemoryStore> disks = new ArrayList<>();
    private final List<HookedStore> hooks = new ArrayList<>();
    private final List<FaultyStore> sites = new ArrayList<>();
    private final Register register;

    RegisterCostTest() {
        List<Site> all = new ArrayList<>();
        for (int i = 0; i < SIX.sites(); i++) {
            disks.add(new MemoryStore());
            hooks.add(new HookedStore(disks.get(i)));
            sites.add(new FaultyStore(hooks.get(i), Faults.none()));
            all.add(new Site(i, Character.toString('a' + i), sites.get(i)));
        }
        Means means = new Means(TASKS, RandomSource.secure(), Timing.DEFAULT);
        register = Registers.across(new Layout(SIX, all, 1), format, means).at(ID);
    }

    /** How often all sites were called before. */
    private Map<Call, Long> before = Map.of();

    /** Asserts how often all sites together were called since the last time. */
    private void assertAsked(long lists, long opens, long creates, long deletes) {
        Map<Call, Long> now = new EnumMap<>(Call.class);
        Map<Call, Long> since = new EnumMap<>(Call.class);
        for (Call call : List.of(Call.LIST, Call.OPEN, Call.CREATE, Call.DELETE)) {
            long count = hooks.stream().mapToLong(hook -> hook.count(call)).sum();
            now.put(call, count);
            since.put(call, count - before.getOrDefault(call, 0L));
        }
        before = now;
        assertThat(since)
                .isEqualTo(Map.of(Call.LIST, lists, Call.OPEN, opens, Call.CREATE, creates, Call.DELETE, deletes));
        assertThat(hooks).allMatch(hook -> hook.leftOpen() == 0);
    }

    private static Change to(String value) {
        return current -> Optional.of(bytes(value));
    }

    private static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private List<BlobKey> keys(int site) {
        return disks.get(site).list(KeyPrefix.ALL, null, 100).keys();
    }

    /** Puts a value at some of the sites only. */
    private void accept(String value, int... holding) {
        for (int site = 0; site < sites.size(); site++) {
            int index = site;
            boolean holds = Arrays.stream(holding).anyMatch(one -> one == index);
            sites.get(site)
                    .faults(call ->
                            !holds && call.startsWith("create") && call.contains(VALUE) ? Fault.BEFORE : Fault.NONE);
        }
        assertThatThrownBy(() -> register.update(to(value))).isInstanceOf(OutcomeUnknownException.class);
        sites.forEach(site -> site.faults(Faults.none()));
    }

    private void away(int... indexes) {
        for (int index : indexes) {
            sites.get(index).goAway();
        }
    }

    private void back() {
        sites.forEach(FaultyStore::comeBack);
    }

    @Test
    void anEmptyRegisterIsReadByTwoListsPerSite() throws IOException {
        assertThat(register.read().exists()).isFalse();
        assertAsked(12, 0, 0, 0);
        assertThat(register.look().map(State::exists)).contains(false);
        assertAsked(12, 0, 0, 0);
        assertThat(register.sight().grade()).isEqualTo(Sighting.Grade.DECIDED);
        assertAsked(6, 0, 0, 0);
    }

    /** Per site: a bid and a list, a value, two lists, and the bid goes. */
    @Test
    void aChangeIsTwoBlobsAndThreeListsPerSite() throws IOException {
        register.update(to("one"));
        assertAsked(18, 0, 12, 6);
        register.update(to("two"));
        assertAsked(18, 1, 12, 12);
        for (int site = 0; site < 6; site++) {
            assertThat(keys(site)).hasSize(1).allMatch(key -> key.value().contains(VALUE));
        }
    }

    /** The third list is of one key: that the value stands still. */
    @Test
    void aDecidedValueIsReadByThreeListsPerSiteAndOneGet() throws IOException {
        register.update(to("one"));
        assertAsked(18, 0, 12, 6);
        assertThat(register.read()).isEqualTo(new State(1, bytes("one")));
        assertAsked(18, 1, 0, 0);
        assertThat(register.look()).contains(new State(1, bytes("one")));
        assertAsked(18, 1, 0, 0);
        assertThat(register.sight()).isEqualTo(new Sighting(new State(1, bytes("one")), Sighting.Grade.DECIDED));
        assertAsked(6, 1, 0, 0);
    }

    @Test
    void aValueThatASiteDoesNotServeIsReadFromTheNext() throws IOException {
        register.update(to("one"));
        sites.get(0).faults(call -> call.startsWith("open") ? Fault.BEFORE : Fault.NONE);
        sites.get(1).faults(call -> call.startsWith("open") ? Fault.BEFORE : Fault.NONE);
        assertThat(register.read()).isEqualTo(new State(1, bytes("one")));
        assertThat(hooks.get(2).count(Call.OPEN)).isEqualTo(1);
        assertThat(hooks.get(3).count(Call.OPEN)).isZero();
    }

    /** Three show it and three do not: whether it is decided only a further ballot tells. */
    @Test
    void whatThreeOfSixHoldIsSeenAndIsNotDecided() throws IOException {
        register.update(to("one"));
        accept("two", 0, 1, 2);
        assertThat(register.look()).isEmpty();
        assertThat(register.sight()).isEqualTo(new Sighting(new State(2, bytes("two")), Sighting.Grade.UNDECIDED));
        assertThat(register.read()).isEqualTo(new State(2, bytes("two")));
        assertThat(register.look()).contains(new State(2, bytes("two")));
    }

    /** Four do not show it, but a bid: it is the newest that is served, and taken over. */
    @Test
    void whatTwoOfSixHoldIsTakenOver() throws IOException {
        register.update(to("one"));
        accept("two", 0, 1);
        assertThat(register.look()).isEmpty();
        assertThat(register.update(to("three"))).isEqualTo(new Update(true, new State(3, bytes("three"))));
    }

    /** Nobody can say any more what it was; since four sites never had it, it was not decided. */
    @Test
    void aValueThatNobodyServesIsPassedByIfTooFewHaveIt() throws IOException {
        register.update(to("one"));
        accept("two", 0, 1);
        for (int site = 0; site < 2; site++) {
            sites.get(site).faults(call -> call.startsWith("open") && call.contains(VALUE) ? Fault.BEFORE : Fault.NONE);
        }
        assertThat(register.update(current -> Optional.of(bytes(current.version() + "th")))
                        .state())
                .isEqualTo(new State(2, bytes("1th")));
    }

    @Test
    void fewerThanFourSitesTellWhatTheyShow() throws IOException {
        register.update(to("one"));
        away(0, 1, 2);
        assertThat(register.sight()).isEqualTo(new Sighting(new State(1, bytes("one")), Sighting.Grade.POSSIBLY_STALE));
        assertThatThrownBy(register::look)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("register x was not read: 3 of 6 sites answered, 4 must");
        assertThatThrownBy(() -> register.update(to("two")))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("register x was not opened: 3 of 6 sites answered, 4 must");
        away(3, 4, 5);
        assertThatThrownBy(register::sight)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("register x was not read: 0 of 6 sites answered");
        back();
        assertThat(register.read()).isEqualTo(new State(1, bytes("one")));
    }

    @Test
    void aSiteThatMissedTheChangeIsNamedAndBroughtUpByTheNext() throws IOException {
        away(5);
        assertThat(register.settle(to("one")).missing()).containsOnlyKeys("f");
        back();
        assertThat(register.restate()).isEqualTo(new State(1, bytes("one")));
        for (int site = 0; site < 6; site++) {
            assertThat(keys(site)).anyMatch(key -> key.value().contains(VALUE));
        }
        register.update(to("two"));
        for (int site = 0; site < 6; site++) {
            assertThat(keys(site)).hasSize(1);
        }
    }

    @Test
    void aBallotIsAboveAllThatAreSeen() throws IOException {
        Means ahead = new Means(new SkewedTasks(TASKS, 3_600_000_000L), RandomSource.secure(), Timing.DEFAULT);
        List<Site> all = new ArrayList<>();
        for (FaultyStore site : sites) {
            all.add(new Site(all.size(), Character.toString('a' + all.size()), site));
        }
        Registers.across(new Layout(SIX, all, 1), format, ahead).at(ID).update(to("one"));
        assertAsked(18, 0, 12, 6);
        register.update(to("two"));
        assertAsked(24, 1, 18, 18);
        assertThat(register.read()).isEqualTo(new State(2, bytes("two")));
    }

    @Test
    void aClockThatIsOutOfRangeDecidesNothing() {
        Means farAhead =
                new Means(new SkewedTasks(TASKS, 5_000_000_000_000_000_000L), RandomSource.secure(), Timing.DEFAULT);
        Layout layout = new Layout(Profile.parse("1+0"), List.of(new Site(0, "a", sites.get(0))), 1);
        assertThatThrownBy(
                        () -> Registers.across(layout, format, farAhead).at(ID).update(to("one")))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("the clock, is out of range");
        assertThat(keys(0)).isEmpty();
    }
}
