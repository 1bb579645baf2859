package io.slicekeep.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobId;
import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.dispersal.CellSlab;
import io.slicekeep.dispersal.ErasureCode;
import io.slicekeep.dispersal.Layout;
import io.slicekeep.dispersal.Layouts;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.key.KeyPurpose;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.site.Site;
import io.slicekeep.store.MemoryStore;
import io.slicekeep.task.ExecutorTasks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of a fetch that is torn off. Two sites that hold the head of one object. */
class CopiesTest {
    private static final Revision REVISION = new Revision(5, new WriterId(1, 2), 0);

    private final RecordFormat format = TestNamespace.format(1);
    private final EncodedName name = format.names().encode("n".getBytes(StandardCharsets.UTF_8));
    private final Hints hints = new Hints(RecordKind.SLICED, 2, 0, 9, 0, 0);
    private final BlobKey key = format.key(name, REVISION, 7, hints);
    private final List<MemoryStore> stores = List.of(new MemoryStore(), new MemoryStore());
    private final Views views = new Views(List.of());

    @Test
    void aFetchThatBreaksOffHoldsNoSecret() throws IOException {
        RecordSet records = records();
        for (int site = 0; site < 2; site++) {
            put(records, site, key);
            views.add(new SiteView(site, List.of(new ListedRecord(key, name, REVISION, hints)), Set.of(), true));
        }
        Copies whole = copies();
        fetch(whole);
        assertThat(secret(whole).derive(KeyPurpose.DATA).unsafeBytes()).hasSize(32);
        stores.get(1).close(); // From now on it throws what no caller expects.
        Copies torn = copies();
        assertThatThrownBy(() -> fetch(torn)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> secret(torn).derive(KeyPurpose.DATA)).hasMessage("closed");
    }

    @Test
    void aCopyThatIsSpreadOtherwiseThanItsKeySaysIsRefused() throws IOException {
        for (Hints wrong :
                List.of(new Hints(RecordKind.SLICED, 3, 0, 9, 0, 0), new Hints(RecordKind.SLICED, 2, 1, 9, 0, 0))) {
            ListedRecord listed = new ListedRecord(format.key(name, REVISION, 7, wrong), name, REVISION, wrong);
            put(records(), 0, listed.key());
            assertThatThrownBy(() -> new CopyReader(realm(), Extent.WHOLE).read(sites().get(0), List.of(listed)))
                    .isInstanceOf(IntegrityException.class)
                    .hasMessageContaining("another record stands under the key");
        }
    }

    private Copies copies() {
        return new Copies(realm(), new Copies.Order(REVISION, 2, Extent.WHOLE), new Caught());
    }

    private void fetch(Copies copies) throws IOException {
        copies.fetch(List.of(0, 1), views, realm().means().tasks().deadline(Timing.DEFAULT.deadline()));
    }

    private static OpenSecret secret(Copies copies) {
        return Objects.requireNonNull(copies.opened()).secret();
    }

    /** Planted bug 12, by another layout: W sites of the old one are not those of the new one. */
    @Test
    void aRevisionIsNotedOnlyWhileTheLayoutHoldsUnderWhichItIsFinal() {
        Layout newer = new Layout(Profile.of(2, 0), sites(), 2);
        new Notes(Layouts.fixed(newer)).put(realm(), name, REVISION, List.of(0, 1));
        assertThat(notes()).isZero();
        realm().notes().put(realm(), name, REVISION, List.of(0, 1));
        assertThat(notes()).isOne();
    }

    private long notes() {
        return stores.stream()
                .filter(store -> store.list(KeyPrefix.ALL, null, 10).keys().contains(format.note(name, REVISION)))
                .count();
    }

    private List<Site> sites() {
        return List.of(new Site(0, "a", stores.get(0)), new Site(1, "b", stores.get(1)));
    }

    private Realm realm() {
        Layout layout = new Layout(Profile.of(2, 0), sites(), 1);
        Means means = new Means(ExecutorTasks.on(Runnable::run), TestNamespace.random(1), Timing.DEFAULT);
        return new Realm(
                layout,
                format,
                new InlineCodes((dataCells, parityCells) -> new Striping()),
                means,
                new Notes(Layouts.fixed(layout)));
    }

    private RecordSet records() {
        BlobId id = BlobId.of(new byte[16]);
        try (OpenSecret secret = RecordFormat.drawSecret(id, TestNamespace.random(2))) {
            Metadata metadata = new Metadata(9, 0, 0, Optional.empty(), Bytes.of(new byte[] {'n'}), List.of());
            CommonPart common = new CommonPart(
                    name,
                    REVISION,
                    new Placement(0, 2, 1),
                    new Content.Sliced(new SealedBlob(id, Bytes.of(new byte[32]), 1 << 30)),
                    format.sealMetadata(secret, name, REVISION, metadata));
            return format.seal(common, format.wrap(secret), List.of());
        }
    }

    private void put(RecordSet records, int site, BlobKey at) throws IOException {
        try (BlobSink sink = stores.get(site).create(at)) {
            sink.write(records.buffers(site), 3);
            sink.commit();
        }
    }

    /** The code of two data cells and no parity. */
    private static final class Striping implements ErasureCode {
        @Override
        public int dataCells() {
            return 2;
        }

        @Override
        public int parityCells() {
            return 0;
        }

        @Override
        public int matrixId() {
            return CAUCHY_11D;
        }

        @Override
        public void encode(CellSlab slab, int cellBytes) {}

        @Override
        public void rebuild(CellSlab slab, int cellBytes, BitSet present, BitSet wanted) {
            throw new IllegalArgumentException("nothing can be missing: wanted=" + wanted);
        }
    }
}
