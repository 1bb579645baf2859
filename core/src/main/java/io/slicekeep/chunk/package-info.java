/**
 * Chunks: 16 KiB of plaintext each, sealed one by one with AES-256-GCM under keys that commit to themselves
 * (Cobblestone-256, c2sp.org/chunked-encryption). Internal; {@code io.slicekeep.sealed} makes blobs of them.
 */
package io.slicekeep.chunk;
