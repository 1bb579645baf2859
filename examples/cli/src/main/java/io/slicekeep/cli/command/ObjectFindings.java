package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.cli.ui.Json;
import io.slicekeep.cli.ui.Shell;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a command finds that goes through many objects: a line for each that is not whole, as it is found, and a summary; or
 * all of it as one JSON object, whose first field {@code findings} is an array of them. Thread-safe.
 */
final class ObjectFindings implements AutoCloseable {
    private final Shell shell;
    private final @Nullable JsonGenerator out;

    private ObjectFindings(Shell shell, @Nullable JsonGenerator out) {
        this.shell = shell;
        this.out = out;
    }

    static ObjectFindings start(Shell shell, boolean json) throws IOException {
        if (!json) {
            return new ObjectFindings(shell, null);
        }
        JsonGenerator out = Json.document(shell);
        out.writeStartObject();
        out.writeArrayFieldStart("findings");
        return new ObjectFindings(shell, out);
    }

    /**
     * An object that is not whole.
     *
     * @param name as text
     * @param jsonName writes the fields of the name
     * @param wholeSlices how many slices are whole
     * @param mended what was mended by site, and why
     * @param bad what is still bad by site, and why
     */
    record Finding(
            String name, JsonPart jsonName, int wholeSlices, Map<String, String> mended, Map<String, String> bad) {}

    /** Tells of an object; {@code whole} says in words how many slices are. */
    synchronized void add(Finding finding, String whole) throws IOException {
        if (out == null) {
            String text = finding.name() + ": " + whole;
            text += finding.mended().isEmpty() ? "" : "; mended: " + reasons(finding.mended());
            text += finding.bad().isEmpty() ? "" : "; bad: " + reasons(finding.bad());
            shell.print(text);
        } else {
            out.writeStartObject();
            finding.jsonName().write(out);
            out.writeNumberField("wholeSlices", finding.wholeSlices());
            writeTexts(out, "mended", finding.mended());
            writeTexts(out, "bad", finding.bad());
            out.writeEndObject();
        }
    }

    /** Ends with a summary. */
    synchronized void end(Runnable text, JsonPart json) throws IOException {
        if (out == null) {
            text.run();
        } else {
            out.writeEndArray();
            json.write(out);
            out.writeEndObject();
        }
    }

    /** Ends the JSON. */
    @Override
    public synchronized void close() throws IOException {
        if (out != null) {
            out.close();
            shell.print("");
        }
    }

    static void writeTexts(JsonGenerator out, String field, Map<String, String> texts) throws IOException {
        out.writeObjectFieldStart(field);
        for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
            out.writeStringField(text.getKey(), text.getValue());
        }
        out.writeEndObject();
    }

    /** Writes counts in the order of the map. */
    static void writeCounts(JsonGenerator out, String field, Map<?, Long> counts) throws IOException {
        out.writeObjectFieldStart(field);
        for (Map.Entry<?, Long> count : counts.entrySet()) {
            out.writeNumberField(count.getKey().toString(), count.getValue());
        }
        out.writeEndObject();
    }

    private static String reasons(Map<String, String> sites) {
        return new TreeMap<>(sites)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining("; "));
    }

    /** A part of the JSON. */
    interface JsonPart {
        void write(JsonGenerator out) throws IOException;
    }
}
