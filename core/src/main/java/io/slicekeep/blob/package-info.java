/**
 * The storage vocabulary and the one seam of Slicekeep: {@link io.slicekeep.blob.BlobStore}. Every back end implements it
 * and every layer is written against it.
 */
package io.slicekeep.blob;
