package org.example.embedder;

import io.slicekeep.Keep;
import io.slicekeep.KeepSpec;
import io.slicekeep.SitePath;
import io.slicekeep.blob.BlobSource;
import io.slicekeep.dispersal.Profile;
import io.slicekeep.key.KeyRing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Seals, slices and disperses a file, and reads a part of it. */
final class PutAndGet {
    private PutAndGet() {}

    static ByteBuffer run(Path keepFile, List<SitePath> sites, KeyRing keys, Path catPicture) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        // README: put and get in a keep
        try (Keep keep = Keep.create(keepFile, new KeepSpec(Profile.parse("4+2"), sites), keys)) {
            keep.put("photos/cat.jpg", catPicture);
        }
        try (Keep keep = Keep.open(keepFile, keys);
                BlobSource cat = keep.get("photos/cat.jpg")) {
            cat.readAt(1_000_000, buffer);
        }
        // README
        return buffer;
    }
}
