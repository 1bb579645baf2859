/**
 * The body of sealed blobs, Cobblestone-256 of c2sp.org/chunked-encryption: chunks of 16 KiB, sealed one by one with
 * AES-256-GCM under keys that commit to themselves. Internal; {@code io.slicekeep.sealed} puts headers and key slots before
 * it.
 */
package io.slicekeep.chunk;
