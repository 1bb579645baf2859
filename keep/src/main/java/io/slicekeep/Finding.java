package io.slicekeep;

/**
 * One thing that a {@link Checkup} looked at. Immutable.
 *
 * @param level how bad it is
 * @param subject what it is about: {@code machine}, {@code keep}, or {@code site} and its name
 * @param check what was looked at, in one word
 * @param message what was found
 * @param remedy what to do about it; empty if nothing
 */
public record Finding(Level level, String subject, String check, String message, String remedy) {
    /** How bad it is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** Nothing is at risk now; something should be done soon. */
        WARNING,
        /** Something does not work, or data is at risk. */
        PROBLEM
    }

    static Finding ok(String subject, String check, String message) {
        return new Finding(Level.OK, subject, check, message, "");
    }

    static Finding warning(String subject, String check, String message, String remedy) {
        return new Finding(Level.WARNING, subject, check, message, remedy);
    }

    static Finding problem(String subject, String check, String message, String remedy) {
        return new Finding(Level.PROBLEM, subject, check, message, remedy);
    }

    /** Returns a problem from a message that ends with the remedy, behind a semicolon, as those of this library do. */
    static Finding problem(String subject, String check, String messageAndRemedy) {
        int remedyAt = messageAndRemedy.lastIndexOf("; ");
        return remedyAt < 0
                ? problem(subject, check, messageAndRemedy, "")
                : problem(
                        subject,
                        check,
                        messageAndRemedy.substring(0, remedyAt),
                        messageAndRemedy.substring(remedyAt + 2));
    }
}
