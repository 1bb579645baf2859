package io.slicekeep;

import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.Tasks;
import org.jspecify.annotations.Nullable;

/** The tasks of a keep: given by its user, or its own, which end with it. */
final class Workers implements AutoCloseable {
    private final Tasks tasks;
    private final @Nullable ExecutorTasks owned;

    private Workers(Tasks tasks, @Nullable ExecutorTasks owned) {
        this.tasks = tasks;
        this.owned = owned;
    }

    static Workers of(KeepOptions options) {
        if (options.tasks() != null) {
            return new Workers(options.tasks(), null);
        }
        ExecutorTasks owned = ExecutorTasks.create();
        return new Workers(owned, owned);
    }

    Tasks tasks() {
        return tasks;
    }

    @Override
    public void close() {
        if (owned != null) {
            owned.close();
        }
    }
}
