/** Objects: what a user names, puts, gets and lists in a namespace. */
package io.slicekeep.object;
