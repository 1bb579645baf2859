package io.slicekeep;

import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a keep runs. The defaults suit production. Immutable.
 *
 * @param tasks where work is forked; null lets the keep own a bounded pool of daemon threads, closed with it
 * @param random where ids, secrets and salts come from
 * @param deadline how long one operation may take, and how long opening waits for a site
 * @param existingFile what create and adopt do about a keep file that exists
 */
public record KeepOptions(@Nullable Tasks tasks, RandomSource random, Duration deadline, ExistingFile existingFile) {
    /** The options for production: own threads, the operating system's randomness, 60 seconds, no file overwritten. */
    public static final KeepOptions DEFAULT =
            new KeepOptions(null, RandomSource.secure(), Duration.ofSeconds(60), ExistingFile.REFUSE);

    /** What create and adopt do about a keep file that exists. */
    public enum ExistingFile {
        /** Fail, and leave it. */
        REFUSE,
        /** Replace it atomically. */
        REPLACE
    }

    /** Checks the deadline. */
    public KeepOptions {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("a deadline must be positive: deadline=" + deadline);
        }
    }

    /**
     * Returns these options with other tasks.
     *
     * @param other not closed by the keep
     * @return new options
     */
    public KeepOptions withTasks(Tasks other) {
        return new KeepOptions(other, random, deadline, existingFile);
    }

    /**
     * Returns these options with another source of randomness.
     *
     * @param other for tests
     * @return new options
     */
    public KeepOptions withRandom(RandomSource other) {
        return new KeepOptions(tasks, other, deadline, existingFile);
    }

    /**
     * Returns these options with another deadline.
     *
     * @param other positive
     * @return new options
     */
    public KeepOptions withDeadline(Duration other) {
        return new KeepOptions(tasks, random, other, existingFile);
    }

    /**
     * Returns these options with another rule for a keep file that exists.
     *
     * @param other the rule
     * @return new options
     */
    public KeepOptions withExistingFile(ExistingFile other) {
        return new KeepOptions(tasks, random, deadline, other);
    }
}
