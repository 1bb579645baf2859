package io.slicekeep.kms.local;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import io.slicekeep.key.KeySlot;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a passphrase slot says besides the wrapped secret (docs/FORMAT.md section 2). Public, and written by whoever could
 * write the slot: bounded before any work. Immutable.
 *
 * <pre>
 *   off  len
 *     0    1  version = 1
 *     1    4  memory in KiB
 *     5    1  passes
 *     6    1  lanes
 *     7   16  salt
 * </pre>
 */
final class PassphraseSlotInfo {
    static final int SALT_BYTES = 16;

    private static final int VERSION = 1;
    private static final int MEMORY_OFFSET = 1;
    private static final int PASSES_OFFSET = 5;
    private static final int LANES_OFFSET = 6;
    private static final int SALT_OFFSET = 7;
    private static final int BYTES = SALT_OFFSET + SALT_BYTES;

    private final Argon2Cost cost;
    private final byte[] salt;

    PassphraseSlotInfo(Argon2Cost cost, byte[] salt) {
        this.cost = cost;
        this.salt = salt;
    }

    /** Reads a slot's info. */
    static PassphraseSlotInfo parse(KeySlot slot) throws KeyUnavailableException {
        byte[] info = slot.info();
        if (info.length > 0 && info[0] != VERSION) {
            throw new KeyUnavailableException(
                    Reason.DENIED,
                    "a slot of " + slot.uri() + " was written by a newer release: version="
                            + Byte.toUnsignedInt(info[0]));
        }
        if (info.length != BYTES) {
            throw KeyUnavailableException.wrongKey(slot.uri().value());
        }
        return new PassphraseSlotInfo(
                parseCost(ByteBuffer.wrap(info), slot), Arrays.copyOfRange(info, SALT_OFFSET, BYTES));
    }

    private static Argon2Cost parseCost(ByteBuffer info, KeySlot slot) throws KeyUnavailableException {
        try {
            return new Argon2Cost(
                    info.getInt(MEMORY_OFFSET),
                    Byte.toUnsignedInt(info.get(PASSES_OFFSET)),
                    Byte.toUnsignedInt(info.get(LANES_OFFSET)));
        } catch (IllegalArgumentException e) {
            throw KeyUnavailableException.wrongKey(slot.uri().value());
        }
    }

    Argon2Cost cost() {
        return cost;
    }

    byte[] salt() {
        return salt;
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .put((byte) VERSION)
                .putInt(cost.memoryKib())
                .put((byte) cost.passes())
                .put((byte) cost.lanes())
                .put(salt)
                .array();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PassphraseSlotInfo that && that.cost.equals(cost) && Arrays.equals(that.salt, salt);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(salt);
    }
}
