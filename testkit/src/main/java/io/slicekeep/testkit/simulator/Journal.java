package io.slicekeep.testkit.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** All that happened in a run: a fingerprint always, the words only if wanted. Confined to one thread at a time. */
final class Journal {
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private final boolean wordy;
    private final List<String> lines = new ArrayList<>();
    private long fingerprint;

    Journal(boolean wordy) {
        this.wordy = wordy;
    }

    /** Notes something that a number identifies; the words are asked for only if they are kept. */
    void note(long nowNanos, long what, Supplier<String> words) {
        mix(nowNanos);
        mix(what);
        if (wordy) {
            lines.add(String.format(Locale.ROOT, "%14.6f ms  %s", nowNanos / 1e6, words.get()));
        }
    }

    long fingerprint() {
        return fingerprint;
    }

    List<String> lines() {
        return lines;
    }

    /** Returns what tells one key from another: its folder, the ends of its name, revision and slice. */
    static String abbreviated(String key) {
        String[] parts = key.split("!", 3);
        int name = parts[0].lastIndexOf('/');
        String folder = parts[0].startsWith("r/") ? "r/" : parts[0].contains("/b/") ? "b/" : "h/";
        StringBuilder text = new StringBuilder(folder).append(last(parts[0].substring(name + 1), 6));
        if (parts.length > 1 && !parts[1].isEmpty()) {
            text.append('!').append(last(parts[1], 12));
        }
        return text.toString();
    }

    private static String last(String text, int count) {
        return text.substring(Math.max(0, text.length() - count));
    }

    private void mix(long value) {
        fingerprint = (Long.rotateLeft(fingerprint, 23) ^ value) * PRIME;
        fingerprint ^= fingerprint >>> 29;
    }
}
