package io.slicekeep.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.error.FormatException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SortableBase64Test {
    private final Random random = new Random(1);

    @Test
    void everyLengthComesBack() throws Exception {
        for (int bytes = 0; bytes < 100; bytes++) {
            byte[] source = drawn(bytes);
            String text = SortableBase64.encode(source);
            assertThat(text).hasSize(SortableBase64.textLength(bytes));
            assertThat(SortableBase64.decode(text)).isEqualTo(source);
        }
    }

    @Test
    void textSortsAsItsBytesDo() {
        for (int i = 0; i < 2000; i++) {
            byte[] a = drawn(random.nextInt(6));
            byte[] b = drawn(random.nextInt(6));
            int byText = SortableBase64.encode(a).compareTo(SortableBase64.encode(b));
            assertThat(Integer.signum(byText)).isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
        }
    }

    @Test
    void aSecondTextForTheSameBytesIsRefused() {
        assertThat(SortableBase64.encode(new byte[] {1})).isEqualTo("0G");
        for (String text : new String[] {"0F", "0H", "0", "00001", "0G0G0", "=", "é", "0!"}) {
            assertThatThrownBy(() -> SortableBase64.decode(text)).as(text).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void numbersComeBackAndOverflowIsRefused() throws Exception {
        for (long number : new long[] {0, 1, 63, 64, (1L << 62) - 1, Long.MAX_VALUE >> 1}) {
            StringBuilder text = new StringBuilder();
            SortableBase64.appendNumber(text, number, 11);
            assertThat(SortableBase64.number(text)).isEqualTo(number);
        }
        assertThatThrownBy(() -> SortableBase64.number("zzzzzzzzzzzz")).isInstanceOf(FormatException.class);
    }

    private byte[] drawn(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
