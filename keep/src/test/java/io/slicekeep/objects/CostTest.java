package io.slicekeep.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.CopyingBlobStore;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.ObjectPage;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.object.ObjectStore.Sink;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import io.slicekeep.task.RandomSource;
import io.slicekeep.testkit.ForwardingStore;
import io.slicekeep.testkit.HookedStore.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What operations ask of the sites, and what they need not. */
class CostTest {
    private static final Profile SIX = Profile.of(4, 2);

    @Test
    void listingOpensNoHeadButThoseOfLongNamesInTheDirectoryAndThoseOnce() throws IOException {
        try (Sites sites = new Sites(SIX)) {
            for (int i = 0; i < 20; i++) {
                sites.put(ObjectName.of("dir/" + i), Sites.bytes(10, i));
            }
            for (int i = 0; i < 5; i++) {
                sites.put(ObjectName.of("elsewhere/" + i + "x".repeat(100)), Sites.bytes(10, i));
            }
            long before = sites.count(Call.OPEN);
            assertThat(list(sites.objects(), "dir/").entries()).hasSize(20);
            assertThat(sites.count(Call.OPEN) - before).isZero();
            assertThat(list(sites.objects(), "elsewhere/").entries()).hasSize(5);
            assertThat(list(sites.objects(), "").entries()).hasSize(25);
            assertThat(sites.count(Call.OPEN) - before).isEqualTo(5);
        }
    }

    @Test
    void aSmallObjectIsOneBlobAtEachSite() throws IOException {
        try (Sites sites = new Sites(SIX)) {
            sites.put(ObjectName.of("small"), Sites.bytes(4096, 1));
            for (int site = 0; site < 6; site++) {
                assertThat(sites.keys(site, "h/")).hasSize(1);
                assertThat(sites.keys(site, "b/")).isEmpty();
            }
        }
    }

