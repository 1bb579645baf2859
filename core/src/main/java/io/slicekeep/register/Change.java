package io.slicekeep.register;

import io.slicekeep.record.Bytes;
import java.util.Optional;

/** Makes a register's next value out of the present one. It may be asked several times; one answer at most takes effect. */
@FunctionalInterface
public interface Change {
    /**
     * Decides on the next value.
     *
     * @param current what the register holds
     * @return at most {@link Register#MAX_VALUE_BYTES}; empty to leave the register as it is
     */
    Optional<Bytes> apply(State current);
}
