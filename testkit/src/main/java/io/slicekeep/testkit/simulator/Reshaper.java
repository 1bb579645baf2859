package io.slicekeep.testkit.simulator;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.membership.Configuration;
import io.slicekeep.membership.Membership;
import io.slicekeep.membership.Transition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Changes the profile among the same sites, k too, or goes on with what others began; or gives it up, where k stays. */
final class Reshaper implements Role {
    private static final int OPERATIONS = 4;

    private final Run run;
    private final ChangingKeep keep;

    Reshaper(Run run, ChangingKeep keep) {
        this.run = run;
        this.keep = keep;
    }

    @Override
    public int operations() {
        return OPERATIONS;
    }

    @Override
    public Duration longestRest() {
        return Duration.ofSeconds(30);
    }

    @Override
    public void perform(int number, Opened opened, SplittableRandom draws) throws IOException {
        Membership membership = ChangingKeep.membership(opened);
        membership.confirmed();
        Configuration now = membership.configuration();
        if (now.siteThatChanges().isPresent()) {
            return;
        }
        if (now.transition().isPresent() && draws.nextInt(6) == 0) {
            keep.change(opened).giveUp(Optional.empty());
            run.note(number, () -> "gave up another profile");
            return;
        }
        Optional<Profile> next = now.transition().map(Transition::profile).or(() -> other(now.profile(), draws));
        if (next.isPresent()) {
            run.note(number, () -> "changes " + now.profile() + " to " + next.get());
            keep.reshape(opened, next.get());
        }
    }

    private Optional<Profile> other(Profile now, SplittableRandom draws) {
        List<Profile> others =
                keep.profiles().stream().filter(one -> !one.equals(now)).toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(others.get(draws.nextInt(others.size())));
    }
}
