package io.slicekeep.cli.ui;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter.NopIndenter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;

/** Prints JSON for scripts: one document on standard output. */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();

    private Json() {}

    /**
     * Starts an object, for people to read as well.
     *
     * @param shell where to
     * @return a generator, to be closed by the caller
     * @throws IOException if it cannot be written
     */
    public static JsonGenerator document(Shell shell) throws IOException {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        return generator(shell, printer().withObjectIndenter(indenter).withArrayIndenter(indenter));
    }

    /**
     * Starts an array whose elements stand on a line each, so that long ones can be read as they come.
     *
     * @param shell where to
     * @return a generator, to be closed by the caller
     * @throws IOException if it cannot be written
     */
    public static JsonGenerator lines(Shell shell) throws IOException {
        return generator(
                shell,
                printer().withObjectIndenter(new NopIndenter()).withArrayIndenter(new DefaultIndenter("", "\n")));
    }

    private static DefaultPrettyPrinter printer() {
        return new DefaultPrettyPrinter(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withRootSeparator("\n"));
    }

    private static JsonGenerator generator(Shell shell, DefaultPrettyPrinter printer) throws IOException {
        return FACTORY.createGenerator(shell.text()).setPrettyPrinter(printer);
    }
}
