package io.slicekeep.testkit.simulator;

import io.slicekeep.object.ObjectStore.GarbageReport;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;

/** Collects garbage. It promises nothing but to take away nothing that is promised to somebody else. */
final class Collector implements Role {
    private static final int OPERATIONS = 3;

    private final Run run;

    Collector(Run run) {
        this.run = run;
    }

    @Override
    public int operations() {
        return OPERATIONS;
    }

    @Override
    public Clock.Range clocks() {
        return Clock.Range.OF_COLLECTORS;
    }

    @Override
    public Duration longestRest() {
        return Duration.ofSeconds(30);
    }

    @Override
    public void perform(int number, Opened opened, SplittableRandom draws) throws IOException {
        GarbageReport report = opened.objects().collectGarbage((duration, names) -> run.note(names, () -> "waits"));
        run.note(report.records() * 31 + report.purged(), report::toString);
    }
}
