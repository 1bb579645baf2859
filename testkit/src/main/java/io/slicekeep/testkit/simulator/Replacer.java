package io.slicekeep.testkit.simulator;

import io.slicekeep.dispersal.Departure;
import io.slicekeep.membership.Configuration;
import io.slicekeep.membership.Member;
import io.slicekeep.membership.Membership;
import io.slicekeep.testkit.simulator.ChangingKeep.Replacement;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Replaces sites, those first that are lost: begins, goes on with what others began, or gives it up. A site that was replaced is
 * switched off at once, or goes on telling what it knew.
 */
final class Replacer implements Role {
    private static final int OPERATIONS = 4;

    private final Run run;
    private final ChangingKeep keep;

    Replacer(Run run, ChangingKeep keep) {
        this.run = run;
        this.keep = keep;
    }

    @Override
    public int operations() {
        return OPERATIONS;
    }

    @Override
    public Duration longestRest() {
        return Duration.ofSeconds(20);
    }

    @Override
    public void perform(int number, Opened opened, SplittableRandom draws) throws IOException {
        Membership membership = ChangingKeep.membership(opened);
        membership.confirmed();
        Optional<Replacement> begun = keep.begun(membership.configuration());
        if (begun.isPresent() && draws.nextInt(6) == 0) {
            keep.change(opened).giveUp(Optional.of(begun.get().site()));
            run.note(number, () -> "gave up " + begun.get());
            return;
        }
        Replacement replacement = begun.isPresent() ? begun.get() : first(membership.configuration(), draws);
        run.note(number, () -> "replaces " + replacement);
        Optional<SimulatedSite> gone = keep.replace(opened, replacement);
        if (gone.isPresent() && draws.nextInt(3) == 0) {
            keep.switchOff(gone.get(), membership.configuration());
        }
    }

    private Replacement first(Configuration now, SplittableRandom draws) throws IOException {
        List<Member> members = now.members();
        int index = draws.nextInt(members.size());
        for (Member member : members) {
            if (draws.nextBoolean() && keep.isLost(member)) {
                index = members.indexOf(member);
            }
        }
        return keep.replacement(members.get(index), keep.successor(index), Departure.SERVING);
    }
}
