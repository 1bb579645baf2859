package io.slicekeep;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What somebody may have meant who mistyped a word. */
final class Suggestion {
    private static final int MAX_EDITS = 2;

    private Suggestion() {}

    /** Returns {@code ; did you mean "word"?}, or nothing if no word is near. */
    static String clause(String found, Collection<String> words) {
        return nearest(found, words)
                .map(word -> "; did you mean \"" + word + "\"?")
                .orElse("");
    }

    static Optional<String> nearest(String found, Collection<String> words) {
        String lower = found.toLowerCase(Locale.ROOT);
        return words.stream()
                .filter(word -> isNear(lower, word.toLowerCase(Locale.ROOT)))
                .min(Comparator.comparingInt(word -> edits(lower, word.toLowerCase(Locale.ROOT))));
    }

    private static boolean isNear(String found, String word) {
        return edits(found, word) <= Math.min(MAX_EDITS, Math.max(found.length(), word.length()) / 2);
    }

    /** Returns how many characters must be inserted, deleted or replaced (Levenshtein's distance). */
    static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
