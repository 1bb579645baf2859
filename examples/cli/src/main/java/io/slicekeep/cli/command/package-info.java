/** The commands, one class each. */
package io.slicekeep.cli.command;
