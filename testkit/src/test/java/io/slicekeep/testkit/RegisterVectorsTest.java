package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Means;
import io.slicekeep.register.Register;
import io.slicekeep.register.RegisterFormat;
import io.slicekeep.register.RegisterId;
import io.slicekeep.register.Registers;
import io.slicekeep.register.State;
import io.slicekeep.site.Site;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Registers that the second implementation made are read, and made, to the same bytes. */
class RegisterVectorsTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final JsonObject FILE = Wycheproof.read("vectors/registers.json");

    private final MemoryStore disk = new MemoryStore();
    private final LyingStore keeper = new LyingStore(disk);

    static Stream<JsonObject> registers() {
        return StreamSupport.stream(FILE.getAsJsonArray("registers").spliterator(), false)
                .map(JsonElement::getAsJsonObject);
    }

    @ParameterizedTest
    @MethodSource("registers")
    void whatSitesAgreedOnIsRead(JsonObject vector) throws IOException {
        if (place(vector.getAsJsonObject("accepted"))) {
            assertThat(across(vector, bytes -> {}, 0).read()).isEqualTo(state(vector));
        }
    }

    @ParameterizedTest
    @MethodSource("registers")
    void whatAStoreDecidedIsRead(JsonObject vector) throws IOException {
        if (place(vector.getAsJsonObject("created"))) {
            assertThat(in(vector, bytes -> {}).read()).isEqualTo(state(vector));
        }
    }

    @ParameterizedTest
    @MethodSource("registers")
    void whatSitesAgreeOnIsMadeAlike(JsonObject vector) throws IOException {
        JsonObject accepted = vector.getAsJsonObject("accepted");
        List<RandomSource> proposers = proposers(vector);
        long first = accepted.get("number").getAsLong() - proposers.size() + 1;
        for (int i = 0; i < proposers.size(); i++) {
            if (i == proposers.size() - 1) {
                keeper.keepDeleted();
            }
            across(vector, proposers.get(i), first + i)
                    .update(current -> Optional.of(state(vector).value()));
        }
        if (!proposers.isEmpty()) {
            assertThat(keys()).contains(vector.get("bid").getAsString());
            assertStands(accepted);
        }
    }

    @ParameterizedTest
    @MethodSource("registers")
    void whatAStoreDecidesIsMadeAlike(JsonObject vector) throws IOException {
        for (RandomSource proposer : proposers(vector)) {
            in(vector, proposer).update(current -> Optional.of(state(vector).value()));
        }
        if (!proposers(vector).isEmpty()) {
            assertStands(vector.getAsJsonObject("created"));
        }
    }

    private static State state(JsonObject vector) {
        byte[] value = new byte[vector.get("valueBytes").getAsInt()];
        int seed = vector.get("patternSeed").getAsInt();
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (131 * i + 17 * (i >> 8) + 29 * (i >> 16) + seed);
        }
        return new State(vector.get("version").getAsLong(), Bytes.of(value));
    }

    /** One source per change, which draws its proposer. */
    private static List<RandomSource> proposers(JsonObject vector) {
        List<RandomSource> sources = new ArrayList<>();
        for (JsonElement proposer : vector.getAsJsonArray("proposers")) {
            byte[] bytes = HEX.parseHex(proposer.getAsString());
            sources.add(target -> System.arraycopy(bytes, 0, target, 0, target.length));
        }
        return sources;
    }

    private Register across(JsonObject vector, RandomSource random, long wallMicros) {
        Layout layout = new Layout(Profile.parse("1+0"), List.of(new Site(0, "a", keeper)), 1);
        return Registers.across(layout, format(vector), new Means(new StoppedClock(wallMicros), random, Timing.DEFAULT))
                .at(new RegisterId(vector.get("id").getAsString()));
    }

    private Register in(JsonObject vector, RandomSource random) {
        return Registers.in(disk, format(vector), new Means(new StoppedClock(0), random, Timing.DEFAULT))
                .at(new RegisterId(vector.get("id").getAsString()));
    }

    private static RegisterFormat format(JsonObject vector) {
        KeyContext context = KeyContext.EMPTY;
        for (Map.Entry<String, JsonElement> entry :
                FILE.getAsJsonObject("context").entrySet()) {
            String name = entry.getKey().substring("slicekeep.".length());
            context = context.withReserved(name, entry.getValue().getAsString());
        }
        byte[] secret = HEX.parseHex(FILE.get("secret").getAsString());
        return RegisterFormat.of(
                "",
                OpenSecret.random(context, target -> System.arraycopy(secret, 0, target, 0, target.length)),
                vector.get("noteBytes").getAsInt());
    }

    /** Returns false if the vector shows no more than a digest. */
    private boolean place(JsonObject blob) throws IOException {
        JsonElement hex = blob.getAsJsonObject("body").get("hex");
        if (hex == null) {
            return false;
        }
        try (BlobSink sink = disk.create(BlobKey.of(blob.get("key").getAsString()))) {
            sink.write(ByteBuffer.wrap(HEX.parseHex(hex.getAsString())));
            sink.commit();
        }
        return true;
    }

    private List<String> keys() {
        return disk.list(KeyPrefix.ALL, null, 1000).keys().stream()
                .map(BlobKey::value)
                .toList();
    }

    private void assertStands(JsonObject blob) throws IOException {
        try (BlobSource source = disk.open(BlobKey.of(blob.get("key").getAsString()))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) source.length());
            source.readFullyAt(0, bytes);
            JsonObject body = blob.getAsJsonObject("body");
            if (body.has("hex")) {
                assertThat(bytes.array())
                        .asHexString()
                        .isEqualToIgnoringCase(body.get("hex").getAsString());
            } else {
                assertThat(bytes.array()).hasSize(body.get("length").getAsInt());
                assertThat(Bytes.sha256(bytes.flip()).toArray())
                        .asHexString()
                        .isEqualToIgnoringCase(body.get("sha256").getAsString());
            }
        }
    }

    /** Time passes, and the wall clock shows always the same. */
    private record StoppedClock(long wallMicros) implements Tasks {
        private static final Tasks TASKS = ExecutorTasks.on(Runnable::run);

        @Override
        public long monotonicNanos() {
            return TASKS.monotonicNanos();
        }

        @Override
        public long elapsedNanos() {
            return TASKS.elapsedNanos();
        }

        @Override
        public void pause(Duration duration) throws InterruptedIOException {
            TASKS.pause(duration);
        }

        @Override
        public <T> TaskGroup<T> group() {
            return TASKS.group();
        }
    }
}
