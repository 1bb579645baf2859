package io.slicekeep.testkit.crash;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.TidyBlobStore;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.testkit.ForwardingStore;
import io.slicekeep.testkit.SimulatedTasks;
import java.io.IOException;
import java.util.Set;

/** A store as a process sees it that may stop before each of its calls, and after those that change something. */
final class MortalStore extends ForwardingStore implements CopyingBlobStore, TidyBlobStore {
    private final MortalProcess process;
    private final CopyingBlobStore stepping;
    private final MemoryStore memory;

    private MortalStore(MortalProcess process, CopyingBlobStore stepping, MemoryStore memory) {
        super(stepping);
        this.process = process;
        this.stepping = stepping;
        this.memory = memory;
    }

    static MortalStore of(MortalProcess process, SimulatedTasks tasks, String name, MemoryStore memory) {
        return new MortalStore(process, (CopyingBlobStore) tasks.store(name, memory, process::call), memory);
    }

    @Override
    public void copy(BlobKey from, BlobKey to) throws IOException {
        stepping.copy(from, to);
    }

    @Override
    public Set<String> unfinished(KeyPrefix prefix) throws IOException {
        process.call(this + " unfinished");
        return memory.unfinished(prefix);
    }

    @Override
    public void endUnfinished(String write) throws IOException {
        process.call(this + " end " + write);
        memory.endUnfinished(write);
        process.call(this + " ended " + write);
    }
}
