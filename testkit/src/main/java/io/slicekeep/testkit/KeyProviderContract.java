package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyProvider;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.key.SlotArea;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link KeyProvider} must do. An implementation's test extends this class and says how to come by providers. Costs
 * should be the least that the implementation has: each test wraps and unwraps up to some hundred times.
 */
public abstract class KeyProviderContract {
    private static final KeyContext CONTEXT =
            KeyContext.of(Map.of("tenant", "blue")).withBlob(new byte[16]);
    private static final KeyContext OTHER_CONTEXT = KeyContext.of(Map.of("tenant", "red"));

    private final RandomSource random = RandomSource.secure();
    private final List<KeyProvider> opened = new ArrayList<>();

    /** Creates the contract. */
    protected KeyProviderContract() {}

    /**
     * Makes a provider.
     *
     * @return one more provider of the same key; closed by the contract
     * @throws IOException if it cannot be made
     */
    protected abstract KeyProvider create() throws IOException;

    /**
     * Makes a provider that knows another key by the same URI.
     *
     * @return the provider; closed by the contract
     * @throws IOException if it cannot be made
     */
    protected abstract KeyProvider createStranger() throws IOException;

    @AfterEach
    void closeProviders() {
        opened.forEach(KeyProvider::close);
    }

    @Test
    void whatIsWrappedOpensToTheSameSecret() throws IOException {
        KeyProvider provider = provider();
        try (SecretBytes secret = secret()) {
            assertOpens(provider, provider.wrap(secret, CONTEXT), secret);
        }
    }

    @Test
    void anotherProviderOfTheSameKeyOpensTheSlot() throws IOException {
        try (SecretBytes secret = secret()) {
            assertOpens(provider(), provider().wrap(secret, CONTEXT), secret);
        }
    }

    @Test
    void theSecretIsNotWipedByWrappingIt() throws IOException {
        KeyProvider provider = provider();
        try (SecretBytes secret = secret();
                SecretBytes copy = secret.copy()) {
            provider.wrap(secret, CONTEXT);
            assertThat(secret.unsafeBytes()).isEqualTo(copy.unsafeBytes());
        }
    }

    @Test
    void slotsNameTheProviderAndFitASlotArea() throws IOException {
        KeyProvider provider = provider();
        try (SecretBytes secret = secret()) {
            KeySlot slot = provider.wrap(secret, CONTEXT);
            byte[] area = SlotArea.encode(List.of(slot), SlotArea.bytesFor(List.of(slot)));

            assertThat(slot.uri()).isEqualTo(provider.uri());
            assertThat(SlotArea.parse(ByteBuffer.wrap(area))).containsExactly(slot);
        }
    }

    @Test
    void theSlotDoesNotHoldTheSecretInClear() throws IOException {
        try (SecretBytes secret = secret()) {
            KeySlot slot = provider().wrap(secret, CONTEXT);
            String stored = hex(slot.wrapped()) + "," + hex(slot.info()) + "," + slot;
            assertThat(stored).doesNotContain(hex(secret.unsafeBytes()));
        }
    }

