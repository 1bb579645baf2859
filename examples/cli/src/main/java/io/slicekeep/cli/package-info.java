/** The slicekeep command: where it starts. */
package io.slicekeep.cli;
