package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.Keep;
import io.slicekeep.KeepDescription.SiteState;
import io.slicekeep.cli.tree.KeepPath;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Json;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.ObjectHealth;
import io.slicekeep.object.ObjectStore.ObjectInfo;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "stat",
        description = {
            "Show all that is known of an object: length, times, checksums, metadata, and how many of its slices are whole.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  slicekeep stat -k my.keep /photos/cat.jpg",
            "  slicekeep stat -k my.keep --deep --json /photos/cat.jpg"
        })
final class StatCommand extends BaseCommand {
    @Mixin
    KeepAccess access = new KeepAccess();

    @Option(names = "--deep", description = "Read every slice instead of believing the sites' listings.")
    boolean deep;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Parameters(paramLabel = "NAME", description = "An object; a folder's name ends with a slash.")
    String name = "";

    StatCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        KeepPath place = KeepPath.parse(name);
        try (Keep keep = access.open(shell)) {
            ObjectHealth health = keep.objects().inspect(place.object(), deep ? Depth.DEEP : Depth.LIGHT);
            List<SiteState> sites = keep.description().sites();
            if (json) {
                printJson(health, sites);
            } else {
                print(health, sites);
            }
        }
        return ExitCode.OK;
    }

    private void print(ObjectHealth health, List<SiteState> sites) {
        ObjectInfo info = health.info();
        shell.print("Name:      " + KeepPath.show(info.name()));
        shell.print("Length:    " + info.lengthBytes() + " bytes");
        shell.print("Modified:  " + info.modified());
        shell.print("CRC32C:    " + crc32c(info));
        info.sha256().ifPresent(sha256 -> shell.print("SHA-256:   " + sha256));
        new TreeMap<>(info.metadata())
                .forEach((key, value) ->
                        shell.print("Metadata:  " + io.slicekeep.cli.ui.Printable.text(key + " = " + value)));
        shell.print("ETag:      " + info.etag() + (info.proven() ? "" : " (may be stale: too few sites answer)"));
        shell.print("Stored:    " + kind(health) + ", " + redundancy(health, sites.size()));
        for (SiteState site : sites) {
            shell.print("  " + site.name() + ": " + health.bad().getOrDefault(site.name(), "whole"));
        }
        if (health.oldRevisions() > 0) {
            shell.print("Space:     " + health.oldRevisions()
                    + " older or unfinished writes of this name still take space");
        }
    }

    private static String redundancy(ObjectHealth health, int siteCount) {
        int spare = health.goodSlices() - health.neededSlices();
        return health.goodSlices() + " of " + siteCount + " slices whole, " + health.neededSlices() + " needed: "
                + (spare < 0 ? "cannot be read" : spare == 0 ? "no more may be lost" : spare + " more may be lost");
    }

    private static String kind(ObjectHealth health) {
        return health.kind().name().toLowerCase(Locale.ROOT);
    }

    private static String crc32c(ObjectInfo info) {
        return String.format(Locale.ROOT, "%08x", info.crc32c());
    }

    private void printJson(ObjectHealth health, List<SiteState> sites) throws IOException {
        ObjectInfo info = health.info();
        try (JsonGenerator out = Json.document(shell)) {
            out.writeStartObject();
            JsonNames.write(out, info.name());
            out.writeNumberField("bytes", info.lengthBytes());
            out.writeStringField("modified", info.modified().toString());
            out.writeStringField("crc32c", crc32c(info));
            if (info.sha256().isPresent()) {
                out.writeStringField("sha256", info.sha256().get());
            }
            out.writeObjectFieldStart("metadata");
            for (Map.Entry<String, String> entry : new TreeMap<>(info.metadata()).entrySet()) {
                out.writeStringField(entry.getKey(), entry.getValue());
            }
            out.writeEndObject();
            out.writeStringField("etag", info.etag());
            out.writeBooleanField("proven", info.proven());
            out.writeStringField("kind", kind(health));
            writeRedundancy(out, health, sites);
            out.writeEndObject();
        }
        shell.print("");
    }

    private static void writeRedundancy(JsonGenerator out, ObjectHealth health, List<SiteState> sites)
            throws IOException {
        out.writeNumberField("goodSlices", health.goodSlices());
        out.writeNumberField("neededSlices", health.neededSlices());
        out.writeNumberField("sites", sites.size());
        out.writeNumberField("oldRevisions", health.oldRevisions());
        out.writeObjectFieldStart("bad");
        for (Map.Entry<String, String> entry : new TreeMap<>(health.bad()).entrySet()) {
            out.writeStringField(entry.getKey(), entry.getValue());
        }
        out.writeEndObject();
    }
}
