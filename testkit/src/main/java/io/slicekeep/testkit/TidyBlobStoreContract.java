package io.slicekeep.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slicekeep.blob.BlobSink;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.TidyBlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
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
        assertThat(tidy().unfinished(KeyPrefix.ALL)).isEmpty();
        try (BlobSink aborted = store().create(key("b"))) {
            assertThat(tidy().unfinished(KeyPrefix.ALL)).hasSize(1);
            put("a", bytes(1, 100));
            assertThat(tidy().unfinished(KeyPrefix.ALL)).hasSize(1);
            aborted.write(ByteBuffer.wrap(bytes(2, 100)));
        }
        assertThat(tidy().unfinished(KeyPrefix.ALL)).isEmpty();
        assertThat(list()).containsExactly("a");
    }

    @Test
    void aWriteThatWasEndedCannotBeCommitted() throws Exception {
        put("a");
        try (BlobSink ended = store().create(key("b"));
                BlobSink other = store().create(key("c"))) {
            ended.write(ByteBuffer.wrap(bytes(1, 100)));
            Set<String> both = tidy().unfinished(KeyPrefix.ALL);
            other.commit();
            for (String name : both) {
                tidy().endUnfinished(name);
            }
            assertThatThrownBy(ended::commit).isInstanceOf(IOException.class);
        }
        assertThat(tidy().unfinished(KeyPrefix.ALL)).isEmpty();
        assertThat(list()).containsExactly("a", "c");
    }

    /** Whoever ends the writes of some keys must not end others'. */
    @Test
    void writesAreToldByTheirKeys() throws Exception {
        String longest = "x".repeat(240);
        try (BlobSink plain = store().create(key("a/h/b!1"));
                BlobSink nested = store().create(key("a/h/.b/c"));
                BlobSink other = store().create(key("a/b/b!1"));
                BlobSink cut = store().create(key(longest + "/h/b"))) {
            assertThat(tidy().unfinished(KeyPrefix.ALL)).hasSize(4);
            assertThat(tidy().unfinished(new KeyPrefix("a/h/"))).hasSize(2);
            assertThat(tidy().unfinished(new KeyPrefix("a/h/.b/"))).hasSize(1);
            assertThat(tidy().unfinished(new KeyPrefix("a/b/b!1"))).hasSize(1);
            assertThat(tidy().unfinished(new KeyPrefix("a/b/b!2"))).isEmpty();
            assertThat(tidy().unfinished(new KeyPrefix("h"))).isEmpty();
            assertThat(tidy().unfinished(new KeyPrefix(longest + "/h/"))).hasSize(1);
            tidy().unfinished(new KeyPrefix("a/h/")).forEach(this::end);
            other.commit();
            cut.commit();
            assertThatThrownBy(plain::commit).isInstanceOf(IOException.class);
            assertThatThrownBy(nested::commit).isInstanceOf(IOException.class);
        }
    }

    private void end(String write) {
        try {
            tidy().endUnfinished(write);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsGoneMayBeEndedAgain() throws Exception {
        try (BlobSink sink = store().create(key("a"))) {
            String name = tidy().unfinished(KeyPrefix.ALL).iterator().next();
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
        assertClosed(() -> store.unfinished(KeyPrefix.ALL));
        assertClosed(() -> store.endUnfinished("write-1"));
    }
}
