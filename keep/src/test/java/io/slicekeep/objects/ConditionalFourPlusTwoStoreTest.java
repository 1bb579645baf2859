package io.slicekeep.objects;

import io.slicekeep.dispersal.Profile;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.testkit.ObjectStoreContract;

class ConditionalFourPlusTwoStoreTest extends ObjectStoreContract {
    private final MemoryObjects memory = new MemoryObjects(Profile.of(4, 2), NamespaceMode.CONDITIONAL);

    @Override
    protected ObjectStore newObjects() {
        return memory.objects();
    }

    @Override
    protected void end() {
        memory.close();
    }
}
