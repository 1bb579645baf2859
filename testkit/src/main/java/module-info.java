/**
 * Slicekeep testkit: contract tests for each seam, hostile stores, deterministic tasks and test vectors, so that others can
 * test stores and providers of their own.
 */
@org.jspecify.annotations.NullMarked
open module io.slicekeep.testkit {
    requires static transitive org.jspecify;
    requires transitive io.slicekeep.core;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;

    exports io.slicekeep.testkit;
    exports io.slicekeep.testkit.crash;
    exports io.slicekeep.testkit.simulator;
}
