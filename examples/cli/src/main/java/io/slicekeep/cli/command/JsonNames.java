package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.object.ObjectName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Names in JSON: text, and for a name that is none also its bytes. */
final class JsonNames {
    private JsonNames() {}

    static void write(JsonGenerator out, ObjectName name) throws IOException {
        out.writeStringField("name", "/" + name);
        byte[] bytes = name.bytes();
        if (!Arrays.equals(bytes, name.toString().getBytes(StandardCharsets.UTF_8))) {
            out.writeStringField("nameHex", HexFormat.of().formatHex(bytes));
        }
    }
}
