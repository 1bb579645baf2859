package io.slicekeep.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class GuardedSinkTest {
    private boolean published;

    @Test
    void whatRanOutOfMemoryMidwayIsNeverCommitted() throws IOException {
        ByteBuffer src = ByteBuffer.allocate(10);
        try (GuardedSink sink = new ForgetfulSink()) {
            assertThatThrownBy(() -> sink.write(src)).isInstanceOf(OutOfMemoryError.class);
            assertThat(src.position()).isZero();
            assertThatThrownBy(() -> sink.write(new ByteBuffer[] {src}, 1)).isInstanceOf(IOException.class);
            assertThatThrownBy(sink::commit).isInstanceOf(IOException.class);
        }
        assertThat(published).isFalse();
    }

    /** Runs out of memory once, as a file channel does that finds no room for its copy of a heap buffer. */
    private final class ForgetfulSink extends GuardedSink {
        private boolean failed;

        @Override
        void append(ByteBuffer src) {
            src.position(src.limit() / 2);
            if (!failed) {
                failed = true;
                throw new OutOfMemoryError("no room");
            }
            src.position(src.limit());
        }

        @Override
        void publish() {
            published = true;
        }

        @Override
        void release() {}
    }
}
