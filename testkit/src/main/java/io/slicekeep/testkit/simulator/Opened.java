package io.slicekeep.testkit.simulator;

import io.slicekeep.object.NamespaceObjects;
import io.slicekeep.register.Registers;

/**
 * What one process has opened. The keys of registers outlive them, since what is slow goes on behind.
 *
 * @param objects the objects
 * @param registers the registers beside them
 */
record Opened(NamespaceObjects objects, Registers registers) implements AutoCloseable {
    @Override
    public void close() {
        objects.close();
    }
}