    /** Planted bug 20: a page merged past a site that has more. Each site gives pages of its own length. */
    @Test
    void aListingMissesNoNameWhateverThePagesOfItsSites() throws IOException {
        List<ForwardingStore> sites = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            sites.add(new ShortPages(new MemoryStore(), 1 + 2 * i));
        }
        try (ExecutorTasks tasks = ExecutorTasks.on(Runnable::run);
                NamespaceObjects objects = new World(SIX, sites).open(tasks, RandomSource.secure(), Timing.DEFAULT)) {
            for (int i = 0; i < 60; i++) {
                ShortPages missing = (ShortPages) sites.get(i % 6);
                missing.refusing = true;
                put(objects, ObjectName.of("d" + i % 3 + "/" + i), 10);
                missing.refusing = false;
            }
            assertThat(list(objects, "").entries()).hasSize(60);
            assertThat(list(objects, "d1/").entries()).hasSize(20);
        }
    }

    @Test
    void noByteOfALargeObjectTravelsWhenSitesCopyByThemselves() throws IOException {
        List<CountingDisk> disks = Stream.generate(CountingDisk::new).limit(6).toList();
        ObjectName from = ObjectName.of("from");
        ObjectName to = ObjectName.of("dir/to");
        try (ExecutorTasks tasks = ExecutorTasks.on(Runnable::run);
                NamespaceObjects objects = new World(SIX, disks).open(tasks, RandomSource.secure(), Timing.DEFAULT)) {
            put(objects, from, 3_000_000);
            objects.copy(from, to);
            assertThat(disks).allMatch(disk -> disk.copies == 1);
            assertThat(disks).allMatch(disk -> disk.slicesOpened == 0);
            objects.delete(from);
            assertThat(objects.head(to, Freshness.PROVEN).lengthBytes()).isEqualTo(3_000_000);
            assertThat(objects.inspect(to, ObjectStore.Depth.DEEP).bad()).isEmpty();
        }
    }

    @Test
    void shreddingNamesTheCopiesThatHaveTheSameDataKey() throws IOException {
        List<CountingDisk> disks = Stream.generate(CountingDisk::new).limit(6).toList();
        ObjectName large = ObjectName.of("large");
        ObjectName small = ObjectName.of("small");
        ObjectName copy = ObjectName.of("dir/" + "long".repeat(60));
        try (ExecutorTasks tasks = ExecutorTasks.on(Runnable::run);
                NamespaceObjects objects = new World(SIX, disks).open(tasks, RandomSource.secure(), Timing.DEFAULT)) {
            put(objects, large, 3_000_000);
            put(objects, ObjectName.of("the same bytes under another key"), 3_000_000);
            put(objects, small, 10);
            objects.copy(large, copy);
            objects.copy(small, ObjectName.of("dir/small"));
            assertThat(objects.shred(small).sharing()).isEmpty();
            assertThat(objects.shred(large).sharing()).containsExactly(copy);
            objects.copy(copy, ObjectName.of("again"));
            assertThat(objects.shred(copy).sharing()).containsExactly(ObjectName.of("again"));
            assertThat(objects.shred(large).sharing()).containsExactly(ObjectName.of("again"));
        }
    }

    @Test
    void aCopyThatTooFewSitesCanMakeTravels() throws IOException {
        List<CountingDisk> disks = Stream.generate(CountingDisk::new).limit(6).toList();
        ObjectName from = ObjectName.of("from");
        ObjectName to = ObjectName.of("dir/to");
        try (ExecutorTasks tasks = ExecutorTasks.on(Runnable::run);
                NamespaceObjects objects = new World(SIX, disks).open(tasks, RandomSource.secure(), Timing.DEFAULT)) {
            put(objects, from, 3_000_000);
            disks.get(1).refusing = true;
            disks.get(4).refusing = true;
            objects.copy(from, to);
            assertThat(objects.inspect(to, ObjectStore.Depth.DEEP).bad()).isEmpty();
        }
    }

    private static ObjectPage list(ObjectStore objects, String prefix) throws IOException {
        ObjectName named = prefix.isEmpty() ? null : ObjectName.of(prefix);
        return objects.list(new ListQuery(named, false, null, 1000, Freshness.PROVEN));
    }

    private static void put(ObjectStore objects, ObjectName name, int length) throws IOException {
        try (Sink sink = objects.create(name, PutOptions.NONE)) {
            sink.write(ByteBuffer.wrap(Sites.bytes(length, 1)));
            sink.commit();
        }
    }

    /** A store that lists few keys at a time, and now and then takes nothing. */
    private static final class ShortPages extends ForwardingStore {
        private final int pageKeys;
        private boolean refusing;

        ShortPages(BlobStore below, int pageKeys) {
            super(below);
            this.pageKeys = pageKeys;
        }

        @Override
        public BlobSink create(BlobKey key) throws IOException {
            if (refusing) {
                throw new UnavailableException("read-only");
            }
            return super.create(key);
        }

        @Override
        public Listing list(KeyPrefix prefix, @Nullable BlobKey after, int limit) throws IOException {
            return super.list(prefix, after, Math.min(limit, pageKeys));
        }
    }

    /** A disk that counts what it copies and which slices are opened. */
    private static final class CountingDisk extends ForwardingStore implements CopyingBlobStore {
        private final MemoryStore disk;
        private int copies;
        private int slicesOpened;
        private boolean refusing;

        CountingDisk() {
            this(new MemoryStore());
        }

        private CountingDisk(MemoryStore disk) {
            super(disk);
            this.disk = disk;
        }

        @Override
        public BlobSource open(BlobKey key) throws IOException {
            slicesOpened += key.value().contains("/b/") ? 1 : 0;
            return super.open(key);
        }

        @Override
        public void copy(BlobKey from, BlobKey to) throws IOException {
            if (refusing) {
                throw new UnavailableException("no room");
            }
            disk.copy(from, to);
            copies++;
        }
    }
}
