package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModuleGraphTest {
    private static final String CORE = "io.slicekeep.core";

    @Test
    void coreTakesTheJdkAloneAndTheOthersOnlyCore() throws IOException {
        List<ModuleDescriptor> ours = ours();
        assertThat(ours)
                .extracting(ModuleDescriptor::name)
                .contains(
                        CORE,
                        "io.slicekeep.erasure",
                        "io.slicekeep.kms.local",
                        "io.slicekeep",
                        "io.slicekeep.testkit",
                        "io.slicekeep.cli");
        assertThat(ModuleGraph.violations(ours)).isEmpty();
    }

    @Test
    void coreThatTakesALibraryIsFound() {
        assertThat(violations(CORE, "org.bouncycastle.provider"))
                .containsExactly("io.slicekeep.core must not require org.bouncycastle.provider");
    }

    @Test
    void coreThatTakesAnotherJdkModuleIsFound() {
        assertThat(violations(CORE, "java.logging")).hasSize(1);
    }

    @Test
    void modulesThatTakeEachOtherAreFound() {
        assertThat(violations("io.slicekeep.erasure", "io.slicekeep.kms.local"))
                .containsExactly("io.slicekeep.erasure must not require io.slicekeep.kms.local");
        assertThat(violations("io.slicekeep.kms.vault", "io.slicekeep")).hasSize(1);
    }

    @Test
    void whatIsMeantToBeIsAllowed() {
        assertThat(violations(CORE, "java.base")).isEmpty();
        assertThat(violations("io.slicekeep.kms.local", CORE, "org.bouncycastle.provider"))
                .isEmpty();
        assertThat(violations("io.slicekeep", CORE, "io.slicekeep.erasure", "io.slicekeep.kms.local"))
                .isEmpty();
        ModuleDescriptor annotated = ModuleDescriptor.newModule(CORE)
                .requires(Set.of(Modifier.STATIC), "org.jspecify")
                .build();
        assertThat(ModuleGraph.violations(List.of(annotated))).isEmpty();
    }

    private static List<String> violations(String name, String... required) {
        ModuleDescriptor.Builder module = ModuleDescriptor.newModule(name);
        for (String other : required) {
            module.requires(other);
        }
        return ModuleGraph.violations(List.of(module.build()));
    }

    /** The descriptors on the class path, where these tests run outside any module. */
    private static List<ModuleDescriptor> ours() throws IOException {
        List<ModuleDescriptor> found = new ArrayList<>();
        ClassLoader loader = ModuleGraphTest.class.getClassLoader();
        for (URL url : Collections.list(loader.getResources("module-info.class"))) {
            try (InputStream in = url.openStream()) {
                ModuleDescriptor module = ModuleDescriptor.read(in);
                if (module.name().startsWith("io.slicekeep")) {
                    found.add(module);
                }
            }
        }
        return found;
    }
}
