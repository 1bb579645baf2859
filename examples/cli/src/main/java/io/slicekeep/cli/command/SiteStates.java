package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.KeepDescription;
import io.slicekeep.KeepDescription.ChangeState;
import io.slicekeep.KeepDescription.SiteState;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.Sizes;
import io.slicekeep.cli.ui.TextTable;
import io.slicekeep.probe.Capabilities;
import io.slicekeep.probe.Capabilities.Promise;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Shows how the sites of a keep stand. */
final class SiteStates {
    private SiteStates() {}

    static void print(Shell shell, KeepDescription keep) {
        TextTable table = new TextTable("rllll", "slice", "site", "directory", "store", "state");
        for (SiteState site : keep.sites()) {
            String store = site.capabilities()
                    .map(SiteStates::words)
                    .orElse(site.away().isEmpty() ? "not probed" : "");
            table.row(site.slice(), site.name(), site.directory(), store, state(site));
        }
        table.print(shell);
        keep.change()
                .ifPresent(change -> shell.print(change.what() + ": unless a process is at it, run 'slicekeep "
                        + change.command() + "' to finish it."));
    }

    static void write(JsonGenerator out, KeepDescription keep) throws IOException {
        out.writeArrayFieldStart("sites");
        for (SiteState site : keep.sites()) {
            writeSite(out, site);
        }
        out.writeEndArray();
        if (keep.change().isPresent()) {
            writeChange(out, keep.change().get());
        }
    }

    private static void writeChange(JsonGenerator out, ChangeState change) throws IOException {
        out.writeObjectFieldStart("change");
        out.writeStringField("kind", change.kind().name().toLowerCase(Locale.ROOT));
        out.writeStringField("profile", change.profile().toString());
        if (change.site().isPresent()) {
            out.writeStringField("site", change.site().get());
        }
        if (change.directory().isPresent()) {
            out.writeStringField("directory", change.directory().get().toString());
        }
        if (change.departure().isPresent()) {
            out.writeStringField("departure", change.departure().get().name().toLowerCase(Locale.ROOT));
        }
        out.writeEndObject();
    }

    /** Says in few words what a store was found to be. */
    static String words(Capabilities found) {
        String day = LocalDate.ofInstant(Instant.EPOCH.plus(found.probedMicros(), ChronoUnit.MICROS), ZoneOffset.UTC)
                .toString();
        String promises =
                found.sound() ? "sound" : "breaks " + Sizes.count(found.broken().size(), "promise");
        String races = switch (found.races()) {
            case NOT_OFFERED -> "";
            case UNPROVEN -> ", races unproven";
            case PROVEN -> ", decides races";
            case BROKEN -> ", does not decide races";
        };
        return promises + races + " (" + day + ")";
    }

    private static void writeCapabilities(JsonGenerator out, Capabilities found) throws IOException {
        out.writeObjectFieldStart("store");
        out.writeStringField(
                "probed",
                Instant.EPOCH.plus(found.probedMicros(), ChronoUnit.MICROS).toString());
        out.writeBooleanField("sound", found.sound());
        out.writeArrayFieldStart("broken");
        for (Promise promise : found.broken().keySet()) {
            out.writeString(promise.name().toLowerCase(Locale.ROOT));
        }
        out.writeEndArray();
        out.writeNumberField("longestKeyBytes", found.longestKeyBytes());
        out.writeStringField("races", found.races().name().toLowerCase(Locale.ROOT));
        out.writeNumberField("raceRounds", found.raceRounds());
        out.writeEndObject();
    }

    private static String state(SiteState site) {
        return site.away().map(reason -> "away: " + reason).or(site::note).orElse("there");
    }

    private static void writeSite(JsonGenerator out, SiteState site) throws IOException {
        out.writeStartObject();
        out.writeNumberField("slice", site.slice());
        out.writeStringField("name", site.name());
        out.writeStringField("directory", site.directory().toString());
        out.writeBooleanField("there", site.away().isEmpty());
        if (site.away().isPresent()) {
            out.writeStringField("away", site.away().get());
        }
        if (site.note().isPresent()) {
            out.writeStringField("note", site.note().get());
        }
        if (site.capabilities().isPresent()) {
            writeCapabilities(out, site.capabilities().get());
        }
        out.writeEndObject();
    }
}
