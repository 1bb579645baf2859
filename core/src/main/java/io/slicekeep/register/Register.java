package io.slicekeep.register;

import io.slicekeep.record.Bytes;
import io.slicekeep.record.Means;
import io.slicekeep.task.Deadline;
import java.io.IOException;
import java.util.Optional;

/**
 * A small named value that is changed by everybody as if one after the other: each change sees what the one before it left, takes
 * effect once, and is seen by every read that begins after it returned (docs/PROTOCOLS.md 9). Thread-safe; any number of
 * processes may use one register.
 *
 * <pre>{@code
 * register.update(current -> Optional.of(next(current.value())));             // read, modify, write
 * register.update(current -> current.version() == seen ? Optional.of(value) : Optional.empty());    // if it matches
 * }</pre>
 */
public final class Register {
    /** The longest value, in bytes. */
    public static final int MAX_VALUE_BYTES = 64_000;

    private final Agreement agreement;
    private final Means means;

    Register(Agreement agreement, Means means) {
        this.agreement = agreement;
        this.means = means;
    }

    /**
     * Reads the value. Where the sites do not agree yet, it makes them.
     *
     * @return what the register holds
     * @throws io.slicekeep.error.UnavailableException if too few sites answered, or it was not agreed on in time
     * @throws IOException if it cannot be read
     */
    public State read() throws IOException {
        Deadline deadline = deadline();
        Optional<Contents> settled = agreement.settled(deadline);
        if (settled.isPresent()) {
            return settled.get().state();
        }
        return new Updating(agreement, means, current -> Optional.empty(), deadline)
                .run()
                .state();
    }

    /**
     * Reads the value if the sites agree already, and makes them agree on nothing.
     *
     * @return what the register holds; empty if only a ballot can tell
     * @throws io.slicekeep.error.UnavailableException if too few sites answered
     * @throws IOException if it cannot be read
     */
    public Optional<State> look() throws IOException {
        return agreement.settled(deadline()).map(Contents::state);
    }

    /**
     * Changes the value, or finds that the change declines. That the register was left as it is holds at one moment during the
     * call, like everything else.
     *
     * @param change makes the next value out of the present one
     * @return what became of it
     * @throws io.slicekeep.error.UnavailableException if it was not and will not be made
     * @throws io.slicekeep.error.OutcomeUnknownException if it may or may not have been, or will be, made
     * @throws IOException if it was not and will not be made
     */
    public Update update(Change change) throws IOException {
        return new Updating(agreement, means, change, deadline()).run();
    }

    static Bytes requireFits(Bytes value) {
        if (value.length() > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException(
                    "a register's value must have at most " + MAX_VALUE_BYTES + " bytes: bytes=" + value.length());
        }
        return value;
    }

    private Deadline deadline() {
        return means.tasks().deadline(means.timing().deadline());
    }

    @Override
    public String toString() {
        return agreement.toString();
    }
}
