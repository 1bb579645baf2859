package io.slicekeep;

import com.sun.management.UnixOperatingSystemMXBean;
import io.slicekeep.erasure.ErasureCodes;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** What a keep runs on. */
final class MachineCheck {
    /** Each of 255 sites may be read and written by several operations at a time; a few sites need a few hundred. */
    private static final long FEW_DESCRIPTORS = 512;

    private static final String MACHINE = "machine";

    private MachineCheck() {}

    static List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        String release = Keep.class.getPackage().getImplementationVersion();
        findings.add(Finding.ok(
                MACHINE,
                "versions",
                "Slicekeep " + (release == null ? "(unpackaged)" : release) + ", Java "
                        + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch")));
        findings.add(Finding.ok(MACHINE, "code", "Reed-Solomon in " + ErasureCodes.implementation()));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            findings.add(descriptors(system.getOpenFileDescriptorCount(), system.getMaxFileDescriptorCount()));
        }
        return findings;
    }

    static Finding descriptors(long open, long most) {
        String message = open + " of " + most + " file descriptors are open";
        return most - open < FEW_DESCRIPTORS
                ? Finding.warning(MACHINE, "descriptors", message, "raise the limit: ulimit -n 4096")
                : Finding.ok(MACHINE, "descriptors", message);
    }
}
