package io.slicekeep.record;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Words for why a site did not do its part. */
public final class Reasons {
    private Reasons() {}

    /**
     * Words a failure.
     *
     * @param failure what happened, or null if nothing has yet
     * @return one line
     */
    public static String of(@Nullable IOException failure) {
        if (failure == null) {
            return "has not answered yet";
        }
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    /**
     * Joins reasons.
     *
     * @param reasons names of sites to reasons
     * @return one line
     */
    public static String joined(Map<String, String> reasons) {
        return reasons.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("; "));
    }
}
