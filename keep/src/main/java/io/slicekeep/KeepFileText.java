package io.slicekeep;

import io.slicekeep.key.KeyUri;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes keep files so that they explain themselves. */
final class KeepFileText {
    private KeepFileText() {}

    static String of(KeepFile file) {
        String sites = file.sites().stream().map(KeepFileText::siteLine).collect(Collectors.joining("\n"));
        return String.format(
                Locale.ROOT, """
                # A Slicekeep keep: where its sites are, and which keys open it. Nothing here is secret.
                # Keep a copy. If all copies are lost, "slicekeep adopt" rebuilds this file from the sites.

                version = %d

                # Which keep this is. It is derived from the keep's secret, so a false one is noticed. Do not change it.
                id = "%s"

                # The keys that may open it. No other key is asked, whatever the sites say.
                %s

                # The newest configuration seen. Sites that only know an older one are refused.
                %s

                # The sites, by name: a directory each. When a disk moves, change its path here; the order does not matter.
                # A relative path starts at the directory of this file.
                [sites]
                %s
                """, KeepFile.VERSION, file.id(), keysLine(file.keys()), epochLine(file.epoch()), sites);
    }

    static String keysLine(List<KeyUri> keys) {
        return "keys = " + keys.stream().map(key -> quoted(key.value())).collect(Collectors.joining(", ", "[", "]"));
    }

    static String epochLine(long epoch) {
        return "epoch = " + epoch;
    }

    static String siteLine(KeepFile.SiteLine site) {
        return site.name() + " = " + quoted(site.path());
    }

    /** Returns a basic string of TOML 1.0. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                quoted.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
