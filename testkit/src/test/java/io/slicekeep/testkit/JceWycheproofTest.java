package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.crypto.BulkProvider;
import io.slicekeep.crypto.Jce;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The providers that were picked do what is built on: AES-GCM, AES key wrap, HMAC. */
class JceWycheproofTest {
    static Stream<Wycheproof.Case> gcm() {
        return Wycheproof.cases("aes_gcm");
    }

    static Stream<Wycheproof.Case> wrap() {
        return Wycheproof.cases("aes_wrap");
    }

    static Stream<Wycheproof.Case> hmac() {
        return Wycheproof.cases("hmac_sha256");
    }

    @ParameterizedTest
    @MethodSource("gcm")
    void bulkAesGcmIsThatOfTheVectors(Wycheproof.Case vector) throws GeneralSecurityException {
        byte[] sealed = joined(vector.bytes("ct"), vector.bytes("tag"));
        if (vector.valid()) {
            assertThat(gcm(vector, Cipher.ENCRYPT_MODE, vector.bytes("msg"))).isEqualTo(sealed);
            assertThat(gcm(vector, Cipher.DECRYPT_MODE, sealed)).isEqualTo(vector.bytes("msg"));
        } else {
            assertThatThrownBy(() -> gcm(vector, Cipher.DECRYPT_MODE, sealed))
                    .isInstanceOf(GeneralSecurityException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("wrap")
    void keyWrapIsThatOfTheVectors(Wycheproof.Case vector) throws GeneralSecurityException {
        if (vector.valid()) {
            assertThat(wrap(vector, Cipher.ENCRYPT_MODE, vector.bytes("msg"))).isEqualTo(vector.bytes("ct"));
            assertThat(wrap(vector, Cipher.DECRYPT_MODE, vector.bytes("ct"))).isEqualTo(vector.bytes("msg"));
        } else if (vector.invalid()) {
            // SunJCE throws the unchecked one for wrapped keys of 0 or 8 bytes: why KeyWrap catches more than the
            // checked one.
            assertThatThrownBy(() -> wrap(vector, Cipher.DECRYPT_MODE, vector.bytes("ct")))
                    .isInstanceOfAny(GeneralSecurityException.class, NegativeArraySizeException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("hmac")
    void hmacIsThatOfTheVectors(Wycheproof.Case vector) throws GeneralSecurityException {
        Mac mac = Jce.mac("HmacSHA256");
        mac.init(new SecretKeySpec(vector.bytes("key"), "HmacSHA256"));
        byte[] tag = Arrays.copyOf(mac.doFinal(vector.bytes("msg")), vector.number("tagSize") / Byte.SIZE);
        assertThat(Arrays.equals(tag, vector.bytes("tag"))).isEqualTo(vector.valid());
    }

    private static byte[] gcm(Wycheproof.Case vector, int mode, byte[] input) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", BulkProvider.get());
        cipher.init(mode, new SecretKeySpec(vector.bytes("key"), "AES"), new GCMParameterSpec(128, vector.bytes("iv")));
        cipher.updateAAD(vector.bytes("aad"));
        return cipher.doFinal(input);
    }

    private static byte[] wrap(Wycheproof.Case vector, int mode, byte[] input) throws GeneralSecurityException {
        Cipher cipher = Jce.cipher("AES/KW/NoPadding");
        cipher.init(mode, new SecretKeySpec(vector.bytes("key"), "AES"));
        return cipher.doFinal(input);
    }

    private static byte[] joined(byte[] head, byte[] tail) {
        byte[] joined = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, joined, head.length, tail.length);
        return joined;
    }
}
