package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.RepeatedTest;

/** On threads of their own, the site that goes and the one that comes take the same cells at the same time. */
class JointSlicesTest {
    private static final ObjectName NAME = ObjectName.of("a");

    @RepeatedTest(40)
    void twoSitesTakeOneSlice() throws IOException {
        try (MemoryObjects memory = new MemoryObjects(Profile.of(4, 2), Departure.SERVING)) {
            try (Sink sink = memory.objects().create(NAME, PutOptions.NONE)) {
                sink.write(ByteBuffer.allocate(3_000_000));
                assertThat(sink.commit().missing()).isEmpty();
            }
            assertThat(memory.objects().inspect(NAME, Depth.DEEP).bad()).isEmpty();
        }
    }
}
