package io.slicekeep.membership;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.error.FormatException;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.record.Bytes;
import io.slicekeep.register.State;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/** No bytes make a membership parser fail in another way than it says. */
class MembershipFuzzTest {
    private static final SecretBytes KEY = SecretBytes.owning(new byte[32]);

    @FuzzTest
    void identity(byte[] bytes) {
        byte[] blob = summed(bytes, Identity.BYTES);
        try {
            Identity.parse(blob).sealedAs(blob, KEY);
        } catch (FormatException e) {
            // One of the three cases.
        }
    }

    @FuzzTest
    void capabilities(byte[] bytes) {
        byte[] blob = summed(bytes, SiteCapabilities.BYTES);
        try {
            SiteCapabilities.parse(blob).sealedAs(blob, KEY);
        } catch (FormatException e) {
            // One of the three cases.
        }
    }

    @FuzzTest
    void keys(byte[] bytes) {
        byte[] blob = summed(bytes, WrappedKeys.HEADER_BYTES);
        try {
            WrappedKeys.parse(blob).encode();
        } catch (FormatException e) {
            // One of the three cases.
        }
    }

    @FuzzTest
    void configuration(byte[] bytes) {
        byte[] blob = summed(bytes, bytes.length);
        try {
            Configuration.parse(blob).sealedAs(blob, KEY);
        } catch (FormatException e) {
            // One of the three cases.
        }
    }

    @FuzzTest
    void named(byte[] value) {
        try {
            if (!Named.read(new State(1, Bytes.of(value))).write().equals(Bytes.of(value))) {
                throw new AssertionError("a name of a configuration that was accepted is written differently");
            }
        } catch (FormatException e) {
            // What a newer release wrote.
        }
    }

    @FuzzTest
    void number(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsAsciiString();
        for (KeyPrefix prefix : List.of(MemberKeys.KEYS, MemberKeys.CONFIG, MemberKeys.CAPABILITIES)) {
            BlobKey key;
            try {
                key = BlobKey.of(prefix + text);
            } catch (IllegalArgumentException e) {
                return;
            }
            OptionalLong number = MemberKeys.number(key);
            if (number.isPresent()
                    && !MemberKeys.all(prefix, number.getAsLong()).matches(key)) {
                throw new AssertionError("a number that was accepted is written differently: " + key);
            }
        }
    }

    /** A fuzzer does not find a checksum; it is given one, in the last of so many bytes. */
    private static byte[] summed(byte[] bytes, int count) {
        byte[] summed = bytes.clone();
        int at = count - MemberBlob.CRC_BYTES;
        if (at >= 0 && count <= bytes.length) {
            ByteBuffer.wrap(summed).putInt(at, MemberBlob.crc(summed, at));
        }
        return summed;
    }
}