    @Test
    void generatedSecretsAreFreshAndOpen() throws IOException {
        KeyProvider provider = provider();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            try (KeyProvider.Opened drawn = provider.generate(CONTEXT, random)) {
                assertThat(drawn.secret().unsafeBytes()).hasSize(KeyProvider.SECRET_BYTES);
                assertThat(seen.add(hex(drawn.secret().unsafeBytes()))).isTrue();
                assertOpens(provider, drawn.slot(), drawn.secret());
            }
        }
    }

    @Test
    void closingWhatOneCallerOpenedDoesNotWipeWhatAnotherOpened() throws IOException {
        KeyProvider provider = provider();
        try (KeyProvider.Opened drawn = provider.generate(CONTEXT, random);
                KeyProvider.Opened first = provider.unwrap(drawn.slot(), CONTEXT)) {
            provider.unwrap(drawn.slot(), CONTEXT).close();
            assertThat(first.secret().unsafeBytes()).isEqualTo(drawn.secret().unsafeBytes());
            assertOpens(provider, drawn.slot(), first.secret());
        }
    }

    @Test
    void aRewrappedSlotOpensToTheSameSecret() throws IOException {
        KeyProvider provider = provider();
        try (SecretBytes secret = secret()) {
            KeySlot slot = provider.wrap(secret, CONTEXT);
            assertOpens(provider, provider.rewrap(slot, CONTEXT), secret);
            assertOpens(provider, slot, secret);
        }
    }

    @Test
    void anotherContextOpensToTheSameSecretOrNotAtAll() throws IOException {
        KeyProvider provider = provider();
        try (SecretBytes secret = secret()) {
            KeySlot slot = provider.wrap(secret, CONTEXT);
            try (KeyProvider.Opened opened = provider.unwrap(slot, OTHER_CONTEXT)) {
                assertThat(opened.secret().unsafeBytes()).isEqualTo(secret.unsafeBytes());
            } catch (KeyUnavailableException e) {
                assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY);
            }
        }
    }

    @Test
    void anotherKeyDoesNotOpenTheSlot() throws IOException {
        KeyProvider stranger = track(createStranger());
        KeySlot slot = fresh();
        assertThat(stranger.uri()).isEqualTo(slot.uri());
        assertThat(refusal(stranger, slot).reason()).isEqualTo(Reason.WRONG_KEY);
    }

    @Test
    void everyFlippedBitOfTheWrappedSecretIsRefusedLikeAWrongKey() throws IOException {
        KeyProvider provider = provider();
        KeySlot slot = fresh();
        String wrongKey = refusal(track(createStranger()), slot).getMessage();
        forEachFlippedBit(slot.wrapped(), wrapped -> {
            KeyUnavailableException refusal = refusal(provider, new KeySlot(slot.uri(), slot.info(), wrapped));
            assertThat(refusal).hasMessage(wrongKey).hasNoCause();
            assertThat(refusal.reason()).isEqualTo(Reason.WRONG_KEY);
        });
    }

    @Test
    void everyFlippedBitOfTheInfoIsRefusedForGood() throws IOException {
        KeyProvider provider = provider();
        KeySlot slot = fresh();
        forEachFlippedBit(
                slot.info(),
                info -> assertThat(refusal(provider, new KeySlot(slot.uri(), info, slot.wrapped()))
                                .retryable())
                        .isFalse());
    }

    @Test
    void everyOtherLengthIsRefusedForGood() throws IOException {
        KeyProvider provider = provider();
        KeySlot slot = fresh();
        for (int bytes = 1; bytes <= 2 * slot.wrapped().length + 1; bytes++) {
            if (bytes != slot.wrapped().length) {
                byte[] wrapped = Arrays.copyOf(slot.wrapped(), bytes);
                assertThat(refusal(provider, new KeySlot(slot.uri(), slot.info(), wrapped))
                                .reason())
                        .isEqualTo(Reason.WRONG_KEY);
            }
        }
        for (int bytes : new int[] {0, 1, slot.info().length + 1, KeySlot.MAX_INFO_BYTES}) {
            if (bytes != slot.info().length) {
                byte[] info = Arrays.copyOf(slot.info(), bytes);
                assertThat(refusal(provider, new KeySlot(slot.uri(), info, slot.wrapped()))
                                .retryable())
                        .isFalse();
            }
        }
    }

    @Test
    void aSlotOfAnotherUriIsRefused() throws IOException {
        KeySlot slot = fresh();
        KeySlot foreign = new KeySlot(new KeyUri("foreign:key"), slot.info(), slot.wrapped());
        KeyProvider provider = provider();
        assertThat(refusal(provider, foreign).reason()).isEqualTo(Reason.NO_SUCH_KEY);
        assertThatThrownBy(() -> provider.rewrap(foreign, CONTEXT)).isInstanceOf(KeyUnavailableException.class);
    }

    @Test
    void aWorkingProviderIsHealthy() throws IOException {
        KeyProvider provider = provider();
        assertThatCode(provider::checkHealth).doesNotThrowAnyException();
    }

    @Test
    void aClosedProviderCannotBeUsed() throws IOException {
        KeySlot slot = fresh();
        KeyProvider provider = provider();
        provider.close();
        provider.close();
        try (SecretBytes secret = secret()) {
            assertThatIllegalStateException().isThrownBy(() -> provider.wrap(secret, CONTEXT));
            assertThatIllegalStateException().isThrownBy(() -> provider.unwrap(slot, CONTEXT));
            assertThatIllegalStateException().isThrownBy(() -> provider.generate(CONTEXT, random));
            assertThatIllegalStateException().isThrownBy(provider::checkHealth);
        }
    }

    @Test
    void manyThreadsWrapAndUnwrapAtOnce() throws Exception {
        KeyProvider provider = provider();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                work.add(() -> roundTrips(provider));
            }
            for (Future<Boolean> done : threads.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * Makes a provider that the contract closes.
     *
     * @return one more provider of the same key
     * @throws IOException if it cannot be made
     */
    protected final KeyProvider provider() throws IOException {
        return track(create());
    }

    private KeyProvider track(KeyProvider provider) {
        opened.add(provider);
        return provider;
    }

    private SecretBytes secret() {
        return SecretBytes.random(random, KeyProvider.SECRET_BYTES);
    }

    private KeySlot fresh() throws IOException {
        try (KeyProvider.Opened drawn = provider().generate(CONTEXT, random)) {
            return drawn.slot();
        }
    }

    private boolean roundTrips(KeyProvider provider) throws IOException {
        try (SecretBytes secret = secret();
                KeyProvider.Opened opened = provider.unwrap(provider.wrap(secret, CONTEXT), CONTEXT)) {
            return Arrays.equals(opened.secret().unsafeBytes(), secret.unsafeBytes());
        }
    }

    private static void assertOpens(KeyProvider provider, KeySlot slot, SecretBytes expected) throws IOException {
        try (KeyProvider.Opened opened = provider.unwrap(slot, CONTEXT)) {
            assertThat(opened.secret()).isNotSameAs(expected);
            assertThat(opened.secret().unsafeBytes()).isEqualTo(expected.unsafeBytes());
            assertThat(opened.slot().uri()).isEqualTo(slot.uri());
        }
    }

    /** Returns how the provider refuses a slot; anything but a {@link KeyUnavailableException} fails the test. */
    private static KeyUnavailableException refusal(KeyProvider provider, KeySlot slot) {
        try (KeyProvider.Opened opened = provider.unwrap(slot, CONTEXT)) {
            throw new AssertionError("opened a slot that must not open: " + opened.slot());
        } catch (KeyUnavailableException e) {
            return e;
        }
    }

    private static void forEachFlippedBit(byte[] bytes, BytesCheck check) throws IOException {
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            check.accept(flipped);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private interface BytesCheck {
        void accept(byte[] bytes) throws IOException;
    }
}
