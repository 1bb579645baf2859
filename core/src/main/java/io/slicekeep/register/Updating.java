package io.slicekeep.register;

import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Means;
import io.slicekeep.record.Reasons;
import io.slicekeep.task.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one change exactly once. An attempt whose outcome is open is looked for in what the register holds next: there its
 * ballot stands among the last changes, or it was not made and, once a higher ballot is decided, never will be. If others made
 * so many changes meanwhile that it may have been forgotten, nobody can tell, and it is not tried again. One object per change,
 * confined to one thread.
 */
final class Updating {
    private static final long FIRST_PAUSE_MICROS = 5_000;
    private static final int MAX_DOUBLINGS = 8;

    private final Agreement agreement;
    private final Means means;
    private final Change change;
    private final Witness witness;
    private final Agreement.Reach reach;
    private final Deadline deadline;
    private final List<Contents> open = new ArrayList<>();
    private long above = -1;
    private int attempts;
    private Map<String, String> missing = Map.of();

    Updating(Agreement agreement, Means means, Change change, Agreement.Reach reach, Deadline deadline) {
        this(agreement, means, change, Witness.NONE, reach, deadline);
    }

    Updating(
            Agreement agreement,
            Means means,
            Change change,
            Witness witness,
            Agreement.Reach reach,
            Deadline deadline) {
        this.agreement = agreement;
        this.means = means;
        this.change = change;
        this.witness = witness;
        this.reach = reach;
        this.deadline = deadline;
    }

    /** What is to be decided next, and what to answer if it is. */
    private record Proposal(Contents contents, Update answer, boolean isNew) {}

    /** Returns the sites that do not hold what was decided, as far as is known, and why. */
    Map<String, String> missing() {
        return missing;
    }

    Update run() throws IOException {
        try {
            while (true) {
                try {
                    return attempt();
                } catch (ContendedException e) {
                    backOff(e);
                }
            }
        } catch (OutcomeUnknownException e) {
            throw stopped(e);
        } catch (IOException | RuntimeException e) {
            if (open.isEmpty()) {
                throw e;
            }
            throw stopped(e);
        }
    }

    private Update attempt() throws IOException {
        Agreement.Round round = agreement.open(above, witness, deadline);
        Proposal proposal = propose(round);
        if (proposal.isNew()) {
            open.add(proposal.contents());
        }
        try {
            missing = round.decide(proposal.contents(), reach, deadline);
        } catch (UnavailableException e) {
            if (proposal.isNew()) {
                open.remove(proposal.contents());
            }
            throw e;
        }
        return proposal.answer();
    }

    /** To leave the register as it is has to be decided too: only then no attempt that is open can change it any more. */
    private Proposal propose(Agreement.Round round) throws OutcomeUnknownException {
        Contents current = round.current();
        for (Contents attempt : open) {
            if (current.changes().contains(attempt.changes().get(0))) {
                return new Proposal(current, new Update(true, attempt.state()), false);
            }
        }
        if (!open.stream().allMatch(current::rulesOut)) {
            throw new OutcomeUnknownException(
                    agreement + " may or may not have been changed: others changed it more than " + Contents.WINDOW
                            + " times meanwhile");
        }
        Optional<Bytes> value = change.apply(current.state());
        if (value.isEmpty()) {
            return new Proposal(current, new Update(false, current.state()), false);
        }
        Contents changed = current.changed(round.ballot(), Register.requireFits(value.get()));
        return new Proposal(changed, new Update(true, changed.state()), true);
    }

    private void backOff(ContendedException e) throws IOException {
        if (deadline.passed()) {
            throw new UnavailableException(agreement + " was not agreed on in time: " + e.getMessage(), e);
        }
        above = Math.max(above, e.number());
        long boundMicros = FIRST_PAUSE_MICROS << Math.min(attempts++, MAX_DOUBLINGS);
        long draw = ByteBuffer.wrap(means.random().bytes(Long.BYTES)).getLong();
        means.tasks().pause(Duration.of(Long.remainderUnsigned(draw, boundMicros), ChronoUnit.MICROS));
    }

    /** What stops an operation that has an open attempt leaves its outcome open; without one, nothing was changed. */
    private IOException stopped(Exception e) {
        String reason = e instanceof IOException failure ? Reasons.of(failure) : e.toString();
        return open.isEmpty()
                ? new UnavailableException(reason, e)
                : new OutcomeUnknownException(agreement + " may or may not have been changed: " + reason, e);
    }
}
