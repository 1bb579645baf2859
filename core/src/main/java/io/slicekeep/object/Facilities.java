package io.slicekeep.object;

import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.record.Means;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;

/**
 * What objects work with besides their sites and keys. Nothing of it is closed with them.
 *
 * @param dispersal slices large objects and makes the codes
 * @param tasks forks, waits and tells the time
 * @param random where ids, secrets and salts come from
 * @param timing how long to wait
 */
public record Facilities(Dispersal dispersal, Tasks tasks, RandomSource random, Timing timing) {
    Means means() {
        return new Means(tasks, random, timing);
    }
}
