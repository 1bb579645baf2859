package io.slicekeep.testkit;

import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Tasks of a simulation, awaited by the one that forked them. */
final class SimulatedTaskGroup<T> implements TaskGroup<T> {
    private final SimulatedTasks tasks;
    private final Queue<Finished<T>> finished = new ArrayDeque<>();
    private final List<Strand> unfinished = new ArrayList<>();
    private int underWay;
    private boolean dropped;

    /** How a task ended: with an outcome, or with a defect. */
    private record Finished<T>(
            @Nullable Outcome<T> outcome, @Nullable Throwable defect) {}

    SimulatedTaskGroup(SimulatedTasks tasks) {
        this.tasks = tasks;
    }

    @Override
    public void fork(int site, int index, Work<? extends T> work) {
        if (dropped) {
            throw new IllegalStateException("closed");
        }
        underWay++;
        Strand[] self = new Strand[1];
        self[0] = tasks.spawn(() -> {
            Finished<T> end = run(index, work);
            unfinished.remove(self[0]);
            deliver(end);
        });
        unfinished.add(self[0]);
    }

    @Override
    public @Nullable Outcome<T> next(Deadline deadline) throws InterruptedIOException {
        if (underWay == 0) {
            return null;
        }
        tasks.await(() -> !finished.isEmpty(), deadline.atNanos());
        tasks.requireNotInterrupted();
        Finished<T> end = finished.poll();
        if (end == null) {
            return null;
        }
        underWay--;
        if (end.defect() instanceof Error error) {
            throw error;
        }
        if (end.defect() instanceof RuntimeException exception) {
            throw exception;
        }
        return end.outcome();
    }

    @Override
    public int underWay() {
        return underWay;
    }

    @Override
    public void abandon() {
        dropped = true;
        underWay = 0;
        unfinished.clear();
        finished.forEach(this::deliver);
        finished.clear();
    }

    @Override
    public void close() {
        List.copyOf(unfinished).forEach(tasks::cancel);
        abandon();
    }

    private void deliver(Finished<T> end) {
        if (!dropped) {
            finished.add(end);
        } else if (end.defect() != null) {
            tasks.report(end.defect());
        }
    }

    private static <T> Finished<T> run(int index, Work<? extends T> work) {
        try {
            return new Finished<>(new Outcome<>(index, work.run(), null), null);
        } catch (IOException e) {
            return new Finished<>(new Outcome<>(index, null, e), null);
        } catch (SimulatedTasks.Ending e) {
            throw e;
        } catch (RuntimeException | Error e) {
            return new Finished<>(null, e);
        }
    }
}
