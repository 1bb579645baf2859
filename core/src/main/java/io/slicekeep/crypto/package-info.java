/**
 * Small cryptographic primitives over the JDK's own providers: key derivation and key wrapping. Internal: exported only to
 * the modules that need it.
 */
package io.slicekeep.crypto;
