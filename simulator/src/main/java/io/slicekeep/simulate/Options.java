package io.slicekeep.simulate;

import io.slicekeep.object.NamespaceMode;
import java.util.Iterator;
import java.util.List;

/**
 * What the command was asked for. Immutable.
 *
 * @param help whether to print the usage only
 * @param planted whether to look for planted bugs
 * @param explain whether to print all that happens in one seed
 * @param mode of the namespaces that are used
 * @param crashes how long sequences to crash in; 0 for none
 * @param seed the first seed
 * @param seeds how many
 * @param threads how many at a time
 * @param only which planted bug; empty for all
 * @param sources where the project's sources lie
 */
record Options(
        boolean help,
        boolean planted,
        boolean explain,
        NamespaceMode mode,
        int crashes,
        long seed,
        long seeds,
        int threads,
        String only,
        String sources) {
    private static final Options DEFAULT = new Options(
            false,
            false,
            false,
            NamespaceMode.LWW,
            0,
            0,
            1000,
            Runtime.getRuntime().availableProcessors(),
            "",
            ".");
    private static final Options HELP = new Options(true, false, false, NamespaceMode.LWW, 0, 0, 0, 1, "", ".");

    static Options parse(List<String> args) {
        Options options = DEFAULT;
        for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            if (option.equals("--planted")) {
                options = options.ofPlanted();
            } else if (option.equals("--conditional")) {
                options = options.ofConditional();
            } else if (rest.hasNext()) {
                options = options.with(option, rest.next());
            } else {
                return HELP;
            }
        }
        return options;
    }

    private Options ofPlanted() {
        return new Options(help, true, explain, mode, crashes, seed, seeds, threads, only, sources);
    }

    private Options ofConditional() {
        return new Options(
                help, planted, explain, NamespaceMode.CONDITIONAL, crashes, seed, seeds, threads, only, sources);
    }

    private Options with(String option, String value) {
        return switch (option) {
            case "--seeds" ->
                new Options(help, planted, explain, mode, crashes, seed, Long.parseLong(value), threads, only, sources);
            case "--seed" ->
                new Options(
                        help, planted, explain, mode, crashes, Long.parseLong(value), seeds, threads, only, sources);
            case "--explain" ->
                new Options(help, planted, true, mode, crashes, Long.parseLong(value), seeds, threads, only, sources);
            case "--crashes" ->
                new Options(help, planted, explain, mode, Integer.parseInt(value), seed, seeds, threads, only, sources);
            case "--threads" ->
                new Options(help, planted, explain, mode, crashes, seed, seeds, Integer.parseInt(value), only, sources);
            case "--only" -> new Options(help, planted, explain, mode, crashes, seed, seeds, threads, value, sources);
            case "--sources" -> new Options(help, planted, explain, mode, crashes, seed, seeds, threads, only, value);
            default -> HELP;
        };
    }
}
