package io.slicekeep.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import io.slicekeep.task.RandomSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyRingTest {
    private static final KeyContext CONTEXT = KeyContext.KEEP;
    private static final RandomSource RANDOM = RandomSource.secure();

    private final TestKey blue = new TestKey("test:blue", 1);
    private final TestKey red = new TestKey("test:red", 2);
    private final KeyRing both = KeyRing.of(blue, red);

    @Test
    void everySlotAloneOpensTheGeneratedSecret() throws KeyUnavailableException {
        try (OpenSecret secret = both.generate(CONTEXT, RANDOM)) {
            assertThat(secret.slots()).extracting(KeySlot::uri).containsExactly(blue.uri(), red.uri());
            for (KeySlot slot : secret.slots()) {
                assertOpens(both, List.of(slot), secret);
            }
        }
    }

    @Test
    void slotsOfUnknownUrisNeverReachAProvider() throws KeyUnavailableException {
        try (OpenSecret secret = both.generate(CONTEXT, RANDOM)) {
            List<KeySlot> slots = new ArrayList<>();
            for (String uri : List.of("test:green", "TEST:blue", "test:blue/", "test:blu", "aws-kms:evil", "parent:")) {
                slots.add(new KeySlot(
                        new KeyUri(uri), new byte[0], secret.slots().get(0).wrapped()));
            }

            KeyUnavailableException refused = refusal(both, slots, committed(secret));

            assertThat(refused.reason()).isEqualTo(Reason.NO_SUCH_KEY);
            assertThat(refused).hasMessageContaining("aws-kms:evil").hasMessageContaining("[test:blue, test:red]");
            assertThat(blue.unwrapped).isEmpty();
            assertThat(red.unwrapped).isEmpty();
        }
    }

    @Test
    void eachSlotReachesItsProviderOnceAndNoOther() throws KeyUnavailableException {
        try (OpenSecret secret = both.generate(CONTEXT, RANDOM)) {
            List<KeySlot> slots = new ArrayList<>(
                    Collections.nCopies(15, damaged(secret.slots().get(0))));
            slots.add(secret.slots().get(1));

            assertOpens(both, slots, secret);

            assertThat(blue.unwrapped).hasSize(15);
            assertThat(red.unwrapped).containsExactly(secret.slots().get(1));
        }
    }

    @Test
    void aSlotThatOpensToAnotherSecretIsPassedOverAndItsSecretWiped() throws KeyUnavailableException {
        try (OpenSecret secret = both.generate(CONTEXT, RANDOM);
                OpenSecret other = both.generate(CONTEXT, RANDOM)) {
            assertOpens(both, List.of(other.slots().get(0), secret.slots().get(1)), secret);

            assertThat(blue.handedOut).singleElement().satisfies(KeyRingTest::assertWiped);
        }
    }

    @Test
    void aWrongKeyADamagedSlotAndASwappedSlotAreToldAlike() throws KeyUnavailableException {
        KeyRing stranger = KeyRing.of(new TestKey("test:blue", 3), new TestKey("test:red", 4));
        try (OpenSecret secret = both.generate(CONTEXT, RANDOM);
                OpenSecret other = both.generate(CONTEXT, RANDOM)) {
            List<KeySlot> damaged =
                    secret.slots().stream().map(KeyRingTest::damaged).toList();

            KeyUnavailableException wrongKey = refusal(stranger, secret.slots(), committed(secret));
            KeyUnavailableException damagedSlot = refusal(both, damaged, committed(secret));
            KeyUnavailableException swappedSlot = refusal(both, other.slots(), committed(secret));

            for (KeyUnavailableException refused : List.of(wrongKey, damagedSlot, swappedSlot)) {
                assertThat(refused.reason()).isEqualTo(Reason.WRONG_KEY);
                assertThat(refused)
                        .hasMessage(wrongKey.getMessage())
                        .hasNoCause()
                        .hasNoSuppressedExceptions();
            }
        }
    }

    @Test
    void aProviderThatFailsDoesNotKeepAnotherFromOpening() throws KeyUnavailableException {
        try (OpenSecret secret = both.generate(CONTEXT, RANDOM)) {
            blue.failure = new KeyUnavailableException(Reason.UNREACHABLE, "no route");
            assertOpens(both, secret.slots(), secret);

            blue.failure = null;
            blue.crash = new IllegalStateException("a bug");
            assertOpens(both, secret.slots(), secret);
        }
    }

    @Test
    void theFailureThatMayPassByItselfIsToldFirst() throws KeyUnavailableException {
        TestKey green = new TestKey("test:green", 5);
        KeyRing ring = KeyRing.of(blue, red, green);
        try (OpenSecret secret = ring.generate(CONTEXT, RANDOM)) {
            List<KeySlot> slots = new ArrayList<>(secret.slots());
            slots.set(0, damaged(slots.get(0)));
            red.failure = new KeyUnavailableException(Reason.DISABLED, "red is disabled");
            green.failure = new KeyUnavailableException(Reason.THROTTLED, "green is throttled");

            KeyUnavailableException refused = refusal(ring, slots, committed(secret));

            assertThat(refused.retryable()).isTrue();
            assertThat(refused.reason()).isEqualTo(Reason.THROTTLED);
            assertThat(refused).hasCause(green.failure).hasMessageContaining("green is throttled");
            assertThat(refused.getSuppressed()).containsExactly(red.failure);
        }
    }

    @Test
    void uncheckedExceptionsOfAProviderBecomeCheckedOnes() throws KeyUnavailableException {
        try (OpenSecret secret = both.generate(CONTEXT, RANDOM)) {
            red.crash = new IndexOutOfBoundsException("a bug");
            List<KeySlot> slots = List.of(secret.slots().get(1));

            for (KeyUnavailableException failed : List.of(
                    refusal(both, slots, committed(secret)),
                    failure(() -> both.generate(CONTEXT, RANDOM)),
                    failure(() -> both.wrap(secret)),
                    failure(both::checkHealth))) {
                assertThat(failed).hasRootCause(red.crash).hasMessageContaining("test:red");
            }
        }
    }

    @Test
    void aSecretIsWipedWhenALaterProviderFails() {
        red.failure = new KeyUnavailableException(Reason.DENIED, "no right to wrap");

        assertThat(failure(() -> both.generate(CONTEXT, RANDOM)).reason()).isEqualTo(Reason.DENIED);

        assertThat(blue.taken).singleElement().satisfies(KeyRingTest::assertWiped);
    }

    @Test
    void aSecretOfAnotherLengthIsRefusedLikeAWrongKey() throws KeyUnavailableException {
        try (OpenSecret secret = both.generate(CONTEXT, RANDOM)) {
            blue.tamper = opened -> new KeyProvider.Opened(SecretBytes.owning(new byte[16]), opened.slot());

            KeyUnavailableException refused = refusal(both, secret.slots().subList(0, 1), anything -> true);

            assertThat(refused.reason()).isEqualTo(Reason.WRONG_KEY);
            assertThat(blue.handedOut).singleElement().satisfies(KeyRingTest::assertWiped);
        }
    }

    @Test
    void aRefreshedSlotTakesThePlaceOfTheFormerOne() throws KeyUnavailableException {
        try (OpenSecret secret = both.generate(CONTEXT, RANDOM)) {
            KeySlot fresher = new KeySlot(red.uri(), new byte[] {2}, new byte[] {3});
            red.tamper = opened -> new KeyProvider.Opened(opened.secret(), fresher);
            KeySlot broken = damaged(secret.slots().get(0));

            try (OpenSecret opened = both.open(List.of(broken, secret.slots().get(1)), CONTEXT, committed(secret))) {
                assertThat(opened.slots()).containsExactly(broken, fresher);
            }
        }
    }

    @Test
    void rewrappingReplacesOwnSlotsAndKeepsThoseOfOthers() throws KeyUnavailableException {
        TestKey newBlue = new TestKey("test:blue", 6);
        try (OpenSecret secret = both.generate(CONTEXT, RANDOM)) {
            List<KeySlot> slots = KeyRing.of(newBlue).rewrap(secret);

            assertThat(slots).hasSize(2).contains(secret.slots().get(1));
            assertOpens(KeyRing.of(newBlue), slots, secret);
            assertOpens(KeyRing.of(red), slots, secret);
            assertThat(refusal(KeyRing.of(blue), slots, committed(secret)).reason())
                    .isEqualTo(Reason.WRONG_KEY);
        }
    }

    @Test
    void aSecretIsOpenedDownTheHierarchyWithoutAskingTheTopAgain() throws KeyUnavailableException {
        KeyContext namespaceContext = KeyContext.ofNamespace(new byte[16], new byte[16]);
        KeyContext dataContext = KeyContext.EMPTY.withBlob(new byte[16]);
        try (OpenSecret keep = both.generate(KeyContext.KEEP, RANDOM);
                KeyRing keepRing = KeyRing.of(ParentKey.of(keep));
                OpenSecret namespace = keepRing.generate(namespaceContext, RANDOM);
                KeyRing namespaceRing = KeyRing.of(ParentKey.of(namespace));
                OpenSecret data = namespaceRing.generate(dataContext, RANDOM)) {
            byte[] stored = namespace.slots().get(0).wrapped();

            assertThat(stored).hasSize(ParentKey.WRAPPED_BYTES);
            try (OpenSecret opened =
                    keepRing.open(List.of(ParentKey.slot(stored)), namespaceContext, committed(namespace))) {
                assertOpens(KeyRing.of(ParentKey.of(opened)), data.slots(), data);
            }
            assertThat(refusal(keepRing, data.slots(), committed(data)).reason())
                    .isEqualTo(Reason.WRONG_KEY);
            assertThat(blue.unwrapped).isEmpty();
        }
    }

    @Test
    void aRingHasOneToSixteenProvidersOfDifferentUris() {
        List<TestKey> seventeen = IntStream.range(0, 17)
                .mapToObj(i -> new TestKey("test:" + i, i))
                .toList();

        assertThat(KeyRing.of(seventeen.subList(0, 16)).uris()).hasSize(16);
        assertThatIllegalArgumentException().isThrownBy(() -> KeyRing.of(seventeen));
        assertThatIllegalArgumentException().isThrownBy(KeyRing::of);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyRing.of(blue, new TestKey("test:blue", 7)))
                .withMessageContaining("uri=test:blue");
    }

    @Test
    void closingClosesTheProviders() throws KeyUnavailableException {
        try (OpenSecret secret = both.generate(CONTEXT, RANDOM)) {
            both.close();
            both.close();

            assertThat(blue.closed).isTrue();
            assertThat(red.closed).isTrue();
            assertThatIllegalStateException().isThrownBy(() -> both.wrap(secret));
            assertThatIllegalStateException().isThrownBy(() -> both.generate(CONTEXT, RANDOM));
            assertThatIllegalStateException().isThrownBy(() -> both.open(secret.slots(), CONTEXT, committed(secret)));
        }
    }

    private static void assertOpens(KeyRing ring, List<KeySlot> slots, OpenSecret expected)
            throws KeyUnavailableException {
        try (OpenSecret opened = ring.open(slots, expected.context(), committed(expected))) {
            assertThat(opened.commitment()).isEqualTo(expected.commitment());
        }
    }

    private static Predicate<OpenSecret> committed(OpenSecret secret) {
        return OpenSecret.committedTo(secret.commitment());
    }

    private static KeyUnavailableException refusal(KeyRing ring, List<KeySlot> slots, Predicate<OpenSecret> check) {
        return failure(() -> ring.open(slots, CONTEXT, check));
    }

    private static KeyUnavailableException failure(Call call) {
        KeyUnavailableException failure = catchThrowableOfType(KeyUnavailableException.class, call::run);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static void assertWiped(SecretBytes secret) {
        assertThatIllegalStateException().isThrownBy(secret::unsafeBytes);
    }

    private static KeySlot damaged(KeySlot slot) {
        byte[] wrapped = slot.wrapped();
        wrapped[0] ^= 1;
        return new KeySlot(slot.uri(), slot.info(), wrapped);
    }

    private interface Call {
        void run() throws KeyUnavailableException;
    }
}
