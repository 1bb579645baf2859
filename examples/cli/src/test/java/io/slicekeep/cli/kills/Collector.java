package io.slicekeep.cli.kills;

import io.slicekeep.Keep;
import io.slicekeep.KeepOptions;
import io.slicekeep.dispersal.Patience;
import io.slicekeep.dispersal.Timing;
import io.slicekeep.key.KeyRing;
import io.slicekeep.kms.local.LocalKeystore;
import java.nio.file.Path;
import java.time.Duration;

/** Collects garbage as {@code slicekeep gc} does, but with deadlines that a test can wait for: nobody else is at work then. */
final class Collector {
    private static final Timing HASTY = new Timing(Duration.ofSeconds(2), Patience.DEFAULT);

    private Collector() {}

    public static void main(String[] args) throws Exception {
        try (KeyRing keys = KeyRing.of(LocalKeystore.open(Path.of(args[1])).provider("k"));
                Keep keep = Keep.open(Path.of(args[0]), keys, KeepOptions.DEFAULT.withTiming(HASTY))) {
            keep.objects().collectGarbage((duration, names) -> {});
        }
    }
}
