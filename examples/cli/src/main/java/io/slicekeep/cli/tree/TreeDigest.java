package io.slicekeep.cli.tree;

import io.slicekeep.cli.ui.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tells whether two file trees are the same: names, kinds, modes, times, and the SHA-256 of every file. */
public final class TreeDigest implements FileTree.Visitor {
    private static final int RESTORED_MODE_BITS = 0b001_111_111_111;
    private static final int BUFFER_BYTES = 1 << 18;

    private final SortedMap<String, String> entries = new TreeMap<>();
    private long files;
    private long bytes;

    private TreeDigest() {}

    /**
     * Reads a tree.
     *
     * @param root its directory
     * @return its digest
     * @throws IOException if something of it cannot be read
     */
    public static TreeDigest of(Path root) throws IOException {
        TreeDigest digest = new TreeDigest();
        FileTree.walk(root, digest);
        return digest;
    }

    /**
     * Returns what a tree consists of.
     *
     * @return for each name, in order, what can be compared
     */
    public SortedMap<String, String> entries() {
        return entries;
    }

    /**
     * Returns how many files there are.
     *
     * @return without directories and links
     */
    public long files() {
        return files;
    }

    /**
     * Returns the length of all files.
     *
     * @return bytes
     */
    public long bytes() {
        return bytes;
    }

    @Override
    public boolean visit(byte[] name, Path path, FileStat stat) throws IOException {
        String what = stat.kind() + " " + Integer.toOctalString(stat.mode() & RESTORED_MODE_BITS) + " "
                + stat.modifiedMicros();
        String contents = "";
        if (stat.kind() == FileKind.FILE) {
            contents = sha256(path);
            files++;
            bytes += stat.lengthBytes();
        } else if (stat.kind() == FileKind.SYMLINK) {
            contents = new String(PathBytes.raw(Files.readSymbolicLink(path)), StandardCharsets.ISO_8859_1);
        }
        if (stat.kind() != FileKind.OTHER && name.length > 0) {
            entries.put(Printable.text(new String(name, StandardCharsets.ISO_8859_1)), what + " " + contents);
        }
        return true;
    }

    @Override
    public void failed(Path path, IOException failure) throws IOException {
        throw failure;
    }

    private static String sha256(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            while (channel.read(buffer) >= 0) {
                sha256.update(buffer.flip());
                buffer.clear();
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
