package io.slicekeep.cli.tree;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/** Adds up file trees, so that progress knows where it leads. */
public final class TreeSize implements FileTree.Visitor {
    private long bytes;

    private TreeSize() {}

    /**
     * Adds up the lengths of all files.
     *
     * @param sources files and directories
     * @return bytes; what cannot be read counts nothing
     * @throws IOException if a source cannot be looked at
     */
    public static long bytes(Collection<Path> sources) throws IOException {
        TreeSize size = new TreeSize();
        for (Path source : sources) {
            FileTree.walk(source, size);
        }
        return size.bytes;
    }

    @Override
    public boolean visit(byte[] name, Path path, FileStat stat) {
        bytes += stat.kind() == FileKind.FILE ? stat.lengthBytes() : 0;
        return true;
    }

    @Override
    public void failed(Path path, IOException failure) {}
}
