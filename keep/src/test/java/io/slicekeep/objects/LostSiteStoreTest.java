package io.slicekeep.objects;

import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.testkit.ObjectStoreContract;
import java.util.Set;

class LostSiteStoreTest extends ObjectStoreContract {
    private final MemoryObjects memory = new MemoryObjects(Profile.of(4, 2), Departure.LOST);

    @Override
    protected ObjectStore newObjects() {
        return memory.objects();
    }

    @Override
    protected Set<String> outOfReach() {
        return Set.of("b");
    }

    @Override
    protected void end() {
        memory.close();
    }
}
