/**
 * Secrets with a lifetime, the slots that wrap them, and the SPI of what wraps: {@link io.slicekeep.key.KeyProvider}.
 */
package io.slicekeep.key;
