/**
 * Small cryptographic primitives over the JDK's own providers: key derivation, key wrapping, AES-SIV. Internal: exported
 * only to the modules that need it.
 */
package io.slicekeep.crypto;
