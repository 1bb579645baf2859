package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Revision;
import io.slicekeep.record.WriterId;
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

    /** Returns the versions of a name that stand somewhere and that its head does not name now. */
    Set<Revision> seen(EncodedName name) throws IOException {
        Set<Revision> versions = StandingSlices.of(namespace, name).versions();
        return versions.isEmpty()
                ? versions
                : without(head(namespace.register(name).read()), versions);
    }

    /** Returns the keys of versions that were unreached D ago and will never be named again. */
    Map<Integer, List<BlobKey>> gone(EncodedName name, Set<Revision> seenBefore) throws IOException {
        State fenced =
                namespace.register(name).update(current -> Optional.empty()).state();
        return StandingSlices.of(namespace, name).of(without(head(fenced), seenBefore));
    }

    private static Optional<WriterId> head(State state) throws IOException {
        return HeadValue.parse(state).filter(value -> !value.isTombstone()).map(HeadValue::writer);
    }

    private static Set<Revision> without(Optional<WriterId> head, Set<Revision> versions) {
        return versions.stream()
                .filter(version -> !head.equals(Optional.of(version.writer())))
                .collect(Collectors.toSet());
    }
}
