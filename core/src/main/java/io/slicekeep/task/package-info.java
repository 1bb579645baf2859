/** Forking, waiting, time and randomness, injected everywhere so that a simulator can take their place. */
package io.slicekeep.task;
