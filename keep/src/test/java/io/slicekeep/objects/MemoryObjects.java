package io.slicekeep.objects;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import java.util.ArrayList;
import java.util.List;

/** Objects over stores in memory, and what is to be closed with them. */
final class MemoryObjects implements AutoCloseable {
    private final ExecutorTasks tasks = ExecutorTasks.create();
    private final NamespaceObjects objects;

    MemoryObjects(Profile profile) {
        List<BlobStore> stores = new ArrayList<>();
        for (int i = 0; i < profile.sites(); i++) {
            stores.add(new MemoryStore());
        }
        objects = new World(profile, stores).open(tasks);
    }

    ObjectStore objects() {
        return objects;
    }

    @Override
    public void close() {
        objects.close();
        tasks.close();
    }
}
