package io.slicekeep.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemFileLayerTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FileLayer files = FileLayer.system();

    @TempDir
    private Path folder;

    @Test
    void aLockThatCannotBeHadHoldsUpNoOther() throws Exception {
        Path taken = folder.resolve("taken");
        try (FileChannel stranger = FileChannel.open(taken, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            stranger.lock();
            CompletableFuture.runAsync(
                            () -> assertThatThrownBy(() -> files.lock(taken)).isInstanceOf(IOException.class))
                    .get(LONG.toSeconds(), TimeUnit.SECONDS);
            CompletableFuture.runAsync(this::lockAnother).get(LONG.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private void lockAnother() {
        try {
            files.lock(folder.resolve("free")).close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
