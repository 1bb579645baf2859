/** What a command says and how: streams, exit codes, errors, progress, passphrases, JSON. */
package io.slicekeep.cli.ui;
