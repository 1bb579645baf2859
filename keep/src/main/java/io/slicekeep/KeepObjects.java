package io.slicekeep;

import io.slicekeep.dispersal.Dispersal;
import io.slicekeep.erasure.SlicedDispersal;
import io.slicekeep.error.FormatException;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.membership.Configuration;
import io.slicekeep.membership.Membership;
import io.slicekeep.membership.NamespaceEntry;
import io.slicekeep.object.Facilities;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.util.HexFormat;

/** Wires the objects of a keep together from its members, an erasure code and tasks. */
final class KeepObjects {
    private KeepObjects() {}

    /** Opens the default namespace. */
    static NamespaceObjects open(Membership membership, Tasks tasks, KeepOptions options) throws IOException {
        NamespaceEntry namespace = membership
                .configuration()
                .namespace(Configuration.DEFAULT_NAMESPACE)
                .orElseThrow(() -> new FormatException(
                        FormatException.Kind.TOO_NEW,
                        "the keep has no namespace " + Configuration.DEFAULT_NAMESPACE + ", which this release opens"));
        return open(membership, namespace, tasks, options);
    }

    /** Opens a namespace. */
    static NamespaceObjects open(Membership membership, NamespaceEntry namespace, Tasks tasks, KeepOptions options)
            throws IOException {
        Dispersal dispersal = new SlicedDispersal(tasks, options.timing().patience());
        Facilities facilities = new Facilities(dispersal, tasks, options.random(), options.timing());
        byte[] id = HexFormat.of().parseHex(namespace.id());
        try (OpenSecret secret = membership.namespaceSecret(namespace)) {
            return switch (namespace.mode()) {
                case LWW -> NamespaceObjects.open(membership, id, secret, facilities);
                case CONDITIONAL -> NamespaceObjects.openConditional(membership, id, secret, facilities);
            };
        }
    }
}
