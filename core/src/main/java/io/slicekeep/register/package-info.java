/**
 * Registers: small named values that are changed one after the other, each change exactly once, by consensus among sites or by
 * one store that decides races (docs/PROTOCOLS.md 9, docs/FORMAT.md 11). Internal.
 */
package io.slicekeep.register;
