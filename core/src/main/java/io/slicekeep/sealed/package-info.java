/**
 * Sealed blobs: encrypted, authenticated and bound to their keys, their place and their context, readable at random.
 * {@link io.slicekeep.sealed.Sealed} is where to begin; {@link io.slicekeep.sealed.BlobSealer} and
 * {@link io.slicekeep.sealed.SealedSource#open} are for those who keep data secrets themselves.
 */
package io.slicekeep.sealed;
