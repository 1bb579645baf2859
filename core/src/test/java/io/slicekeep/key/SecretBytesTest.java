package io.slicekeep.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.Serializable;
import org.junit.jupiter.api.Test;

class SecretBytesTest {
    @Test
    void closingWipesTheOwnedArray() {
        byte[] owned = {1, 2, 3};
        SecretBytes secret = SecretBytes.owning(owned);

        secret.close();
        secret.close();

        assertThat(owned).containsOnly(0);
        assertThatIllegalStateException().isThrownBy(secret::unsafeBytes).withMessage("closed");
        assertThatIllegalStateException().isThrownBy(secret::copy).withMessage("closed");
    }

    @Test
    void aCopyOutlivesItsOriginal() {
        SecretBytes secret = SecretBytes.owning(new byte[] {1, 2, 3});
        SecretBytes copy = secret.copy();

        secret.close();

        assertThat(copy.unsafeBytes()).containsExactly(1, 2, 3);
        copy.close();
    }

    @Test
    void nothingShowsTheBytes() {
        try (SecretBytes secret = SecretBytes.owning(new byte[] {77, 78, 79});
                SecretBytes same = secret.copy()) {
            assertThat(secret.toString()).doesNotContain("77").doesNotContain("4d");
            assertThat(secret).isNotEqualTo(same).isNotInstanceOf(Serializable.class);
        }
    }
}
