package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.slicekeep.Keep;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.erasure.ErasureCodes;
import io.slicekeep.kms.local.LocalKeystore;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.slicekeep");

    @Test
    void everyModuleIsLookedAt() {
        assertThat(PRODUCTION.contain(BlobStore.class)).isTrue();
        assertThat(PRODUCTION.contain(Keep.class)).isTrue();
        assertThat(PRODUCTION.contain(ErasureCodes.class)).isTrue();
        assertThat(PRODUCTION.contain(LocalKeystore.class)).isTrue();
        assertThat(PRODUCTION.contain("io.slicekeep.testkit.BlobStoreContract")).isTrue();
        assertThat(PRODUCTION.contain("io.slicekeep.cli.Main")).isTrue();
        assertThat(PRODUCTION.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    void packagesHaveNoCycles() {
        ArchitectureRules.PACKAGES_HAVE_NO_CYCLES.check(PRODUCTION);
    }

    @Test
    void nobodyImportsTheFacade() {
        ArchitectureRules.NOBODY_IMPORTS_THE_FACADE.check(PRODUCTION);
    }

    @Test
    void productionDoesNotKnowTheTestkit() {
        ArchitectureRules.PRODUCTION_DOES_NOT_KNOW_THE_TESTKIT.check(PRODUCTION);
    }

    @Test
    void onlyTasksStartOrAwaitThreads() {
        ArchitectureRules.ONLY_TASKS_START_OR_AWAIT_THREADS.check(PRODUCTION);
    }

    @Test
    void theTaskPackageStandsAlone() {
        ArchitectureRules.THE_TASK_PACKAGE_STANDS_ALONE.check(PRODUCTION);
    }
}
