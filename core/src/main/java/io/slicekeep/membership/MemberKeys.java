package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.task.RandomSource;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the membership blobs stand at a site. The newest generation or epoch sorts first. */
final class MemberKeys {
    /** The greatest generation and epoch. */
    static final long MAX_NUMBER = (1L << 62) - 2;

    static final BlobKey IDENTITY = BlobKey.of("site");
    static final KeyPrefix KEYS = new KeyPrefix("keys/");
    static final KeyPrefix CONFIG = new KeyPrefix("config/");
    static final KeyPrefix CAPABILITIES = new KeyPrefix("capabilities/");

    /** The register that names the configuration. */
    static final KeyPrefix REGISTER = new KeyPrefix("r/config!");

    private static final long INVERSE = (1L << 62) - 1;
    private static final int ATTEMPT_BYTES = 4;
    private static final Pattern NUMBERED = Pattern.compile("(?:keys|config|capabilities)/([0-9a-f]{16})![0-9a-f]{8}");

    private MemberKeys() {}

    /** Returns a fresh key for this generation or epoch. */
    static BlobKey fresh(KeyPrefix prefix, long number, RandomSource random) {
        return BlobKey.of(all(prefix, number) + HexFormat.of().formatHex(random.bytes(ATTEMPT_BYTES)));
    }

    /** Returns what the keys of this generation or epoch begin with. */
    static KeyPrefix all(KeyPrefix prefix, long number) {
        return new KeyPrefix(prefix + HexFormat.of().toHexDigits(INVERSE - requireNumber(number)) + "!");
    }

    /** Returns the generation or epoch in a key; empty for a key that {@link #fresh} does not make. */
    static OptionalLong number(BlobKey key) {
        Matcher matcher = NUMBERED.matcher(key.value());
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long number = INVERSE - HexFormat.fromHexDigitsToLong(matcher.group(1));
        return number >= 1 && number <= MAX_NUMBER ? OptionalLong.of(number) : OptionalLong.empty();
    }

    static long requireNumber(long number) {
        if (number < 1 || number > MAX_NUMBER) {
            throw new IllegalArgumentException("a generation or epoch must be 1 to 2^62 - 2: number=" + number);
        }
        return number;
    }
}
