package io.slicekeep.testkit;

import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * Tasks on a machine whose wall clock is wrong.
 *
 * @param tasks those of a machine whose clock is right
 * @param aheadMicros by how many microseconds the clock is ahead; negative if it is behind
 */
public record SkewedTasks(Tasks tasks, long aheadMicros) implements Tasks {
    @Override
    public long elapsedNanos() {
        return tasks.elapsedNanos();
    }

    @Override
    public long monotonicNanos() {
        return tasks.monotonicNanos();
    }

    @Override
    public long wallMicros() {
        return tasks.wallMicros() + aheadMicros;
    }

    @Override
    public void pause(Duration duration) throws InterruptedIOException {
        tasks.pause(duration);
    }

    @Override
    public <T> TaskGroup<T> group() {
        return tasks.group();
    }
}
