package io.slicekeep.simulate;

import io.slicekeep.object.NamespaceMode;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the command was asked for. Immutable. */
final class Options {
    private static final String HELP = "--help";
    private static final Set<String> FLAGS = Set.of("--planted", "--conditional");
    private static final Set<String> VALUES =
            Set.of("--seeds", "--seed", "--threads", "--explain", "--crashes", "--only", "--sources", "--tests");

    private final Map<String, String> given;

    private Options(Map<String, String> given) {
        this.given = Map.copyOf(given);
    }

    static Options parse(List<String> args) {
        Map<String, String> given = new HashMap<>();
        for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            if (FLAGS.contains(option)) {
                given.put(option, "");
            } else if (VALUES.contains(option) && rest.hasNext()) {
                given.put(option, rest.next());
            } else {
                return new Options(Map.of(HELP, ""));
            }
        }
        return new Options(given);
    }

    /** Tells whether to print the usage only. */
    boolean help() {
        return given.containsKey(HELP);
    }

    /** Tells whether to look for planted bugs. */
    boolean planted() {
        return given.containsKey("--planted");
    }

    /** Tells whether to print all that happens in one seed. */
    boolean explain() {
        return given.containsKey("--explain");
    }

    /** Returns the mode of the namespaces that are used. */
    NamespaceMode mode() {
        return given.containsKey("--conditional") ? NamespaceMode.CONDITIONAL : NamespaceMode.LWW;
    }

    /** Returns how long sequences to crash in; 0 for none. */
    int crashes() {
        return Integer.parseInt(given.getOrDefault("--crashes", "0"));
    }

    /** Returns the first seed, or the one to explain. */
    long seed() {
        return Long.parseLong(given.getOrDefault("--explain", given.getOrDefault("--seed", "0")));
    }

    /** Returns how many seeds. */
    long seeds() {
        return Long.parseLong(given.getOrDefault("--seeds", "1000"));
    }

    /** Returns how many at a time. */
    int threads() {
        String threads = given.get("--threads");
        return threads == null ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(threads);
    }

    /** Returns which planted bugs, separated by commas; empty for all. */
    String only() {
        return given.getOrDefault("--only", "");
    }

    /** Returns where the project's sources lie. */
    String sources() {
        return given.getOrDefault("--sources", ".");
    }

    /** Returns the class path of the project's tests; empty where none is needed. */
    String tests() {
        return given.getOrDefault("--tests", "");
    }
}
