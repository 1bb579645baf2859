package io.slicekeep;

import io.slicekeep.object.NamespaceMode;

class ChangeSitesConditionalTest extends ChangeSitesTest {
    @Override
    NamespaceMode mode() {
        return NamespaceMode.CONDITIONAL;
    }
}
