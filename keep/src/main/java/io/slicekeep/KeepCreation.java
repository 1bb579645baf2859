package io.slicekeep;

import io.slicekeep.key.KeyRing;
import io.slicekeep.membership.Founding;
import io.slicekeep.membership.KeepId;
import io.slicekeep.store.DirectoryStore;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes a keep: first its sites, then its file. */
final class KeepCreation {
    private final Path keepFile;
    private final KeepOptions options;
    private final Tasks tasks;

    KeepCreation(Path keepFile, KeepOptions options, Tasks tasks) {
        this.keepFile = keepFile;
        this.options = options;
        this.tasks = tasks;
    }

    void create(KeepSpec spec, KeyRing keys) throws IOException {
        requireWritable(keepFile, options);
        SitePlaces.requireApart(keepFile, spec.sites());
        List<DirectoryStore> stores = new ArrayList<>();
        try {
            openVacant(spec.sites(), stores);
            KeepId id = new Founding(tasks, options.random(), KeepOpening.patience(options))
                    .found(spec.profile(), spec.lease(), spec.mode(), plots(spec.sites(), stores), keys);
            List<KeepFile.SiteLine> lines = spec.sites().stream()
                    .map(site -> new KeepFile.SiteLine(site.name(), SitePlaces.text(keepFile, site.directory()), 0))
                    .toList();
            write(keepFile, new KeepFile(id, keys.uris(), 1, lines), options);
        } finally {
            stores.forEach(DirectoryStore::close);
        }
    }

    /** Fails early if the keep file could not be written later. */
    static void requireWritable(Path keepFile, KeepOptions options) throws IOException {
        if (options.existingFile() == KeepOptions.ExistingFile.REFUSE) {
            KeepFiles.requireAbsent(keepFile);
        }
        Path directory = keepFile.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new KeepFileException(
                    keepFile, 0, "its directory does not exist or cannot be written; make it first");
        }
    }

    static void write(Path keepFile, KeepFile content, KeepOptions options) throws IOException {
        if (options.existingFile() == KeepOptions.ExistingFile.REPLACE) {
            KeepFiles.replace(keepFile, content);
        } else {
            KeepFiles.create(keepFile, content);
        }
    }

    private static void openVacant(List<SitePath> sites, List<DirectoryStore> stores) throws IOException {
        List<String> problems = new ArrayList<>();
        for (SitePath site : sites) {
            try {
                stores.add(vacant(site.directory()));
            } catch (IOException e) {
                problems.add(site.name() + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new SetupException("these sites cannot be used", problems);
        }
    }

    /** Makes a store, or opens one that an interrupted creation left; whether it is vacant, the founding looks. */
    static DirectoryStore vacant(Path directory) throws IOException {
        try {
            return DirectoryStore.create(directory);
        } catch (FileAlreadyExistsException e) {
            return DirectoryStore.open(directory);
        }
    }

    private static List<Founding.Plot> plots(List<SitePath> sites, List<DirectoryStore> stores) {
        List<Founding.Plot> plots = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            String address =
                    sites.get(i).directory().toAbsolutePath().normalize().toString();
            plots.add(new Founding.Plot(sites.get(i).name(), address, stores.get(i)));
        }
        return plots;
    }
}
