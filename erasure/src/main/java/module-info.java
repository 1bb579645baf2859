/** Slicekeep erasure: Reed-Solomon codes and blobs sliced over n sites. */
@org.jspecify.annotations.NullMarked
module io.slicekeep.erasure {
    requires transitive io.slicekeep.core;
    requires static org.jspecify;

    exports io.slicekeep.erasure;
}
