package io.slicekeep.objects;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Departure;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.object.NamespaceMode;
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
        objects = new World(profile, stores(profile.sites())).open(tasks);
    }

    MemoryObjects(Profile profile, NamespaceMode mode) {
        objects = new World(profile, stores(profile.sites()), mode).open(tasks);
    }

    /** Objects while site b leaves. */
    MemoryObjects(Profile profile, Departure departure) {
        World world = new World(profile, stores(profile.sites()));
        world.join(departure, new MemoryStore());
        objects = world.open(tasks);
    }

    private static List<BlobStore> stores(int count) {
        List<BlobStore> stores = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            stores.add(new MemoryStore());
        }
        return stores;
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
