/**
 * Who belongs to a keep: the identities of its sites, its wrapped keys and its configuration, as blobs at every site
 * (docs/FORMAT.md section 8), and the rules by which they are believed. Internal: the facade opens keeps through it.
 */
package io.slicekeep.membership;
