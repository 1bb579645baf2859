/**
 * The header of sealed blobs, format version 1 (docs/FORMAT.md section 3). Frozen once released: another version is another
 * package.
 */
package io.slicekeep.format.v1;
