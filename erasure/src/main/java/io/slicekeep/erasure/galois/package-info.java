/** Reed-Solomon in plain Java: the field, its matrices, and a code that is the reference for all others. */
package io.slicekeep.erasure.galois;
