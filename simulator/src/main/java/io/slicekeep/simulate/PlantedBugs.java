package io.slicekeep.simulate;

import io.slicekeep.object.NamespaceMode;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Plants bugs, one at a time: compiles the class with the mistake, puts it before the class path of a class loader that
 * shares nothing with ours but the JDK, and lets the simulator run there until it sees the bug; or a test, which must fail, and
 * must pass without it.
 */
final class PlantedBugs {
    private final Path project;
    private final String tests;

    /** Takes the project and the class path of its tests. */
    PlantedBugs(Path project, String tests) {
        this.project = project;
        this.tests = tests;
    }

    /** Looks for bugs and prints the table of docs/RELIABILITY.md. Returns 0 if all were found. */
    int search(String only, long firstSeed, long seeds, PrintStream out) throws IOException {
        int missed = 0;
        out.println("| bug | what | seeds needed | seed | promise broken |");
        out.println("|---|---|---|---|---|");
        for (PlantedBug bug : only.isEmpty() ? Catalogue.shown() : Catalogue.all()) {
            if (only.isEmpty() || List.of(only.split(",")).contains(bug.number())) {
                String found = find(bug, firstSeed, seeds);
                missed += found.isEmpty() ? 1 : 0;
                out.println("| " + bug.number() + " | " + bug.words() + " | "
                        + (found.isEmpty() ? "not found in " + seeds + " | |" : found) + " |");
            }
        }
        return missed == 0 ? 0 : 1;
    }

    /** Returns how many seeds it took, which one showed the bug, and how; or the test that did; empty if none did. */
    String find(PlantedBug bug, long firstSeed, long seeds) throws IOException {
        Path classes = Files.createTempDirectory("planted");
        try {
            if (!bug.test().isEmpty() && failures(bug.test(), classes) > 0) {
                throw new IllegalStateException("it fails without any bug: " + bug.test());
            }
            compile(bug, classes);
            if (!bug.test().isEmpty()) {
                return failures(bug.test(), classes) == 0 ? "" : "- | - | `" + simple(bug.test()) + '`';
            }
            try (URLClassLoader loader = loader(classes, ourClassPath())) {
                return find(loader, bug.mode(), firstSeed, seeds);
            }
        } finally {
            delete(classes);
        }
    }

    /** Returns the name of a test as people write it. */
    private static String simple(String test) {
        return test.substring(test.lastIndexOf('.') + 1).replace('#', '.');
    }

    private static String find(ClassLoader loader, NamespaceMode mode, long firstSeed, long seeds) {
        try {
            Object search = loader.loadClass(PlantedSearch.class.getName())
                    .getConstructor(String.class)
                    .newInstance(mode.name());
            long found = ((LongBinaryOperator) search).applyAsLong(firstSeed, seeds);
            return found < 0 ? "" : (found - firstSeed + 1) + " | " + found + " | " + search;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the simulator does not run beside itself", e);
        }
    }

    /** Runs a test where some classes stand before all others. Returns how many of its runs failed. */
    private long failures(String test, Path classes) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader ours = thread.getContextClassLoader();
        try (URLClassLoader loader = loader(classes, tests)) {
            thread.setContextClassLoader(loader);
            @SuppressWarnings("unchecked") // It is one, made by the loader of our tests.
            ToLongFunction<String> run = (ToLongFunction<String>) loader.loadClass("io.slicekeep.simulate.PlantedTest")
                    .getConstructor()
                    .newInstance();
            long failed = run.applyAsLong(test);
            if (failed < 0) {
                throw new IllegalStateException("no such test: " + test);
            }
            return failed;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the class path of the tests must be given: ./simulate does", e);
        } finally {
            thread.setContextClassLoader(ours);
        }
    }

    private void compile(PlantedBug bug, Path classes) throws IOException {
        Path source = Files.createDirectories(classes.resolve("source"))
                .resolve(Path.of(bug.source()).getFileName());
        Files.writeString(source, bug.plantedIn(project));
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        List.of(
                                        "-nowarn",
                                        "-proc:none",
                                        "-implicit:none",
                                        "-cp",
                                        ourClassPath(),
                                        "-d",
                                        classes.toString(),
                                        source.toString())
                                .toArray(new String[0]));
        if (status != 0) {
            throw new IllegalStateException("planted bug " + bug.number() + " does not compile");
        }
    }

    private static String ourClassPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static URLClassLoader loader(Path first, String rest) throws IOException {
        List<URL> urls = new ArrayList<>();
        urls.add(first.toUri().toURL());
        for (String entry : rest.split(File.pathSeparator, -1)) {
            urls.add(url(entry));
        }
        return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) throws MalformedURLException {
        return Path.of(entry).toUri().toURL();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
