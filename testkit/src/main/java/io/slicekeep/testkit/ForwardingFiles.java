package io.slicekeep.testkit;

import io.slicekeep.store.FileLayer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A file layer that passes every call on to that of the system, for others to change some of them. Thread-safe. */
public abstract class ForwardingFiles implements FileLayer {
    private final FileLayer below = FileLayer.system();

    /** Creates the layer. */
    protected ForwardingFiles() {}

    @Override
    public Output create(Path file) throws IOException {
        return below.create(file);
    }

    @Override
    public Input open(Path file) throws IOException {
        return below.open(file);
    }

    @Override
    public OptionalLong length(Path file) throws IOException {
        return below.length(file);
    }

    @Override
    public void link(Path file, Path link) throws IOException {
        below.link(file, link);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        below.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        below.delete(path);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        below.createDirectory(directory);
    }

    @Override
    public void list(Path directory, Consumer<String> names) throws IOException {
        below.list(directory, names);
    }

    @Override
    public Version version(Path path) throws IOException {
        return below.version(path);
    }

    @Override
    public boolean same(Path one, Path other) throws IOException {
        return below.same(one, other);
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        return below.lock(file);
    }

    @Override
    public void sync(Path directory) throws IOException {
        below.sync(directory);
    }
}
