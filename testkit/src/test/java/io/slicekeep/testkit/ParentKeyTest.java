package io.slicekeep.testkit;

import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyProvider;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.ParentKey;
import io.slicekeep.task.RandomSource;

class ParentKeyTest extends KeyProviderContract {
    private final OpenSecret parent = OpenSecret.random(KeyContext.KEEP, RandomSource.secure());
    private final OpenSecret stranger = OpenSecret.random(KeyContext.KEEP, RandomSource.secure());

    @Override
    protected KeyProvider create() {
        return ParentKey.of(parent);
    }

    @Override
    protected KeyProvider createStranger() {
        return ParentKey.of(stranger);
    }
}
