package io.slicekeep.task;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of a task. Immutable.
 *
 * @param <T> what the task returns
 * @param index the index it was forked with
 * @param value what it returned; null if it failed
 * @param failure why it failed, or null. A runtime exception or error of the task is not an outcome: it is thrown by
 *     {@link TaskGroup#next}
 */
public record Outcome<T>(
        int index, @Nullable T value, @Nullable IOException failure) {
    /**
     * Tells whether the task returned a value.
     *
     * @return true if it did not fail
     */
    public boolean succeeded() {
        return failure == null;
    }

    /**
     * Returns the value of a task that did not fail.
     *
     * @return the value
     * @throws IOException the failure, if it failed
     */
    public T get() throws IOException {
        if (failure != null) {
            throw failure;
        }
        return Objects.requireNonNull(value, "value");
    }
}
