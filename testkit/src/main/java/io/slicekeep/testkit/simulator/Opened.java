package io.slicekeep.testkit.simulator;

import io.slicekeep.dispersal.Layouts;
import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.register.Registers;

/**
 * What one process has opened. The keys of registers and members outlive it, since what is slow goes on behind.
 *
 * @param process which process
 * @param layouts where data lies
 * @param namespaceId the namespace of the objects, in hex
 * @param objects the objects
 * @param registers the registers beside them
 */
record Opened(
        SimulatedProcess process, Layouts layouts, String namespaceId, NamespaceObjects objects, Registers registers)
        implements AutoCloseable {
    @Override
    public void close() {
        objects.close();
    }
}
