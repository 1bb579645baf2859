package io.slicekeep.erasure;

import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.task.Tasks;
import io.slicekeep.testkit.DispersalBlameContract;

class SlicedDispersalBlameTest extends DispersalBlameContract {
    @Override
    protected Dispersal create(Tasks tasks, Patience patience) {
        return new SlicedDispersal(tasks, patience);
    }

    @Override
    protected int heldLeases(Dispersal dispersal) {
        return ((SlicedDispersal) dispersal).heldLeases();
    }
}
