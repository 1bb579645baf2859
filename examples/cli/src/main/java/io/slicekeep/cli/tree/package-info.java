/** File trees: how they go into a keep and come out of it. */
package io.slicekeep.cli.tree;
