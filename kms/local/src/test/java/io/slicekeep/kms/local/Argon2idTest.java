package io.slicekeep.kms.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyProvider;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Argon2idTest {
    private final Argon2id argon2id = Argon2id.withinHeap();

    @Test
    void theLibraryGivesTheVectorOfTheRfc() {
        byte[] tag = new byte[32];
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withSalt(filled(16, 2))
                .withSecret(filled(8, 3))
                .withAdditional(filled(12, 4))
                .withMemoryAsKB(32)
                .withIterations(3)
                .withParallelism(4)
                .build());
        generator.generateBytes(filled(32, 1), tag);

        assertThat(hex(tag)).isEqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    /** From the tests of the reference implementation, phc-winner-argon2. */
    @ParameterizedTest
    @CsvSource({
        "256, 2, 1, password, 9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
        "256, 2, 2, password, 6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037",
        "65536, 2, 1, password, 09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
        "65536, 2, 1, differentpassword, 0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde"
    })
    void keysAreThoseOfTheReferenceImplementation(
            int memoryKib, int passes, int lanes, String passphrase, String expected) throws KeyUnavailableException {
        byte[] salt = "somesalt".getBytes(StandardCharsets.US_ASCII);
        try (SecretBytes secret = SecretBytes.owning(passphrase.getBytes(StandardCharsets.US_ASCII));
                SecretBytes key = argon2id.derive(secret, salt, new Argon2Cost(memoryKib, passes, lanes))) {
            assertThat(hex(key.unsafeBytes())).isEqualTo(expected);
        }
    }

    @Test
    void costsOutsideTheFormatCannotBeMade() {
        for (int[] cost : new int[][] {
            {7, 1, 1},
            {15, 1, 2},
            {127, 1, 16},
            {1_048_577, 1, 1},
            {-1, 1, 1},
            {64, 0, 1},
            {64, 17, 1},
            {64, -1, 1},
            {256, 1, 0},
            {256, 1, 17},
            {256, 1, -1}
        }) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Argon2Cost(cost[0], cost[1], cost[2]));
        }
        assertThat(new Argon2Cost(8, 1, 1).memoryKib()).isEqualTo(8);
        assertThat(new Argon2Cost(1_048_576, 16, 16).memoryKib()).isEqualTo(1_048_576);
    }

    @Test
    void memoryThatTheHeapCannotBearIsRefusedBeforeAnyWork() {
        Argon2id littleHeap = new Argon2id(32 << 20);
        try (SecretBytes secret = SecretBytes.owning(new byte[] {1})) {
            KeyUnavailableException refused = catchThrowableOfType(
                    KeyUnavailableException.class, () -> littleHeap.derive(secret, new byte[16], Argon2Cost.DEFAULT));

            assertThat(refused.reason()).isEqualTo(Reason.DENIED);
            assertThat(refused)
                    .hasMessageContaining("64 MiB")
                    .hasMessageContaining("32 MiB")
                    .hasMessageContaining("-Xmx");
            assertThat(refused).hasNoCause();
        }
    }

    @Test
    void theDefaultCostRunsInAHeapOf128Mebibytes() throws IOException, InterruptedException {
        assertThat(ChildJvm.start("-Xmx128m", SmallHeap.class).failure()).isEmpty();
    }

    /** Runs in a JVM of its own: wraps and unwraps with the default cost. */
    static final class SmallHeap {
        private SmallHeap() {}

        public static void main(String[] arguments) throws KeyUnavailableException {
            char[] passphrase = "correct horse".toCharArray();
            byte[] secret = filled(32, 5);
            try (PassphraseProvider writer = PassphraseProvider.of(passphrase);
                    PassphraseProvider reader = PassphraseProvider.of(passphrase);
                    SecretBytes wrapped = SecretBytes.owning(secret.clone())) {
                KeySlot slot = writer.wrap(wrapped, KeyContext.KEEP);
                try (KeyProvider.Opened opened = reader.unwrap(slot, KeyContext.KEEP)) {
                    if (!Arrays.equals(opened.secret().unsafeBytes(), secret)) {
                        throw new AssertionError("another secret");
                    }
                }
            }
        }
    }

    private static byte[] filled(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
