package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.DispersedSink;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Spread;
import io.slicekeep.erasure.SlicedDispersal;
import io.slicekeep.site.Site;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Slices are those of docs/FORMAT.md section 5. */
class SliceVectorsTest {
    private final Dispersal dispersal = new SlicedDispersal(ExecutorTasks.on(Runnable::run));

    static Stream<JsonObject> slices() {
        return FormatVectors.objects(FormatVectors.read("slices"));
    }

    @ParameterizedTest
    @MethodSource("slices")
    void slicesAreThoseOfTheVectors(JsonObject vector) throws IOException {
        byte[] blob = FormatVectors.pattern(
                vector.get("blobBytes").getAsInt(), vector.get("patternSeed").getAsInt());
        Spread spread = spread(vector);

        try (DispersedSink sink = dispersal.create(spread)) {
            sink.write(ByteBuffer.wrap(blob));
            sink.commit();
        }

        JsonArray shown = vector.getAsJsonArray("slices");
        assertThat(spread.sites()).hasSize(shown.size());
        for (Site site : spread.sites()) {
            FormatVectors.assertShown(
                    stored(site, spread), shown.get(site.index()).getAsJsonObject());
        }
        try (BlobSource source = dispersal.open(spread, blob.length)) {
            assertThat(bytes(source)).isEqualTo(blob);
        }
    }

    private static Spread spread(JsonObject vector) {
        Profile profile = Profile.of(vector.get("k").getAsInt(), vector.get("m").getAsInt());
        List<Site> sites = IntStream.range(0, profile.sites())
                .mapToObj(i -> new Site(i, "site" + i, new MemoryStore()))
                .toList();
        BlobId blobId = BlobId.of(FormatVectors.hex(vector, "blobId"));
        return new Layout(profile, sites, vector.get("epoch").getAsLong()).spread(BlobKey.of("b/vector"), blobId);
    }

    private static byte[] stored(Site site, Spread spread) throws IOException {
        try (BlobSource source = site.store().open(spread.sliceKey(site.index()))) {
            return bytes(source);
        }
    }

    private static byte[] bytes(BlobSource source) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) source.length());
        source.readFullyAt(0, bytes);
        return bytes.array();
    }
}
