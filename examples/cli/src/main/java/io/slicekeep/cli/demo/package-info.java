/** The demonstration: loses sites on purpose and shows what is left. */
package io.slicekeep.cli.demo;
