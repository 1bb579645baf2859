package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Kind;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An object is inline if its sealed blob fits one full stripe, and sliced from one byte more. */
class InlineBorderTest {
    private static final ObjectName NAME = ObjectName.of("border");

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "4, 2", "10, 6"})
    void theBorderIsOneFullStripe(int dataSlices, int paritySlices) throws IOException {
        int cellBytes = ((1 << 20) / dataSlices + ((1 << 20) % dataSlices == 0 ? 0 : 1) + 63) / 64 * 64;
        int stripeBytes = dataSlices * cellBytes;
        try (Sites sites = new Sites(Profile.of(dataSlices, paritySlices))) {
            int longestInline = 0;
            int shortestSliced = Integer.MAX_VALUE;
            for (int length = stripeBytes - 1200; length < stripeBytes - 1080; length += 7) {
                byte[] bytes = Sites.bytes(length, length);
                sites.put(NAME, bytes);
                assertThat(Arrays.equals(sites.get(NAME), bytes)).isTrue();
                boolean fits = sealedBytes(length) <= stripeBytes;
                Kind kind = sites.objects().inspect(NAME, Depth.LIGHT).kind();
                assertThat(kind).as("%d bytes", length).isEqualTo(fits ? Kind.INLINE : Kind.SLICED);
                longestInline = fits ? length : longestInline;
                shortestSliced = fits ? shortestSliced : Math.min(shortestSliced, length);
            }
            assertThat(longestInline).isPositive();
            assertThat(shortestSliced).isLessThan(Integer.MAX_VALUE);
        }
    }

    /** docs/FORMAT.md 3: header, salt and commitment, and a tag for each chunk. */
    private static long sealedBytes(long plaintextBytes) {
        return 64 + 56 + plaintextBytes + 16 * (plaintextBytes / 16384 + 1);
    }
}
