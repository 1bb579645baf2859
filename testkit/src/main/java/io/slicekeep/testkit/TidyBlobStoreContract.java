package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.TidyBlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link TidyBlobStore} must do, beside all that a store must do. */
public abstract class TidyBlobStoreContract extends BlobStoreFixture {
    /** Creates the contract. */
    protected TidyBlobStoreContract() {}

    @Override
    protected abstract TidyBlobStore newStore() throws IOException;

    private TidyBlobStore tidy() {
        return (TidyBlobStore) store();
    }

    @Test
    void writesAreUnfinishedUntilTheyEnd() throws Exception {
        assertThat(tidy().unfinished()).isEmpty();
        try (BlobSink aborted = store().create(key("b"))) {
            assertThat(tidy().unfinished()).hasSize(1);
            put("a", bytes(1, 100));
            assertThat(tidy().unfinished()).hasSize(1);
            aborted.write(ByteBuffer.wrap(bytes(2, 100)));
        }
        assertThat(tidy().unfinished()).isEmpty();
        assertThat(list()).containsExactly("a");
    }

    @Test
    void aWriteThatWasEndedCannotBeCommitted() throws Exception {
        put("a");
        try (BlobSink ended = store().create(key("b"));
                BlobSink other = store().create(key("c"))) {
            ended.write(ByteBuffer.wrap(bytes(1, 100)));
            Set<String> both = tidy().unfinished();
            other.commit();
            for (String name : both) {
                tidy().endUnfinished(name);
            }
            assertThatThrownBy(ended::commit).isInstanceOf(IOException.class);
        }
        assertThat(tidy().unfinished()).isEmpty();
        assertThat(list()).containsExactly("a", "c");
    }

    @Test
    void whatIsGoneMayBeEndedAgain() throws Exception {
        try (BlobSink sink = store().create(key("a"))) {
            String name = tidy().unfinished().iterator().next();
            sink.commit();
            tidy().endUnfinished(name);
            tidy().endUnfinished(name);
        }
        assertThat(list()).containsExactly("a");
    }

    /** Names come from a store; one that is no name must not reach anything else. */
    @Test
    void namesReachNothingElse() throws Exception {
        put("a");
        for (String name : List.of("", ".", "..", "../a", "/a", "x/../../a")) {
            assertThatIllegalArgumentException().isThrownBy(() -> tidy().endUnfinished(name));
        }
        assertThat(list()).containsExactly("a");
    }

    @Test
    void aClosedStoreRefuses() throws Exception {
        TidyBlobStore store = newStore();
        store.close();
        assertClosed(store::unfinished);
        assertClosed(() -> store.endUnfinished("write-1"));
    }
}
