package io.slicekeep.record;

import io.slicekeep.crypto.Jce;
import io.slicekeep.key.SecretBytes;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 (RFC 2104) over several parts. */
final class Hmac {
    static final int BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private Hmac() {}

    static byte[] sha256(SecretBytes key, byte[]... parts) {
        Mac mac = keyed(key);
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    /** Returns the MAC of a prefix and what remains of some buffers, whose positions stay. */
    static byte[] sha256(SecretBytes key, byte[] prefix, ByteBuffer first, ByteBuffer... rest) {
        Mac mac = keyed(key);
        mac.update(prefix);
        mac.update(first.duplicate());
        for (ByteBuffer part : rest) {
            mac.update(part.duplicate());
        }
        return mac.doFinal();
    }

    private static Mac keyed(SecretBytes key) {
        try {
            Mac mac = Jce.mac(ALGORITHM);
            mac.init(new SecretKeySpec(key.unsafeBytes(), ALGORITHM));
            return mac;
        } catch (InvalidKeyException e) {
            throw new AssertionError("HMAC takes a key of any length", e);
        }
    }
}
