package io.slicekeep.acceptance;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;

/** What holds between the packages of all modules. */
final class ArchitectureRules {
    /** The facade and the programs, which wire things together. */
    private static final String[] WIRING = {"io.slicekeep", "io.slicekeep.cli..", "io.slicekeep.jmh.."};

    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.(**)").should().beFreeOfCycles();

    static final ArchRule NOBODY_IMPORTS_THE_FACADE = noClasses()
            .that()
            .resideOutsideOfPackages(WIRING)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.slicekeep");

    static final ArchRule PRODUCTION_DOES_NOT_KNOW_THE_TESTKIT = noClasses()
            .that()
            .resideOutsideOfPackage("io.slicekeep.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.slicekeep.testkit..");

    /**
     * All that core and erasure may take from java.util.concurrent without {@code Tasks}: what neither starts a thread nor
     * waits for one, but for short locks.
     */
    private static final String HARMLESS = "java\\.util\\.concurrent\\.(Callable|Executor|TimeUnit"
            + "|Concurrent\\w+|CopyOnWrite\\w+|atomic\\..+|locks\\.(Lock|Reentrant\\w*Lock.*|StampedLock))";

    static final ArchRule ONLY_TASKS_START_OR_AWAIT_THREADS = noClasses()
            .that(resideInAPackage("io.slicekeep..")
                    .and(not(resideInAnyPackage(WIRING)))
                    .and(not(resideInAnyPackage("io.slicekeep.task", "io.slicekeep.kms..", "io.slicekeep.testkit.."))))
            .should()
            .dependOnClassesThat(resideInAPackage("java.util.concurrent..").and(not(nameMatching(HARMLESS))));

    static final ArchRule THE_TASK_PACKAGE_STANDS_ALONE = classes()
            .that()
            .resideInAPackage("io.slicekeep.task")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.slicekeep.task", "io.slicekeep.error", "java..", "org.jspecify..");

    private ArchitectureRules() {}
}
