package io.slicekeep.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.slicekeep.Keep;
import io.slicekeep.KeepOptions;
import io.slicekeep.KeyChange;
import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Json;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.cli.ui.TextTable;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.kms.local.KeyVersion;
import io.slicekeep.kms.local.LocalKeystore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "key",
        description = "Make, list and rotate the keys that open keeps. 'slicekeep passwd' changes a passphrase.")
final class KeyCommand extends BaseCommand {
    @Spec
    @Nullable
    CommandSpec spec;

    private KeyCommand(Shell shell) {
        super(shell);
    }

    static CommandLine build(Shell shell) {
        return new CommandLine(new KeyCommand(shell))
                .addSubcommand("create", new Create(shell))
                .addSubcommand("list", new ListKeys(shell))
                .addSubcommand("rotate", new Rotate(shell));
    }

    /** Tells what became of a change of keys. */
    static void report(Shell shell, KeyChange change) {
        shell.print("The keep opens with "
                + change.keys().stream().map(KeyUri::value).collect(Collectors.joining(", ")) + " (generation "
                + change.generation() + ").");
        change.outdated()
                .forEach((site, reason) -> shell.warn("site " + site + " may still hold the former keys: " + reason
                        + " (run 'slicekeep key rotate' again when it is back)"));
    }

    @Override
    ExitCode run() {
        return spec == null ? ExitCode.INTERNAL : CommandTree.usage(shell, spec.commandLine());
    }

    @Command(
            name = "create",
            description = {
                "Make a key in a keystore file, and the file if it is missing. Keep a copy of it in a safe place.",
                ""
            },
            footer = {"", "Example:", "  slicekeep key create --keystore my.keys --key photos"})
    static final class Create extends BaseCommand {
        @Mixin
        KeyOptions keys = new KeyOptions();

        Create(Shell shell) {
            super(shell);
        }

        @Override
        ExitCode run() throws IOException {
            Path file = keys.requireKeystore(shell);
            if (keys.key == null) {
                throw CommandException.usage("--key NAME is needed");
            }
            LocalKeystore store = Files.exists(file) ? LocalKeystore.open(file) : LocalKeystore.create(file);
            try {
                shell.print("Made " + store.addKey(keys.key) + " in " + file + ". Whoever has this file has the key.");
            } catch (IllegalArgumentException e) {
                throw CommandException.usage(e);
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "list",
            description = {"List the keys that open a keep (-k), or those of a keystore file (--keystore), or both.", ""
            },
            footer = {
                "",
                "Examples:",
                "  slicekeep key list -k my.keep",
                "  slicekeep key list --keystore my.keys --json"
            })
    static final class ListKeys extends BaseCommand {
        @Mixin
        KeepAccess access = new KeepAccess();

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        ListKeys(Shell shell) {
            super(shell);
        }

        @Override
        ExitCode run() throws IOException {
            boolean storeNamed = access.keys.keystore != null;
            boolean keepNamed = access.keepFile != null || !storeNamed;
            List<KeySlot> slots = keepNamed
                    ? Keep.inspect(access.file(shell), KeepOptions.DEFAULT).slots()
                    : List.of();
            List<KeyVersion> versions = storeNamed
                    ? LocalKeystore.open(access.keys.requireKeystore(shell)).list()
                    : List.of();
            if (json) {
                printJson(slots, versions);
            } else {
                print(slots, versions);
            }
            return ExitCode.OK;
        }

        private void print(List<KeySlot> slots, List<KeyVersion> versions) {
            slots.forEach(slot -> shell.print(KeySlots.describe(slot)));
            if (!versions.isEmpty()) {
                TextTable table = new TextTable("lrl", "key", "version", "state");
                versions.forEach(version -> table.row(version.name(), version.version(), state(version)));
                table.print(shell);
            }
        }

        private void printJson(List<KeySlot> slots, List<KeyVersion> versions) throws IOException {
            try (JsonGenerator out = Json.document(shell)) {
                out.writeStartObject();
                out.writeArrayFieldStart("slots");
                for (KeySlot slot : slots) {
                    out.writeStartObject();
                    out.writeStringField("key", slot.uri().value());
                    out.writeStringField("about", KeySlots.describe(slot));
                    out.writeEndObject();
                }
                out.writeEndArray();
                out.writeArrayFieldStart("keystore");
                for (KeyVersion version : versions) {
                    out.writeStartObject();
                    out.writeStringField("name", version.name());
                    out.writeNumberField("version", version.version());
                    out.writeStringField("state", state(version));
                    out.writeEndObject();
                }
                out.writeEndArray();
                out.writeEndObject();
            }
            shell.print("");
        }

        private static String state(KeyVersion version) {
            return version.state().name().toLowerCase(Locale.ROOT);
        }
    }

    @Command(
            name = "rotate",
            description = {
                "Wrap a keep's secret anew: under a new version of its key in the keystore (--keystore), or under the same"
                        + " passphrase with a new salt. One small blob per site changes; no data does.",
                "Former versions stay in the keystore: other keeps may need them.",
                ""
            },
            footer = {"", "Example:", "  slicekeep key rotate -k my.keep --keystore my.keys --key photos"})
    static final class Rotate extends BaseCommand {
        @Mixin
        KeepAccess access = new KeepAccess();

        Rotate(Shell shell) {
            super(shell);
        }

        @Override
        ExitCode run() throws IOException {
            Path file = access.file(shell);
            try (KeyRing keys = access.toOpen(shell, file);
                    Keep keep = KeepAccess.open(shell, file, keys)) {
                if (access.keys.key != null) {
                    int version = LocalKeystore.open(access.keys.requireKeystore(shell))
                            .rotate(access.keys.key);
                    shell.print("Made version " + version + " of local:" + access.keys.key + ".");
                }
                report(shell, keep.rotateKeys());
            }
            return ExitCode.OK;
        }
    }
}
