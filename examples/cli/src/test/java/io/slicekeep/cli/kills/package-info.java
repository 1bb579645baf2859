/** The command, killed in the middle of what it does, again and again. */
package io.slicekeep.cli.kills;
