/** Slicekeep core: the storage seam, chunked encryption, keys, records and objects, on the JDK alone. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // the modules that internal packages are exported to are compiled after this one
module io.slicekeep.core {
    requires static transitive org.jspecify;

    exports io.slicekeep.blob;
    exports io.slicekeep.chunk to
            io.slicekeep.testkit;
    exports io.slicekeep.crypto to
            io.slicekeep.kms.local,
            io.slicekeep.testkit;
    exports io.slicekeep.dispersal;
    exports io.slicekeep.error;
    exports io.slicekeep.format.v1 to
            io.slicekeep.testkit;
    exports io.slicekeep.key;
    exports io.slicekeep.membership to
            io.slicekeep,
            io.slicekeep.testkit;
    exports io.slicekeep.object;
    exports io.slicekeep.probe;
    exports io.slicekeep.record to
            io.slicekeep,
            io.slicekeep.testkit;
    exports io.slicekeep.register to
            io.slicekeep.testkit;
    exports io.slicekeep.scrub;
    exports io.slicekeep.sealed;
    exports io.slicekeep.site;
    exports io.slicekeep.store;
    exports io.slicekeep.task;
}
