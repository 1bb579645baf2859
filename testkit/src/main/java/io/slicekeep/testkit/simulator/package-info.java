/**
 * The simulator: the production code over simulated sites, network, clocks and randomness, one task at a time, all decided by one
 * seed, and a model that tells whether anything acknowledged was lost, wrong or came back.
 */
package io.slicekeep.testkit.simulator;
