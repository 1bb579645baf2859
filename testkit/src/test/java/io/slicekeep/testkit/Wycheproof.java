package io.slicekeep.testkit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads the test vectors of the Wycheproof project, which stand beside the testkit's classes as resources. */
final class Wycheproof {
    private Wycheproof() {}

    /**
     * Returns all cases of a file.
     *
     * @param file its name without {@code _test.json}
     */
    public static Stream<Case> cases(String file) {
        JsonObject root = read("wycheproof/" + file + "_test.json");
        List<Case> cases = new ArrayList<>();
        for (JsonElement group : root.getAsJsonArray("testGroups")) {
            for (JsonElement test : group.getAsJsonObject().getAsJsonArray("tests")) {
                cases.add(new Case(group.getAsJsonObject(), test.getAsJsonObject()));
            }
        }
        if (cases.size() != root.get("numberOfTests").getAsInt()) {
            throw new AssertionError(file + " names another number of cases than it has: " + cases.size());
        }
        return cases.stream();
    }

    /** Returns a resource that stands beside the testkit's classes. */
    static JsonObject read(String resource) {
        try (InputStream in = Objects.requireNonNull(Wycheproof.class.getResourceAsStream(resource), resource)) {
            return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One case.
     *
     * @param group the fields that it shares with its neighbours
     * @param test its own fields
     */
    public record Case(JsonObject group, JsonObject test) {
        /** Tells whether an implementation must accept the case. */
        public boolean valid() {
            return text("result").equals("valid");
        }

        /** Tells whether an implementation must reject the case. */
        public boolean invalid() {
            return text("result").equals("invalid");
        }

        /** Tells whether a field is there. */
        public boolean has(String field) {
            return test.has(field);
        }

        /** Tells whether the case carries a flag. */
        public boolean flagged(String flag) {
            return test.getAsJsonArray("flags").contains(new JsonPrimitive(flag));
        }

        /** Returns a text field. */
        public String text(String field) {
            return test.get(field).getAsString();
        }

        /** Returns a number, of the case or of its group. */
        public int number(String field) {
            return (test.has(field) ? test : group).get(field).getAsInt();
        }

        /** Returns a field of hex digits as bytes. */
        public byte[] bytes(String field) {
            return HexFormat.of().parseHex(text(field));
        }

        @Override
        public String toString() {
            return text("tcId") + " " + text("result") + " " + text("comment");
        }
    }
}
