/** Slicekeep: seal, slice and disperse. The facade that most embedders add. */
@org.jspecify.annotations.NullMarked
module io.slicekeep {
    requires static transitive org.jspecify;
    requires transitive io.slicekeep.core;
    requires transitive io.slicekeep.kms.local;
    requires io.slicekeep.erasure;
    requires java.management;
    requires jdk.management;
    requires org.tomlj;

    exports io.slicekeep;
}
