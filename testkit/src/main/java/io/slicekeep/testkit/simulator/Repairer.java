package io.slicekeep.testkit.simulator;

import io.slicekeep.error.ObjectNotFoundException;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Depth;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Inspects and repairs what clients have written. What it found is a read like any other. */
final class Repairer implements Role {
    private static final int OPERATIONS = 12;

    private final Run run;
    private final Client client;

    Repairer(Run run, Client client) {
        this.run = run;
        this.client = client;
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
        List<String> names = run.model().everyName();
        if (names.isEmpty()) {
            return;
        }
        String name = names.get(draws.nextInt(names.size()));
        Depth depth = draws.nextInt(3) == 0 ? Depth.LIGHT : Depth.DEEP;
        if (draws.nextInt(5) == 0) {
            client.requireWritten(
                    opened.objects().inspect(ObjectName.of(name), depth).info());
        } else if (!client.hasEnoughOf(name)) {
            repair(opened, name, depth);
        }
    }

    private void repair(Opened opened, String name, Depth depth) throws IOException {
        run.note(depth.name().hashCode(), () -> "repair " + depth + " " + name);
        long start = run.nowNanos();
        try {
            client.noteRead(
                    name, opened.objects().repair(ObjectName.of(name), depth).info(), start);
        } catch (ObjectNotFoundException e) {
            client.noteNothing(name, start);
        }
    }
}
