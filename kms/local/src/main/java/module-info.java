/** Key providers that need no server: a keystore file and a passphrase. */
@org.jspecify.annotations.NullMarked
module io.slicekeep.kms.local {
    requires static transitive org.jspecify;
    requires transitive io.slicekeep.core;
    requires org.bouncycastle.provider;

    exports io.slicekeep.kms.local;
}
