package io.slicekeep.cli.tree;

import io.slicekeep.cli.ui.CommandException;
import io.slicekeep.cli.ui.ExitCode;
import io.slicekeep.object.ObjectName;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.ObjectInfo;
import io.slicekeep.object.ObjectStore.Source;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Gets objects out of a keep as files. A file appears under its name only when it is whole, with its time and mode. Links
 * are made last, when nothing can be written through them any more; then directories get their times and modes. Confined to
 * one thread; it works on several files at once.
 */
public final class GetTree {
    private static final int LONGEST_LINK_BYTES = 4096;

    private final Transfer transfer;
    private final boolean force;
    private final AtomicBoolean warned = new AtomicBoolean();
    private final ConcurrentLinkedQueue<Link> links = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Directory> directories = new ConcurrentLinkedQueue<>();

    /**
     * Prepares.
     *
     * @param transfer where from and how
     * @param force whether files that differ are overwritten
     */
    public GetTree(Transfer transfer, boolean force) {
        this.transfer = transfer;
        this.force = force;
    }

    private record Link(Path path, Path target, StoredAttributes attributes) {}

    private record Directory(Path path, StoredAttributes attributes) {}

    /**
     * Returns the path of an object or folder within a directory, under its own name.
     *
     * @param directory of the file system
     * @param source in the keep
     * @return the path
     * @throws CommandException if everything is meant, which has no name
     */
    public static Path within(Path directory, KeepPath source) throws CommandException {
        byte[] name = source.lastName();
        if (name.length == 0) {
            throw CommandException.usage("/ has no name of its own: name a target without a slash at its end");
        }
        return PathBytes.resolve(directory, name);
    }

    /**
     * Gets a folder.
     *
     * @param source a folder of the keep
     * @param target what it becomes
     * @throws IOException if nothing more can be got; failures of single files are in the tally
     */
    public void getFolder(KeepPath source, Path target) throws IOException {
        byte[] prefix = source.prefix();
        ObjectCursor listing = new ObjectCursor(transfer.objects(), prefix, Freshness.POSSIBLY_STALE);
        TargetFolder folder = new TargetFolder(target);
        try (WorkPool pool = new WorkPool(transfer.jobs())) {
            for (ObjectEntry entry = listing.next(); entry != null; entry = listing.next()) {
                if (transfer.tally().stopped()) {
                    break;
                }
                warnUnlessProven(listing.proven());
                byte[] name = entry.name().bytes();
                submit(entry, Arrays.copyOfRange(name, prefix.length, name.length), folder, pool);
            }
            pool.await();
        }
        finish();
    }

    /**
     * Gets one object.
     *
     * @param source its entry in the listing
     * @param target the file that it becomes
     * @throws IOException if nothing more can be got; the failure of this file is in the tally
     */
    public void getObject(ObjectEntry source, Path target) throws IOException {
        attempt(source, target);
        finish();
    }

    private void submit(ObjectEntry entry, byte[] name, TargetFolder folder, WorkPool pool) throws IOException {
        boolean directory = name.length == 0 || name[name.length - 1] == '/';
        try {
            Path path = directory ? folder.makePlace(name) : folder.place(name);
            pool.submit(() -> attempt(entry, path));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            transfer.tally().failed(KeepPath.show(entry.name()), e);
        }
    }

    private void attempt(ObjectEntry entry, Path path) {
        if (transfer.tally().stopped()) {
            return;
        }
        try {
            FileStat before = existing(path);
            if (before != null && isUnchanged(entry, path, before)) {
                transfer.tally().unchanged();
                transfer.progress().skip(entry.lengthBytes());
            } else {
                getOne(entry, path, before);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            transfer.tally().failed(path.toString(), e);
        }
    }

    private static @Nullable FileStat existing(Path path) throws IOException {
        try {
            return FileStat.of(path);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private boolean isUnchanged(ObjectEntry entry, Path path, FileStat before) throws IOException {
        boolean directory = before.kind() == FileKind.DIRECTORY;
        if (!directory && before.lengthBytes() != entry.lengthBytes()) {
            return false;
        }
        boolean sameTime = before.modifiedMicros().equals(entry.modified());
        return switch (transfer.comparison()) {
            case TIME -> sameTime;
            case CHECKSUM -> sameTime && (before.kind() != FileKind.FILE || entry.crc32c() == DataCopy.crc32c(path));
            case NONE -> false;
        };
    }

    private void getOne(ObjectEntry entry, Path path, @Nullable FileStat before) throws IOException {
        try (Source source = transfer.objects().open(entry.name(), Freshness.POSSIBLY_STALE)) {
            ObjectInfo info = source.info();
            warnUnlessProven(info.proven());
            StoredAttributes attributes = StoredAttributes.parse(info.metadata(), info.modified());
            if (attributes.kind() == FileKind.DIRECTORY) {
                directories.add(new Directory(path, attributes));
            } else if (attributes.kind() == FileKind.SYMLINK) {
                links.add(new Link(path, linkTarget(source, entry.name()), attributes));
            } else {
                refuseToOverwrite(path, before);
                writeFile(source, path, attributes);
                transfer.tally().done(info.lengthBytes());
            }
        }
    }

    private void refuseToOverwrite(Path path, @Nullable FileStat before) throws CommandException {
        if (before != null && before.kind() == FileKind.DIRECTORY) {
            throw new CommandException(ExitCode.EXISTS, path + " is a directory and stands in the way: move it away");
        }
        if (before != null && !force) {
            throw new CommandException(ExitCode.EXISTS, path + " exists and differs: --force overwrites it");
        }
    }

    private void writeFile(Source source, Path path, StoredAttributes attributes) throws IOException {
        try (NewFile file = NewFile.create(path, force)) {
            DataCopy.copy(source, 0, source.length(), file.channel(), transfer.progress());
            file.commit(attributes);
        }
    }

    private static Path linkTarget(Source source, ObjectName name) throws IOException {
        if (source.length() < 1 || source.length() > LONGEST_LINK_BYTES) {
            throw new CommandException(ExitCode.FORMAT, KeepPath.show(name) + " is no link: its target is too long");
        }
        ByteBuffer target = ByteBuffer.allocate((int) source.length());
        source.readFullyAt(0, target);
        return PathBytes.path(target.array());
    }

    /** Makes links and completes directories, now that nothing more is written below them. */
    private void finish() {
        for (Link link : links) {
            complete(link.path, () -> makeLink(link));
        }
        List<Directory> deepestFirst = directories.stream()
                .sorted((a, b) -> b.path.getNameCount() - a.path.getNameCount())
                .toList();
        for (Directory directory : deepestFirst) {
            complete(directory.path, () -> {
                NewFile.apply(directory.path, directory.attributes);
                transfer.tally().done(0);
            });
        }
        links.clear();
        directories.clear();
    }

    private void makeLink(Link link) throws IOException {
        FileStat before = existing(link.path);
        boolean same = before != null
                && before.kind() == FileKind.SYMLINK
                && Files.readSymbolicLink(link.path).equals(link.target);
        if (same) {
            transfer.tally().unchanged();
            return;
        }
        refuseToOverwrite(link.path, before);
        NewFile.createLink(link.path, link.target, force, link.attributes);
        transfer.tally().done(0);
    }

    private void complete(Path path, Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            transfer.tally().failed(path.toString(), e);
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void warnUnlessProven(boolean proven) {
        if (!proven && !warned.getAndSet(true)) {
            transfer.shell()
                    .warn(
                            "too few sites answer with good copies to be sure that this is the newest state: what comes may be"
                                    + " stale");
        }
    }
}
