/** Short sequences of operations, all of them, and a process that stops at each of their store calls in turn. */
package io.slicekeep.testkit.crash;
