package io.slicekeep.acceptance;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What our modules may require: core the JDK only, and those around it core but not each other. */
final class ModuleGraph {
    private static final String CORE = "io.slicekeep.core";
    private static final Pattern AROUND_CORE = Pattern.compile("io\\.slicekeep\\.(erasure|kms\\.\\w+|s3|fuse|testkit)");

    private ModuleGraph() {}

    /**
     * Returns what is wrong.
     *
     * @param modules descriptors of our modules
     * @return one line for each edge that must not be
     */
    static List<String> violations(Collection<ModuleDescriptor> modules) {
        List<String> found = new ArrayList<>();
        for (ModuleDescriptor module : modules) {
            for (Requires edge : module.requires()) {
                if (!allowed(module.name(), edge)) {
                    found.add(module.name() + " must not require " + edge.name());
                }
            }
        }
        return found;
    }

    private static boolean allowed(String module, Requires edge) {
        if (edge.modifiers().contains(Modifier.STATIC) && annotationsOnly(edge.name())) {
            return true;
        }
        if (module.equals(CORE)) {
            return edge.name().equals("java.base");
        }
        if (AROUND_CORE.matcher(module).matches()) {
            return !edge.name().startsWith("io.slicekeep") || edge.name().equals(CORE);
        }
        return true;
    }

    private static boolean annotationsOnly(String module) {
        return Set.of("org.jspecify", "com.google.errorprone.annotations").contains(module);
    }
}
