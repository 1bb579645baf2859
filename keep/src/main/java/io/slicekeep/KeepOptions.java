package io.slicekeep;

import io.slicekeep.dispersal.Timing;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;
import org.jspecify.annotations.Nullable;

/**
 * How a keep runs. The defaults suit production. Immutable.
 *
 * @param tasks where work is forked; null lets the keep own a bounded pool of daemon threads, closed with it
 * @param random where ids, secrets and salts come from
 * @param timing how long operations may take, and how long they wait for single sites
 * @param existingFile what create and adopt do about a keep file that exists
 */
public record KeepOptions(@Nullable Tasks tasks, RandomSource random, Timing timing, ExistingFile existingFile) {
    /** The options for production: own threads, the operating system's randomness, two minutes, no file overwritten. */
    public static final KeepOptions DEFAULT =
            new KeepOptions(null, RandomSource.secure(), Timing.DEFAULT, ExistingFile.REFUSE);

    /** What create and adopt do about a keep file that exists. */
    public enum ExistingFile {
        /** Fail, and leave it. */
        REFUSE,
        /** Replace it atomically. */
        REPLACE
    }

    /**
     * Returns these options with other tasks.
     *
     * @param other not closed by the keep
     * @return new options
     */
    public KeepOptions withTasks(Tasks other) {
        return new KeepOptions(other, random, timing, existingFile);
    }

    /**
     * Returns these options with another source of randomness.
     *
     * @param other for tests
     * @return new options
     */
    public KeepOptions withRandom(RandomSource other) {
        return new KeepOptions(tasks, other, timing, existingFile);
    }

    /**
     * Returns these options with other times.
     *
     * @param other the times
     * @return new options
     */
    public KeepOptions withTiming(Timing other) {
        return new KeepOptions(tasks, random, other, existingFile);
    }

    /**
     * Returns these options with another rule for a keep file that exists.
     *
     * @param other the rule
     * @return new options
     */
    public KeepOptions withExistingFile(ExistingFile other) {
        return new KeepOptions(tasks, random, timing, other);
    }
}
