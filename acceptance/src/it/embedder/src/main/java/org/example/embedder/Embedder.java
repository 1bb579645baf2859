package org.example.embedder;

import io.slicekeep.blob.BlobKey;

public final class Embedder {
    private Embedder() {}

    public static void main(String[] args) throws Exception {
        String kind = Embedder.class.getModule().isNamed() ? "module path" : "class path";
        System.out.println("Slicekeep " + BlobKey.class.getModule() + " embedded on the " + kind);
    }
}
