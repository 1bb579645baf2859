package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.object.ObjectStore.Source;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.testkit.ForwardingSink;
import io.slicekeep.testkit.ForwardingStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores whose sinks fail to close after a commit that succeeded: what was committed stands, and must be taken to stand. */
class CloseFailureTest {
    private static final ObjectName NAME = ObjectName.of("photos/cat.jpg");

    @ParameterizedTest
    @ValueSource(ints = {1000, 2_000_000})
    void whatWasCommittedStandsThoughClosingFails(int length) throws IOException {
        try (ExecutorTasks tasks = ExecutorTasks.on(Runnable::run)) {
            World world = new World(
                    Profile.of(4, 2), Stream.generate(Grumbler::new).limit(6).toList());
            NamespaceObjects objects = world.open(tasks);
            try (Sink sink = objects.create(NAME, PutOptions.NONE)) {
                sink.write(ByteBuffer.wrap(Sites.bytes(length, 1)));
                assertThat(sink.commit().missing()).isEmpty();
            }
            ByteBuffer read = ByteBuffer.allocate(length);
            try (Source source = objects.open(NAME, Freshness.PROVEN)) {
                source.readFullyAt(0, read);
            }
            assertThat(read.array()).isEqualTo(Sites.bytes(length, 1));
        }
    }

    private static final class Grumbler extends ForwardingStore {
        Grumbler() {
            super(new MemoryStore());
        }

        @Override
        public BlobSink create(BlobKey key) throws IOException {
            return new ForwardingSink(super.create(key)) {
                @Override
                public void close() throws IOException {
                    super.close();
                    throw new IOException("the connection broke while it was being closed");
                }
            };
        }
    }
}
