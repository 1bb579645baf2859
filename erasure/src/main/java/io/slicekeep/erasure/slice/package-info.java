/**
 * Sliced blobs: where each byte lies, how slices are written and read, and how a blob is put together from any k of them.
 * {@link io.slicekeep.erasure.slice.StripeLayout} has all the arithmetic.
 */
package io.slicekeep.erasure.slice;
