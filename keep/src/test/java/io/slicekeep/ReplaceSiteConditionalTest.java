package io.slicekeep;

import io.slicekeep.object.NamespaceMode;
import java.util.Collection;

/** Sites of a keep are replaced whose heads are registers. */
class ReplaceSiteConditionalTest extends ReplaceSiteTest {
    @Override
    NamespaceMode mode() {
        return NamespaceMode.CONDITIONAL;
    }

    @Override
    Collection<String> sliced() {
        return stored.keySet();
    }
}
