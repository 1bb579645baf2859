package io.slicekeep.register;

import static io.slicekeep.register.TestRealm.ballot;
import static io.slicekeep.register.TestRealm.contents;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.FormatException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 200})
    void theLastChangesAreRememberedNewestFirst(int changes) {
        Contents contents = contents(changes, 0);
        assertThat(contents.version()).isEqualTo(changes);
        assertThat(contents.changes()).hasSize(Math.min(changes, 64));
        for (int i = 0; i < contents.changes().size(); i++) {
            assertThat(contents.changes().get(i)).isEqualTo(ballot(changes - i));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 65})
    void whatIsWrittenIsRead(int changes) throws Exception {
        Contents contents = contents(changes, changes == 0 ? 0 : 100);
        assertThat(Contents.parse(contents.write())).isEqualTo(contents);
    }

    @Test
    void theLongestValueFitsIntoABlob() {
        int sealedBytes = contents(70, Register.MAX_VALUE_BYTES).write().length + 16;
        assertThat(sealedBytes).isLessThanOrEqualTo(RegisterFormat.MAX_BLOB_BYTES);
    }

    @Test
    void everyTruncationThatTouchesTheChangesIsCorrupt() {
        byte[] written = contents(3, 0).write();
        for (int length = 0; length < written.length; length++) {
            byte[] shorter = Arrays.copyOf(written, length);
            assertThatThrownBy(() -> Contents.parse(shorter))
                    .isInstanceOfSatisfying(
                            FormatException.class, e -> assertThat(e.kind()).isEqualTo(FormatException.Kind.CORRUPT));
        }
    }

    @Test
    void aCountThatDoesNotFollowFromTheVersionIsCorrupt() {
        for (int count : new int[] {0, 2, 4, 65, 127, 128, 255}) {
            byte[] written = Arrays.copyOf(contents(3, 0).write(), 6000);
            written[1] = (byte) count;
            assertThatThrownBy(() -> Contents.parse(written)).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void aValueBeforeTheFirstChangeIsCorrupt() {
        byte[] written = Arrays.copyOf(Contents.NOTHING.write(), 11);
        assertThatThrownBy(() -> Contents.parse(written)).isInstanceOf(FormatException.class);
    }

    @Test
    void anotherLayoutIsTooNew() {
        byte[] written = contents(1, 1).write();
        written[0] = 2;
        assertThatThrownBy(() -> Contents.parse(written))
                .isInstanceOfSatisfying(
                        FormatException.class, e -> assertThat(e.kind()).isEqualTo(FormatException.Kind.TOO_NEW));
    }

    @Test
    void anAttemptIsRuledOutAsLongAsNothingThatCouldBeItWasForgotten() {
        Contents attempt = contents(5, 0).changed(ballot(1000), TestRealm.value(1));
        assertThat(contents(0, 0).rulesOut(attempt)).isTrue();
        assertThat(contents(64, 0).rulesOut(attempt)).isTrue();
        assertThat(contents(65, 0).rulesOut(attempt)).isTrue();
        assertThat(contents(68, 0).rulesOut(attempt)).isTrue();
        assertThat(contents(69, 0).rulesOut(attempt)).isFalse();
        Contents first = Contents.NOTHING.changed(ballot(1000), TestRealm.value(1));
        assertThat(contents(64, 0).rulesOut(first)).isTrue();
        assertThat(contents(65, 0).rulesOut(first)).isFalse();
    }
}
