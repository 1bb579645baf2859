package io.slicekeep.simulate;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs a test where a bug is planted. Made by name in a class loader of its own, hence a type of the JDK. */
public final class PlantedTest implements ToLongFunction<String> {
    /** Creates it. */
    public PlantedTest() {}

    /** Takes a test as class#method. Returns how many of its runs failed, or -1 if there are none. */
    @Override
    public long applyAsLong(String test) {
        String[] names = test.split("#", 2);
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(methods(names[0], names[1]))
                                .build(),
                        listener);
        return listener.getSummary().getTestsFoundCount() == 0
                ? -1
                : listener.getSummary().getTotalFailureCount();
    }

    private static List<DiscoverySelector> methods(String className, String name) {
        try {
            Class<?> tests = Class.forName(className);
            List<DiscoverySelector> methods = new ArrayList<>();
            for (Class<?> declaring = tests; declaring != null; declaring = declaring.getSuperclass()) {
                for (Method method : declaring.getDeclaredMethods()) {
                    if (method.getName().equals(name)) {
                        methods.add(selectMethod(tests, method));
                    }
                }
            }
            return methods;
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("no such test: " + className, e);
        }
    }
}
