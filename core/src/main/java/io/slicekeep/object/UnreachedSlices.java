package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.PlacedBlob;
import io.slicekeep.register.State;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The slices of a name that its head does not name, found twice (docs/PROTOCOLS.md 12). A write names its slices within D of
 * their becoming visible, or never: it looks at the time where its register's next value is made. So what was unreached D ago,
 * and is so after the register was decided once more, will never be named; and whoever reads it has had D.
 */
final class UnreachedSlices {
    private final RegisterNamespace namespace;

    UnreachedSlices(RegisterNamespace namespace) {
        this.namespace = namespace;
    }

    /** Returns the blobs of a name that stand somewhere and that its head does not name now. */
    Set<PlacedBlob> seen(EncodedName name) throws IOException {
        Set<PlacedBlob> blobs = StandingSlices.of(namespace, name).blobs();
        return blobs.isEmpty() ? blobs : without(head(namespace.register(name).read()), blobs);
    }

    /** Returns the keys of blobs that were unreached D ago and will never be named again. */
    Map<Integer, List<BlobKey>> gone(EncodedName name, Set<PlacedBlob> seenBefore) throws IOException {
        State fenced =
                namespace.register(name).update(current -> Optional.empty()).state();
        return StandingSlices.of(namespace, name).of(without(head(fenced), seenBefore));
    }

    private static Optional<HeadValue> head(State state) throws IOException {
        return HeadValue.parse(state).filter(value -> !value.isTombstone());
    }

    private static Set<PlacedBlob> without(Optional<HeadValue> head, Set<PlacedBlob> blobs) {
        return blobs.stream()
                .filter(blob -> head.filter(value -> value.names(blob)).isEmpty())
                .collect(Collectors.toSet());
    }
}
