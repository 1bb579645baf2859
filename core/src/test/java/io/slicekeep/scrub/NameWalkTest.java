package io.slicekeep.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.site.Site;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NameWalkTest {
    private static final String FOLDER = "n/0/";

    @Test
    @Timeout(60)
    void aSiteThatListsForeverIsLeftOut() throws IOException {
        List<Site> sites = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            BlobStore store = new MemoryStore();
            for (String name : List.of("a", "b/c", "b/c+d", "b")) {
                store.create(BlobKey.of(FOLDER + "h/" + name + "!1")).commit();
            }
            sites.add(new Site(i, "s" + i, i == 1 ? new Hanging(store) : store));
        }
        try (ExecutorTasks tasks = ExecutorTasks.create()) {
            NameWalk walk = new NameWalk(sites, tasks, Duration.ofMillis(200), FOLDER, "");
            List<String> names = new ArrayList<>();
            for (ShownName shown = walk.next(); shown != null; shown = walk.next()) {
                names.add(shown.name().value());
            }
            assertThat(names).containsExactly("a", "b", "b/c", "b/c+d");
            assertThat(walk.failures()).containsOnlyKeys(1);
            assertThat(walk.failures().get(1)).hasMessageContaining("no answer within");
        }
    }

    /** A store whose listings come to no end. */
    private record Hanging(BlobStore below) implements BlobStore {
        @Override
        public BlobSink create(BlobKey key) throws IOException {
            return below.create(key);
        }

        @Override
        public BlobSource open(BlobKey key) throws IOException {
            return below.open(key);
        }

        @Override
        public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
            try {
                new CountDownLatch(1).await();
                return below.list(prefix, after, limit);
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted");
            }
        }

        @Override
        public void delete(BlobKey key) throws IOException {
            below.delete(key);
        }

        @Override
        public void close() throws IOException {
            below.close();
        }
    }
}
