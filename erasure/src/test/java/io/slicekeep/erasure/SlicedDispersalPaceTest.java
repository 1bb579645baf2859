package io.slicekeep.erasure;

import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.task.Tasks;
import io.slicekeep.testkit.DispersalPaceContract;
import org.junit.jupiter.api.Tag;

@Tag("once")
class SlicedDispersalPaceTest extends DispersalPaceContract {
    @Override
    protected Dispersal create(Tasks tasks, Patience patience) {
        return new SlicedDispersal(tasks, patience);
    }

    @Override
    protected int heldLeases(Dispersal dispersal) {
        return ((SlicedDispersal) dispersal).heldLeases();
    }
}
