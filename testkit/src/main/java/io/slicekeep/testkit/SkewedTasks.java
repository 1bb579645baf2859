package io.slicekeep.testkit;

import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Tasks on a machine whose wall clock is wrong. */
record SkewedTasks(Tasks tasks, long aheadMicros) implements Tasks {
    @Override
    public long elapsedNanos() {
        return tasks.elapsedNanos();
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
