package io.slicekeep.cli.ui;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Sizes {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Sizes() {}

    /**
     * Returns an amount of bytes in three digits or so.
     *
     * @param bytes at least 0
     * @return such as {@code 1.5 MiB}
     */
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        String format = unit == 0 ? "%.0f %s" : value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s";
        return String.format(Locale.ROOT, format, value, UNITS[unit]);
    }

    /**
     * Returns a rate.
     *
     * @param bytes how many
     * @param nanos in what time
     * @return such as {@code 230 MiB/s}
     */
    public static String rate(long bytes, long nanos) {
        return bytes((long) (bytes / (Math.max(1, nanos) / 1e9))) + "/s";
    }

    /**
     * Returns a duration.
     *
     * @param nanos at least 0
     * @return such as {@code 3.2 s}, {@code 4:05} or {@code 1:04:05}
     */
    public static String time(long nanos) {
        Duration time = Duration.ofNanos(nanos);
        if (time.toMinutes() == 0) {
            return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
        }
        String tail = String.format(Locale.ROOT, "%02d", time.toSecondsPart());
        return time.toHours() == 0
                ? time.toMinutes() + ":" + tail
                : time.toHours() + ":" + String.format(Locale.ROOT, "%02d", time.toMinutesPart()) + ":" + tail;
    }

    /**
     * Returns a count and its noun.
     *
     * @param count at least 0
     * @param noun in the singular
     * @return such as {@code 1 file} or {@code 12 files}
     */
    public static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
