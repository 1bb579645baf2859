package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.Keep;
import io.slicekeep.cli.tree.KeepPath;
import io.slicekeep.cli.tree.Lookup;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Json;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.ObjectPage;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "ls",
        description = {
            "List what a keep holds, from its sites' listings alone: no object is opened.",
            "Folders end with a slash.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  slicekeep ls -k my.keep",
            "  slicekeep ls -k my.keep -lR /photos",
            "  slicekeep ls -k my.keep -R /photos --json | jq -r '.[] | select(.bytes > 1e6) | .name'"
        })
final class LsCommand extends BaseCommand {
    private static final int PAGE_ENTRIES = 20_000;

    @Mixin
    KeepAccess access = new KeepAccess();

    @Option(names = "-l", description = "Show length and time too.")
    boolean details;

    @Option(
            names = {"-R", "--recursive"},
            description = "List all that lies below, too.")
    boolean recursive;

    @Option(names = "--json", description = "Print a JSON array, one element per line.")
    boolean json;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "An object or a folder (default: ${DEFAULT-VALUE}).")
    String name = "/";

    LsCommand(Shell shell) {
        super(shell);
    }

    @Override
    ExitCode run() throws IOException {
        KeepPath place = KeepPath.parse(name);
        try (Keep keep = access.open(shell)) {
            Lookup found = Lookup.of(keep.objects(), place, Freshness.POSSIBLY_STALE);
            if (found.object().isEmpty() && !found.folder()) {
                throw new CommandException(ExitCode.NOT_FOUND, "the keep has no " + place);
            }
            if (json) {
                listJson(keep.objects(), place, found);
            } else {
                list(keep.objects(), place, found, new Lines());
            }
        }
        return ExitCode.OK;
    }

    private void listJson(ObjectStore objects, KeepPath place, Lookup found) throws IOException {
        try (JsonGenerator out = Json.lines(shell)) {
            out.writeStartArray();
            list(objects, place, found, new Elements(out));
            out.writeEndArray();
        }
        shell.print("");
    }

    private void list(ObjectStore objects, KeepPath place, Lookup found, Format format) throws IOException {
        if (found.object().isPresent()) {
            format.object(found.object().get());
        }
        if (found.folder()) {
            listFolder(objects, place.prefix(), format);
        }
    }

    private void listFolder(ObjectStore objects, byte[] prefix, Format format) throws IOException {
        ObjectName begin = prefix.length == 0 ? null : ObjectName.ofBytes(prefix);
        ObjectName after = null;
        boolean warned = false;
        do {
            ObjectPage page =
                    objects.list(new ListQuery(begin, !recursive, after, PAGE_ENTRIES, Freshness.POSSIBLY_STALE));
            if (!page.proven() && !warned) {
                shell.warn("too few sites answer to be sure that this is the newest state");
                warned = true;
            }
            print(page, begin, format);
            after = page.next();
        } while (after != null);
    }

    /** Prints objects and folders in one order; a folder's own object, which carries its mode, is no part of it. */
    private void print(ObjectPage page, @Nullable ObjectName self, Format format) throws IOException {
        int group = 0;
        for (ObjectEntry entry : page.entries()) {
            while (group < page.groups().size() && page.groups().get(group).compareTo(entry.name()) < 0) {
                format.folder(page.groups().get(group++));
            }
            if (self == null || !entry.name().equals(self)) {
                format.object(entry);
            }
        }
        for (; group < page.groups().size(); group++) {
            format.folder(page.groups().get(group));
        }
    }

    private interface Format {
        void object(ObjectEntry entry) throws IOException;

        void folder(ObjectName name) throws IOException;
    }

    private final class Lines implements Format {
        @Override
        public void object(ObjectEntry entry) {
            String shown = KeepPath.show(entry.name());
            shell.print(
                    details
                            ? String.format(Locale.ROOT, "%14d  %-20s  %s", entry.lengthBytes(), seconds(entry), shown)
                            : shown);
        }

        @Override
        public void folder(ObjectName folder) {
            String shown = KeepPath.show(folder);
            shell.print(details ? String.format(Locale.ROOT, "%14s  %-20s  %s", "-", "", shown) : shown);
        }

        private static String seconds(ObjectEntry entry) {
            return entry.modified().truncatedTo(ChronoUnit.SECONDS).toString();
        }
    }

    private static final class Elements implements Format {
        private final JsonGenerator out;

        Elements(JsonGenerator out) {
            this.out = out;
        }

        @Override
        public void object(ObjectEntry entry) throws IOException {
            out.writeStartObject();
            JsonNames.write(out, entry.name());
            out.writeStringField("type", "object");
            out.writeNumberField("bytes", entry.lengthBytes());
            out.writeStringField("modified", entry.modified().toString());
            out.writeStringField("crc32c", String.format(Locale.ROOT, "%08x", entry.crc32c()));
            out.writeStringField("etag", entry.etag());
            out.writeEndObject();
        }

        @Override
        public void folder(ObjectName folder) throws IOException {
            out.writeStartObject();
            JsonNames.write(out, folder);
            out.writeStringField("type", "folder");
            out.writeEndObject();
        }
    }
}
