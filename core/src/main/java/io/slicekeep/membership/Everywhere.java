package io.slicekeep.membership;

import io.slicekeep.error.UnavailableException;
import io.slicekeep.task.Deadline;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.TaskGroup;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One call per site, all at once, and all their outcomes. */
final class Everywhere {
    private final Tasks tasks;
    private final Duration patience;

    /** Waits so long for the last of the sites. */
    Everywhere(Tasks tasks, Duration patience) {
        this.tasks = tasks;
        this.patience = patience;
    }

    /** Returns one outcome per target, in order; a site that does not answer in time has failed. */
    <T, R> List<Outcome<R>> call(List<T> targets, Call<T, R> call) throws InterruptedIOException {
        List<Outcome<R>> outcomes = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            outcomes.add(new Outcome<>(
                    i, null, new UnavailableException("it does not answer within " + patience.toSeconds() + " s")));
        }
        try (TaskGroup<R> group = tasks.group()) {
            for (int i = 0; i < targets.size(); i++) {
                T target = targets.get(i);
                group.fork(i, () -> call.run(target));
            }
            Deadline deadline = tasks.deadline(patience);
            for (Outcome<R> next = group.next(deadline); next != null; next = group.next(deadline)) {
                outcomes.set(next.index(), next);
            }
        }
        return outcomes;
    }

    /** What is done at one site. */
    interface Call<T, R> {
        R run(T target) throws IOException;
    }
}
