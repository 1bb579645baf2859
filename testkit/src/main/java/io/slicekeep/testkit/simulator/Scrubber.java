package io.slicekeep.testkit.simulator;

import io.slicekeep.error.UnavailableException;
import io.slicekeep.scrub.Scrub;
import io.slicekeep.scrub.ScrubListener;
import io.slicekeep.scrub.ScrubOptions;
import io.slicekeep.scrub.ScrubOptions.Depth;
import io.slicekeep.scrub.ScrubReport;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Scrubs and rebuilds without keys. It promises nothing, but not to delete anything, nor to record or rebuild what is wrong. */
final class Scrubber implements Role {
    private static final int OPERATIONS = 3;

    private final Run run;

    Scrubber(Run run) {
        this.run = run;
    }

    @Override
    public int operations() {
        return OPERATIONS;
    }

    @Override
    public boolean hasKeys() {
        return false;
    }

    @Override
    public Duration longestRest() {
        return Duration.ofSeconds(30);
    }

    @Override
    public void perform(int number, Opened opened, SplittableRandom draws) throws IOException {
        if (opened.layouts().latest().reslices()) {
            throw new UnavailableException("who has no keys does not know by which k it is sliced");
        }
        Depth depth = draws.nextBoolean() ? Depth.LIGHT : Depth.DEEP;
        boolean repair = draws.nextInt(4) > 0;
        Scrub.Place place = new Scrub.Place(
                opened.layouts().latest(),
                opened.process().facilities().dispersal(),
                opened.process(),
                Run.TIMING.patience().siteTimeout());
        ScrubReport report = new Scrub(place, new ScrubOptions(depth, repair, "", 0), new Silent())
                .run(List.of(opened.namespaceId()));
        run.note(report.counts().rebuiltSlices(), report::toString);
    }

    /** Nobody watches. */
    private static final class Silent implements ScrubListener {
        @Override
        public void found(Finding finding) {}

        @Override
        public void reached(String cursor, ScrubReport soFar) {}
    }
}
