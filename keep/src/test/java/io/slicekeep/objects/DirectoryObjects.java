package io.slicekeep.objects;

import io.slicekeep.blob.BlobStore;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.store.DirectoryStore;
import io.slicekeep.task.ExecutorTasks;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Objects over directories, and what is to be closed with them. */
final class DirectoryObjects implements Closeable {
    private final ExecutorTasks tasks = ExecutorTasks.create();
    private final List<BlobStore> stores = new ArrayList<>();
    private final NamespaceObjects objects;

    DirectoryObjects(Profile profile, Path folder) throws IOException {
        this(profile, folder, NamespaceMode.LWW);
    }

    DirectoryObjects(Profile profile, Path folder, NamespaceMode mode) throws IOException {
        for (int i = 0; i < profile.sites(); i++) {
            stores.add(DirectoryStore.create(folder.resolve("site" + i)));
        }
        objects = new World(profile, stores, mode).open(tasks);
    }

    ObjectStore objects() {
        return objects;
    }

    @Override
    public void close() throws IOException {
        objects.close();
        tasks.close();
        for (BlobStore store : stores) {
            store.close();
        }
    }
}
