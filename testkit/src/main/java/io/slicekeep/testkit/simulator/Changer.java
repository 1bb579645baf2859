package io.slicekeep.testkit.simulator;

import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.record.Bytes;
import io.slicekeep.register.Change;
import io.slicekeep.register.Register;
import io.slicekeep.register.RegisterId;
import io.slicekeep.register.State;
import io.slicekeep.register.Update;
import io.slicekeep.testkit.RegisterHistory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.SplittableRandom;

/** Changes and reads registers that all share. A value is a number that nobody else writes, and the one that it was made of. */
final class Changer implements Role {
    private static final int OPERATIONS = 12;
    private static final int OPERATIONS_PER_REGISTER = 6;
    private static final int NUMBERS_BYTES = 2 * Long.BYTES;
    private static final int PLAINTEXT_BYTES = 300;

    private final Run run;
    private long seenVersion;

    Changer(Run run) {
        this.run = run;
    }

    @Override
    public int operations() {
        return OPERATIONS;
    }

    @Override
    public void perform(int number, Opened opened, SplittableRandom draws) throws IOException {
        String id = "folder/register-" + number / OPERATIONS_PER_REGISTER;
        long seen = seenVersion;
        switch (draws.nextInt(5)) {
            case 0, 1 -> update(opened, id, value -> current -> Optional.of(step(current, value)));
            case 2 ->
                update(
                        opened,
                        id,
                        value -> current ->
                                current.version() == seen ? Optional.of(step(current, value)) : Optional.empty());
            default -> read(opened, id);
        }
    }

    /** Reads a register, insisting on what is agreed on. */
    void read(Opened opened, String id) throws IOException {
        RegisterModel model = run.model().register(id);
        long start = run.nowNanos();
        State state = register(opened, id).read();
        model.read(number(state), start, run.nowNanos());
        note(model, state, "read " + id);
    }

    private interface ChangeTo {
        Change of(long value);
    }

    private void update(Opened opened, String id, ChangeTo changeTo) throws IOException {
        RegisterModel model = run.model().register(id);
        long value = run.model().newNumber();
        RegisterModel.Attempt attempt = model.begin(value, run.nowNanos());
        try {
            Update update = register(opened, id).update(changeTo.of(value));
            if (update.applied()) {
                model.made(attempt, update.state().value().buffer().getLong(Long.BYTES), run.nowNanos());
                run.tally().acknowledge();
            } else {
                model.declined(attempt, number(update.state()), run.nowNanos());
            }
            note(model, update.state(), "changed " + id);
        } catch (OutcomeUnknownException | InterruptedIOException e) {
            run.note(value, () -> "may have changed " + id + " to " + value);
        } catch (IOException e) {
            model.failed(attempt);
            run.note(value, () -> "did not change " + id + " to " + value);
        }
    }

    private void note(RegisterModel model, State state, String what) {
        seenVersion = state.version();
        model.version(state.version(), number(state));
        run.tally().read();
        run.note(number(state), () -> what + ": " + number(state) + ", version " + state.version());
    }

    private static Register register(Opened opened, String id) {
        return opened.registers().at(new RegisterId(id));
    }

    private static Bytes step(State current, long value) {
        return Bytes.of(ByteBuffer.allocate(NUMBERS_BYTES + PLAINTEXT_BYTES)
                .putLong(value)
                .putLong(number(current))
                .put(Content.bytes(value, 0, PLAINTEXT_BYTES))
                .array());
    }

    private static long number(State state) {
        return state.exists() ? state.value().buffer().getLong(0) : RegisterHistory.NOTHING;
    }
}
