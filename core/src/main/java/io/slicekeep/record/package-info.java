/**
 * Records: named values kept as immutable revisions on a quorum of sites, with their key and byte formats
 * (docs/FORMAT.md 6 and 7) and the rules by which the newest is found and written (docs/PROTOCOLS.md). Internal.
 */
package io.slicekeep.record;
