/** The facade: a {@link io.slicekeep.Keep} wires sites, keys and objects together with safe defaults. */
package io.slicekeep;
