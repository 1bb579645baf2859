package io.slicekeep.kms.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyProvider;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.task.RandomSource;
import java.nio.ByteBuffer;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassphraseProviderTest {
    private static final Argon2Cost CHEAP = new Argon2Cost(8, 1, 1);
    private static final RandomSource RANDOM = RandomSource.secure();
    private static final int WRAPPED_BYTES = 40;

    /** Every key that Argon2id made in the test. */
    private final List<SecretBytes> derived = new ArrayList<>();

    @Test
    void theDefaultIsTheSecondChoiceOfTheRfc() {
        assertThat(Argon2Cost.DEFAULT).isEqualTo(new Argon2Cost(64 * 1024, 3, 4));
    }

    @Test
    void theSlotSaysVersionCostAndSalt() throws KeyUnavailableException {
        try (PassphraseProvider provider = new PassphraseProvider(
                SecretBytes.owning(new byte[] {1}), new Argon2Cost(0x1234, 5, 6), fill(9), free())) {
            ByteBuffer info = ByteBuffer.wrap(
                    provider.generate(KeyContext.KEEP, RANDOM).slot().info());

            assertThat(info.limit()).isEqualTo(23);
            assertThat(info.get()).isEqualTo((byte) 1);
            assertThat(info.getInt()).isEqualTo(0x1234);
            assertThat(info.get()).isEqualTo((byte) 5);
            assertThat(info.get()).isEqualTo((byte) 6);
            assertThat(info.slice()).isEqualTo(ByteBuffer.wrap(fill(9).bytes(16)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"caf\u00e9", "\u212bngstr\u00f6m", "\uac00", "p\u00e4ssw\u00f6rd \ud83d\udd11"})
    void theSameLettersTypedOnAnotherSystemOpen(String composed) throws KeyUnavailableException {
        String decomposed = Normalizer.normalize(composed, Normalizer.Form.NFD);
        try (PassphraseProvider writer = cheap(composed);
                PassphraseProvider reader = cheap(decomposed);
                KeyProvider.Opened drawn = writer.generate(KeyContext.KEEP, RANDOM);
                KeyProvider.Opened opened = reader.unwrap(drawn.slot(), KeyContext.KEEP)) {
            assertThat(opened.secret().unsafeBytes()).isEqualTo(drawn.secret().unsafeBytes());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Correct horse", "correct horse ", " correct horse", "correct\u00a0horse", "correct hors\u00e9"})
    void similarPassphrasesDoNotOpen(String similar) throws KeyUnavailableException {
        try (PassphraseProvider writer = cheap("correct horse");
                PassphraseProvider reader = cheap(similar);
                KeyProvider.Opened drawn = writer.generate(KeyContext.KEEP, RANDOM)) {
            assertThat(refusal(reader, drawn.slot()).reason()).isEqualTo(Reason.WRONG_KEY);
        }
    }

    @Test
    void anEmptyOrMalformedPassphraseIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> PassphraseProvider.of(new char[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> PassphraseProvider.of(new char[] {'a', '\ud800'}));
        assertThatIllegalArgumentException().isThrownBy(() -> PassphraseProvider.of(new char[] {'\udc00', 'a'}));
    }

    @Test
    void theCallersPassphraseIsLeftForTheCallerToWipe() throws KeyUnavailableException {
        char[] passphrase = "correct horse".toCharArray();
        try (PassphraseProvider writer = PassphraseProvider.of(passphrase, CHEAP, RANDOM)) {
            Arrays.fill(passphrase, 'x');
            try (PassphraseProvider reader = cheap("correct horse")) {
                KeySlot slot = writer.generate(KeyContext.KEEP, RANDOM).slot();
                reader.unwrap(slot, KeyContext.KEEP).close();
            }
        }
    }

    /** Attack 2: a slot is one guess, however it is made, and a wrong guess tells nothing. */
    @Test
    void eachSlotIsOneDerivationAndAllFailAlike() throws KeyUnavailableException {
        try (PassphraseProvider right = cheap("right");
                KeyRing wrong = KeyRing.of(counting("wrong"));
                OpenSecret secret = KeyRing.of(right).generate(KeyContext.KEEP, RANDOM)) {
            List<KeySlot> slots = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                slots.add(crafted(secret.slots().get(0), (byte) i));
            }

            KeyUnavailableException many = refusal(wrong, slots, secret);
            assertThat(derived).hasSize(16);

            KeyUnavailableException one = refusal(wrong, secret.slots(), secret);
            assertThat(derived).hasSize(17);
            assertThat(many.reason()).isEqualTo(Reason.WRONG_KEY);
            assertThat(many).hasMessage(one.getMessage()).hasNoCause().hasNoSuppressedExceptions();
        }
    }

    /** Attack 2: a slot made to open under one of two guesses opens, and still gives nothing. */
    @Test
    void aSlotThatOpensToAnotherSecretFailsLikeOneThatDoesNotOpen() throws KeyUnavailableException {
        try (KeyRing ring = KeyRing.of(counting("guess"));
                KeyRing other = KeyRing.of(cheap("another"));
                OpenSecret planted = ring.generate(KeyContext.KEEP, RANDOM);
                OpenSecret secret = other.generate(KeyContext.KEEP, RANDOM)) {
            KeyUnavailableException opened = refusal(ring, planted.slots(), secret);
            KeyUnavailableException unopened = refusal(ring, secret.slots(), secret);

            assertThat(opened.reason()).isEqualTo(unopened.reason()).isEqualTo(Reason.WRONG_KEY);
            assertThat(opened).hasMessage(unopened.getMessage()).hasNoCause();
            assertThat(derived).hasSize(2);
        }
    }

    /** Attack 27: what a slot asks for is bounded before any work. */
    @Test
    void costsOutsideTheBoundsAreRefusedWithoutAnyDerivation() throws KeyUnavailableException {
        try (PassphraseProvider provider = counting("passphrase")) {
            KeySlot slot = provider.generate(KeyContext.KEEP, RANDOM).slot();
            derived.clear();
            for (Consumer<ByteBuffer> change : List.<Consumer<ByteBuffer>>of(
                    info -> info.putInt(1, 0x7fffffff),
                    info -> info.putInt(1, -1),
                    info -> info.putInt(1, 1_048_577),
                    info -> info.putInt(1, 7),
                    info -> info.putInt(1, 0),
                    info -> info.put(5, (byte) 0),
                    info -> info.put(5, (byte) 17),
                    info -> info.put(5, (byte) 255),
                    info -> info.put(6, (byte) 0),
                    info -> info.put(6, (byte) 2),
                    info -> info.put(6, (byte) 255))) {
                assertThat(refusal(provider, withInfo(slot, change)).reason()).isEqualTo(Reason.WRONG_KEY);
            }
            assertThat(derived).isEmpty();
        }
    }

    @Test
    void aSlotOfANewerVersionIsNotCalledAWrongPassphrase() throws KeyUnavailableException {
        try (PassphraseProvider provider = cheap("passphrase")) {
            KeySlot slot = provider.generate(KeyContext.KEEP, RANDOM).slot();

            KeyUnavailableException refused = refusal(provider, withInfo(slot, info -> info.put(0, (byte) 2)));

            assertThat(refused.reason()).isEqualTo(Reason.DENIED);
            assertThat(refused).hasMessageContaining("newer release").hasMessageContaining("version=2");
        }
    }

    @Test
    void oneSaltIsDerivedOnce() throws KeyUnavailableException {
        try (PassphraseProvider provider = counting("passphrase")) {
            for (int i = 0; i < 5; i++) {
                KeySlot slot = provider.generate(KeyContext.KEEP, RANDOM).slot();
                provider.unwrap(slot, KeyContext.KEEP).close();
            }
            assertThat(derived).hasSize(1);
        }
    }

    @Test
    void everyProviderHasItsOwnSalt() throws KeyUnavailableException {
        Set<ByteBuffer> infos = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            try (PassphraseProvider provider = cheap("passphrase")) {
                infos.add(ByteBuffer.wrap(
                        provider.generate(KeyContext.KEEP, RANDOM).slot().info()));
            }
        }
        assertThat(infos).hasSize(8);
    }

    @Test
    void rememberedKeysAreBoundedAndWipedWhenForgottenOrClosed() throws KeyUnavailableException {
        try (PassphraseProvider provider = counting("passphrase")) {
            KeySlot slot = provider.generate(KeyContext.KEEP, RANDOM).slot();
            for (int i = 0; i < 16; i++) {
                refusal(provider, crafted(slot, (byte) i));
            }
            assertThat(derived).hasSize(17);
            assertThat(derived.stream().filter(PassphraseProviderTest::isWiped)).containsExactly(derived.get(0));
            provider.unwrap(slot, KeyContext.KEEP).close();
            assertThat(derived).hasSize(18);
        }
        assertThat(derived).allMatch(PassphraseProviderTest::isWiped);
    }

    @Test
    void closingWipesThePassphrase() {
        SecretBytes passphrase = PassphraseProvider.normalized("passphrase".toCharArray());

        new PassphraseProvider(passphrase, CHEAP, RANDOM, free()).close();

        assertThat(passphrase).matches(PassphraseProviderTest::isWiped);
    }

    @Test
    void whenThePassphraseChangesTheOldOneDoesNotOpenTheNewSlots() throws KeyUnavailableException {
        try (KeyRing old = KeyRing.of(cheap("old"));
                KeyRing changed = KeyRing.of(cheap("new"));
                OpenSecret secret = old.generate(KeyContext.KEEP, RANDOM)) {
            List<KeySlot> slots = changed.rewrap(secret);

            assertThat(slots).hasSize(1);
            try (OpenSecret opened =
                    changed.open(slots, KeyContext.KEEP, OpenSecret.committedTo(secret.commitment()))) {
                assertThat(opened.commitment()).isEqualTo(secret.commitment());
            }
            assertThat(refusal(old, slots, secret).reason()).isEqualTo(Reason.WRONG_KEY);
        }
    }

    private static PassphraseProvider cheap(String passphrase) {
        return PassphraseProvider.of(passphrase.toCharArray(), CHEAP, RANDOM);
    }

    private PassphraseProvider counting(String passphrase) {
        return new PassphraseProvider(
                PassphraseProvider.normalized(passphrase.toCharArray()), CHEAP, RANDOM, (secret, salt, cost) -> {
                    SecretBytes key = Argon2id.withinHeap().derive(secret, salt, cost);
                    derived.add(key);
                    return key;
                });
    }

    private static PassphraseKdf free() {
        return (secret, salt, cost) -> SecretBytes.owning(new byte[32]);
    }

    private static RandomSource fill(int value) {
        return target -> Arrays.fill(target, (byte) value);
    }

    /** A slot as somebody who does not know the passphrase would make it. */
    private static KeySlot crafted(KeySlot slot, byte salt) {
        KeySlot salted =
                withInfo(slot, info -> info.put(7, salt).put(8, (byte) 0).put(9, (byte) 0));
        return new KeySlot(slot.uri(), salted.info(), RANDOM.bytes(WRAPPED_BYTES));
    }

    private static KeySlot withInfo(KeySlot slot, Consumer<ByteBuffer> change) {
        byte[] info = slot.info();
        change.accept(ByteBuffer.wrap(info));
        return new KeySlot(slot.uri(), info, slot.wrapped());
    }

    private static KeyUnavailableException refusal(KeyProvider provider, KeySlot slot) {
        return catchThrowableOfType(KeyUnavailableException.class, () -> provider.unwrap(slot, KeyContext.KEEP));
    }

    private static KeyUnavailableException refusal(KeyRing ring, List<KeySlot> slots, OpenSecret expected) {
        return catchThrowableOfType(
                KeyUnavailableException.class,
                () -> ring.open(slots, KeyContext.KEEP, OpenSecret.committedTo(expected.commitment())));
    }

    private static boolean isWiped(SecretBytes secret) {
        try {
            secret.unsafeBytes();
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
