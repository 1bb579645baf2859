package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.KeepDescription;
import io.slicekeep.KeepDescription.SiteReplacementState;
import io.slicekeep.KeepDescription.SiteState;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.TextTable;
import io.slicekeep.dispersal.Departure;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Shows how the sites of a keep stand. */
final class SiteStates {
    private SiteStates() {}

    static void print(Shell shell, KeepDescription keep) {
        TextTable table = new TextTable("rlll", "index", "site", "directory", "state");
        for (SiteState site : keep.sites()) {
            table.row(site.index(), site.name(), site.directory(), state(site));
        }
        table.print(shell);
        keep.replacement()
                .ifPresent(coming -> shell.print("Site " + coming.site() + " is being replaced by " + coming.directory()
                        + ": unless a process is at it, run 'slicekeep site replace " + options(coming) + coming.site()
                        + " " + coming.directory() + "' to finish it."));
    }

    static void write(JsonGenerator out, KeepDescription keep) throws IOException {
        out.writeArrayFieldStart("sites");
        for (SiteState site : keep.sites()) {
            writeSite(out, site);
        }
        out.writeEndArray();
        Optional<SiteReplacementState> replacement = keep.replacement();
        if (replacement.isPresent()) {
            SiteReplacementState coming = replacement.get();
            out.writeObjectFieldStart("replacement");
            out.writeStringField("site", coming.site());
            out.writeStringField("directory", coming.directory().toString());
            out.writeStringField("departure", coming.departure().name().toLowerCase(Locale.ROOT));
            out.writeEndObject();
        }
    }

    private static String options(SiteReplacementState coming) {
        return coming.departure() == Departure.LOST ? "--lost " : "";
    }

    private static String state(SiteState site) {
        return site.away().map(reason -> "away: " + reason).or(site::note).orElse("there");
    }

    private static void writeSite(JsonGenerator out, SiteState site) throws IOException {
        out.writeStartObject();
        out.writeNumberField("index", site.index());
        out.writeStringField("name", site.name());
        out.writeStringField("directory", site.directory().toString());
        out.writeBooleanField("there", site.away().isEmpty());
        if (site.away().isPresent()) {
            out.writeStringField("away", site.away().get());
        }
        if (site.note().isPresent()) {
            out.writeStringField("note", site.note().get());
        }
        out.writeEndObject();
    }
}
