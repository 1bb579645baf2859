package io.slicekeep.record;

import io.slicekeep.dispersal.Timing;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;

/**
 * What records work with besides sites and keys.
 *
 * @param tasks forks, waits and tells the time
 * @param random where attempts and writer ids come from
 * @param timing how long to wait
 */
public record Means(Tasks tasks, RandomSource random, Timing timing) {}
