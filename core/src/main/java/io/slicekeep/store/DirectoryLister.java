package io.slicekeep.store;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Collects one page of a listing by walking the tree in the order of keys. Used once.
 *
 * <p>Below, an <i>entry</i> is a key, or the beginning that all keys of a directory share, with its last slash. In bytewise
 * order such a beginning stands exactly where its keys stand among the keys beside it. Of a large directory only a part is
 * held at a time, the smallest entries that are still of interest, so a page costs memory for a page.
 */
final class DirectoryLister {
    /** Entries taken from a directory at a time, at least: enough that many empty directories do not cost many passes. */
    private static final int PART_ENTRIES = 256;

    private final FileLayer files;
    private final DirectoryLayout layout;
    private final String prefix;
    private final String after;
    private final int limit;
    private final List<BlobKey> keys = new ArrayList<>();
    private final List<Path> visited = new ArrayList<>();

    DirectoryLister(FileLayer files, DirectoryLayout layout, KeyPrefix prefix, @Nullable BlobKey after, int limit) {
        this.files = files;
        this.layout = layout;
        this.prefix = prefix.value();
        this.after = after == null ? "" : after.value();
        this.limit = limit;
    }

    Listing page() throws IOException {
        walk(prefix.substring(0, prefix.lastIndexOf('/') + 1));
        boolean more = keys.size() > limit;
        return new Listing(more ? keys.subList(0, limit) : keys, more);
    }

    /** The directories whose entries the page shows or passes over, the first of them above all others. */
    List<Path> visited() {
        return visited;
    }

    private boolean full() {
        return keys.size() > limit;
    }

    private void walk(String base) throws IOException {
        Path directory = layout.directory(base);
        visited.add(directory);
        String last = "";
        while (!full()) {
            int partEntries = Math.max(PART_ENTRIES, limit + 1 - keys.size());
            List<String> part = entries(directory, base, last, partEntries);
            for (int i = 0; i < part.size() && !full(); i++) {
                visit(part.get(i));
            }
            if (part.size() < partEntries) {
                return;
            }
            last = part.get(partEntries - 1);
        }
    }

    private void visit(String entry) throws IOException {
        if (entry.endsWith("/")) {
            walk(entry);
            return;
        }
        BlobKey key = BlobKey.of(entry);
        if (files.length(layout.file(key)).isPresent()) {
            keys.add(key);
        }
    }

    /** The smallest {@code most} entries of a directory beyond {@code last} that may hold keys of this listing, in order. */
    private List<String> entries(Path directory, String base, String last, int most) throws IOException {
        PriorityQueue<String> smallest = new PriorityQueue<>(Comparator.reverseOrder());
        String beginning = beginning(base);
        try {
            files.list(
                    directory,
                    name -> Optional.of(name)
                            .filter(any -> any.startsWith(beginning))
                            .flatMap(DirectoryLayout::entry)
                            .map(base::concat)
                            .filter(entry -> entry.compareTo(last) > 0 && wanted(entry))
                            .ifPresent(entry -> {
                                smallest.add(entry);
                                if (smallest.size() > most) {
                                    smallest.remove();
                                }
                            }));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        List<String> sorted = new ArrayList<>(smallest);
        Collections.sort(sorted);
        return sorted;
    }

    /**
     * What the names of a directory must begin with: most listings look for one name among many, and looking closer at every
     * other one would cost more than all the rest.
     */
    private String beginning(String base) {
        if (prefix.length() <= base.length()) {
            return "";
        }
        int slash = prefix.indexOf('/', base.length());
        String segment = prefix.substring(base.length(), slash < 0 ? prefix.length() : slash);
        return segment.startsWith(".") ? "" : segment;
    }

    private boolean wanted(String entry) {
        boolean directory = entry.endsWith("/");
        boolean hasPrefix = entry.startsWith(prefix) || (directory && prefix.startsWith(entry));
        boolean beyond = entry.compareTo(after) > 0 || (directory && after.startsWith(entry));
        boolean fits = entry.length() <= BlobKey.MAX_KEY_BYTES;
        return hasPrefix && beyond && fits;
    }
}
