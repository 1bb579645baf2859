/** The codes and the sliced blobs that {@link io.slicekeep.dispersal} declares: what an embedder constructs. */
package io.slicekeep.erasure;
