package io.slicekeep.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule is broken by a small set of classes compiled for it, and kept by another. */
class ArchitectureRulesTest {
    @TempDir
    private Path folder;

    @Test
    void aCycleOfPackagesIsFound() throws IOException {
        assertBroken(
                ArchitectureRules.PACKAGES_HAVE_NO_CYCLES,
                "package io.slicekeep.blob; public class A { io.slicekeep.crypto.B b; }",
                "package io.slicekeep.crypto; public class B { io.slicekeep.blob.A a; }");
    }

    @Test
    void packagesInARowAreNoCycle() throws IOException {
        assertKept(
                ArchitectureRules.PACKAGES_HAVE_NO_CYCLES,
                "package io.slicekeep.blob; public class A { io.slicekeep.crypto.B b; }",
                "package io.slicekeep.crypto; public class B {}");
    }

    @Test
    void aUserOfTheFacadeIsFound() throws IOException {
        assertBroken(
                ArchitectureRules.NOBODY_IMPORTS_THE_FACADE,
                "package io.slicekeep.erasure; class A { io.slicekeep.Facade f; }",
                "package io.slicekeep; public class Facade {}");
    }

    @Test
    void theCommandMayUseTheFacade() throws IOException {
        assertKept(
                ArchitectureRules.NOBODY_IMPORTS_THE_FACADE,
                "package io.slicekeep.cli.tree; class A { io.slicekeep.Facade f; }",
                "package io.slicekeep.error; class Other {}",
                "package io.slicekeep; public class Facade {}");
    }

    @Test
    void productionThatUsesTheTestkitIsFound() throws IOException {
        assertBroken(
                ArchitectureRules.PRODUCTION_DOES_NOT_KNOW_THE_TESTKIT,
                "package io.slicekeep.store; class A { io.slicekeep.testkit.Fake f; }",
                "package io.slicekeep.testkit; public class Fake {}");
    }

    @Test
    void waitingOutsideTasksIsFound() throws IOException {
        assertBroken(
                ArchitectureRules.ONLY_TASKS_START_OR_AWAIT_THREADS,
                "package io.slicekeep.record; class A { java.util.concurrent.CountDownLatch latch; }");
    }

    @Test
    void anExecutorServiceOutsideTasksIsFound() throws IOException {
        assertBroken(
                ArchitectureRules.ONLY_TASKS_START_OR_AWAIT_THREADS,
                "package io.slicekeep.erasure; class A { java.util.concurrent.ExecutorService pool; }");
    }

    @Test
    void tasksMayWaitAndOthersMayShareMemory() throws IOException {
        assertKept(
                ArchitectureRules.ONLY_TASKS_START_OR_AWAIT_THREADS,
                "package io.slicekeep.task; class A { java.util.concurrent.CountDownLatch latch; }",
                "package io.slicekeep.store; class B { java.util.concurrent.ConcurrentSkipListMap<String, String> map;"
                        + " java.util.concurrent.atomic.AtomicLong count; java.util.concurrent.locks.ReentrantLock lock; }");
    }

    @Test
    void tasksThatKnowStoresAreFound() throws IOException {
        assertBroken(
                ArchitectureRules.THE_TASK_PACKAGE_STANDS_ALONE,
                "package io.slicekeep.task; class A { io.slicekeep.blob.B b; }",
                "package io.slicekeep.blob; public class B {}");
    }

    private void assertBroken(ArchRule rule, String... sources) throws IOException {
        assertThat(rule.evaluate(compile(sources)).hasViolation()).isTrue();
    }

    private void assertKept(ArchRule rule, String... sources) throws IOException {
        assertThat(rule.evaluate(compile(sources)).getFailureReport().getDetails())
                .isEmpty();
    }

    private JavaClasses compile(String... sources) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-implicit:none", "-d", folder.toString()));
        for (String source : sources) {
            arguments.add(write(source).toString());
        }
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0]));
        assertThat(status).as("javac's exit status").isZero();
        return new ClassFileImporter().importPath(folder);
    }

    private Path write(String source) throws IOException {
        String name =
                Stream.of(source.split("class ", 2)[1].split(" ")).findFirst().orElseThrow();
        return Files.writeString(
                Files.createDirectories(folder.resolve("src" + source.hashCode()))
                        .resolve(name + ".java"),
                source);
    }
}
