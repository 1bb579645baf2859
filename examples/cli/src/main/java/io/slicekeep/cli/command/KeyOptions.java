package io.slicekeep.cli.command;

import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.cli.ui.Passphrases;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.key.KeyProvider;
import io.slicekeep.key.KeyRing;
import io.slicekeep.kms.local.KeyVersion;
import io.slicekeep.kms.local.LocalKeystore;
import io.slicekeep.kms.local.PassphraseProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which keys open or protect something. Secrets never stand on the command line: only where they are. */
final class KeyOptions {
    private static final int MOST_KEYS = 16;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Read the passphrase from a file (default: $SLICEKEEP_PASSPHRASE_FILE, else asked for).")
    @Nullable
    Path passphraseFile;

    @Option(
            names = "--passphrase-fd",
            paramLabel = "N",
            description = "Read the passphrase from an open descriptor, as in 3<pw.")
    @Nullable
    Integer passphraseDescriptor;

    @Option(
            names = "--keystore",
            paramLabel = "FILE",
            description = "Use keys of this keystore file (default: $SLICEKEEP_KEYSTORE).")
    @Nullable
    Path keystore;

    @Option(names = "--key", paramLabel = "NAME", description = "Use this key of the keystore.")
    @Nullable
    String key;

    /** Returns the keys that protect something new: those that are named, else a passphrase that is asked for twice. */
    KeyRing toProtect(Shell shell) throws IOException {
        List<KeyProvider> providers = new ArrayList<>();
        if (key != null) {
            providers.add(existing(requireKeystore(shell), key));
        } else if (keystore != null) {
            throw CommandException.usage("--keystore FILE needs --key NAME: which of its keys to protect with");
        }
        if (passphraseFile != null || passphraseDescriptor != null || providers.isEmpty()) {
            Optional<char[]> given = givenPassphrase(shell, passphraseFile, passphraseDescriptor);
            providers.add(provider(given.isPresent() ? given.get() : Passphrases.askNew("New passphrase")));
        }
        return ring(providers);
    }

    /**
     * Returns the keys that may open something: those of the keystore, if one is named, and a passphrase, which is asked for
     * when it is needed and not given.
     *
     * @param what it is, for the question
     */
    KeyRing toOpen(Shell shell, String what) throws IOException {
        List<KeyProvider> providers = new ArrayList<>();
        Optional<Path> store = keystorePath(shell);
        if (store.isPresent()) {
            providers.addAll(stored(LocalKeystore.open(store.get())));
        }
        Optional<char[]> given = givenPassphrase(shell, passphraseFile, passphraseDescriptor);
        if (given.isPresent()) {
            providers.add(provider(given.get()));
        } else if (store.isEmpty()) {
            providers.add(new AskedPassphrase("Passphrase of " + what));
        }
        return ring(providers);
    }

    /** Returns the keys that are named, and asks nobody; empty if none is named. */
    Optional<KeyRing> named(Shell shell) throws IOException {
        return passphraseDescriptor == null && secretFiles(shell).isEmpty()
                ? Optional.empty()
                : Optional.of(toOpen(shell, "it"));
    }

    /** Returns the files that are named and hold secrets. */
    List<Path> secretFiles(Shell shell) {
        return Stream.of(keystorePath(shell), passphrasePath(shell, passphraseFile))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns the keystore that is named. */
    Path requireKeystore(Shell shell) throws CommandException {
        return keystorePath(shell)
                .orElseThrow(
                        () -> CommandException.usage("which keystore? give --keystore FILE or set SLICEKEEP_KEYSTORE"));
    }

    private Optional<Path> keystorePath(Shell shell) {
        return Optional.ofNullable(keystore)
                .or(() -> shell.variable("SLICEKEEP_KEYSTORE").map(Path::of));
    }

    /** Returns the passphrase that options or the environment point to. */
    static Optional<char[]> givenPassphrase(Shell shell, @Nullable Path file, @Nullable Integer descriptor)
            throws IOException {
        if (file != null && descriptor != null) {
            throw CommandException.usage("give --passphrase-file or --passphrase-fd, not both");
        }
        if (descriptor != null) {
            return Optional.of(Passphrases.ofDescriptor(shell, descriptor));
        }
        Optional<Path> path = passphrasePath(shell, file);
        return path.isPresent() ? Optional.of(Passphrases.ofFile(shell, path.get())) : Optional.empty();
    }

    private static Optional<Path> passphrasePath(Shell shell, @Nullable Path file) {
        return Optional.ofNullable(file)
                .or(() -> shell.variable("SLICEKEEP_PASSPHRASE_FILE").map(Path::of));
    }

    /** Makes the provider and wipes the characters. */
    static KeyProvider provider(char[] passphrase) {
        try {
            return PassphraseProvider.of(passphrase);
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    private static KeyRing ring(List<KeyProvider> providers) throws CommandException {
        if (providers.isEmpty()) {
            throw new CommandException(ExitCode.KEY, "the keystore has no such key ('slicekeep key list' shows them)");
        }
        if (providers.size() > MOST_KEYS) {
            throw CommandException.usage("the keystore has more than " + MOST_KEYS + " keys: say which by --key NAME");
        }
        return KeyRing.of(providers);
    }

    private static KeyProvider existing(Path store, String name) throws IOException {
        boolean there = Files.exists(store)
                && LocalKeystore.open(store).list().stream()
                        .anyMatch(version -> version.name().equals(name));
        if (!there) {
            throw new CommandException(
                    ExitCode.KEY,
                    store + " has no key " + name + ": make it by 'slicekeep key create --keystore " + store + " --key "
                            + name + "'");
        }
        return LocalKeystore.open(store).provider(name);
    }

    private List<KeyProvider> stored(LocalKeystore store) throws IOException {
        return store.list().stream()
                .map(KeyVersion::name)
                .distinct()
                .filter(name -> key == null || key.equals(name))
                .map(store::provider)
                .toList();
    }
}
