/**
 * Key providers that need no server: {@link io.slicekeep.kms.local.LocalKeystore}, a file of wrapping keys, and
 * {@link io.slicekeep.kms.local.PassphraseProvider}.
 */
package io.slicekeep.kms.local;
