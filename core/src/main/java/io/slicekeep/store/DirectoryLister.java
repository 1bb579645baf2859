package io.slicekeep.store;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.KeyPrefix;
import io.slicekeep.blob.Listing;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
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

    private static final Logger LOG = System.getLogger(DirectoryLister.class.getName());

    private final FileLayer files;
    private final DirectoryLayout layout;
    private final String prefix;
    private final String after;
    private final int limit;
    private final List<BlobKey> keys = new ArrayList<>();
    private final Set<Path> shown = new LinkedHashSet<>();

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

    /** The directories that hold what the page shows. */
    Set<Path> shown() {
        return shown;
    }

    private boolean full() {
        return keys.size() > limit;
    }

    private void walk(String base) throws IOException {
        Path directory = layout.directory(base);
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
        Path file = layout.file(key);
        if (files.length(file).isPresent()) {
            keys.add(key);
            shown.add(Objects.requireNonNull(file.getParent()));
        }
    }

    /** The smallest {@code most} entries of a directory beyond {@code last} that may hold keys of this listing, in order. */
    private List<String> entries(Path directory, String base, String last, int most) throws IOException {
        Part part = new Part(base, last, most);
        Optional<String> only = DirectoryLayout.bucket(part.beginning);
        if (only.isPresent()) {
            names(directory.resolve(only.get()), part::offer);
        } else {
            List<String> buckets = new ArrayList<>();
            names(directory, name -> {
                part.offer(name);
                if (DirectoryLayout.isBucket(name)) {
                    buckets.add(name);
                }
            });
            Collections.sort(buckets);
            for (String bucket : buckets) {
                if (part.wants(bucket)) {
                    names(directory.resolve(bucket), part::offer);
                }
            }
        }
        return part.sorted();
    }

    private void names(Path directory, Consumer<String> names) throws IOException {
        try {
            files.list(directory, names);
        } catch (NoSuchFileException | NotDirectoryException e) {
            LOG.log(Level.TRACE, "no such directory, or no longer", e);
        }
    }

    /** The smallest entries out of many. */
    private final class Part {
        private final String base;
        private final String last;
        private final int most;

        /** Most listings look for one name among many: looking closer at all the others would cost more than the rest. */
        private final String beginning;

        private final PriorityQueue<String> smallest = new PriorityQueue<>(Comparator.reverseOrder());

        Part(String base, String last, int most) {
            this.base = base;
            this.last = last;
            this.most = most;
            String rest = prefix.length() <= base.length() ? "" : prefix.substring(base.length());
            int slash = rest.indexOf('/');
            this.beginning = slash < 0 ? rest : rest.substring(0, slash);
        }

        void offer(String name) {
            if (name.startsWith(DirectoryLayout.fileName(beginning))) {
                DirectoryLayout.entry(name)
                        .map(base::concat)
                        .filter(this::mayBelong)
                        .ifPresent(this::add);
            }
        }

        private boolean mayBelong(String entry) {
            return entry.compareTo(last) > 0 && wanted(entry);
        }

        /** Tells whether a bucket may have entries that are beyond the last one and smaller than enough others. */
        boolean wants(String bucket) {
            String lower = last.isEmpty() && after.startsWith(base) ? after : last;
            boolean beyond = lower.length() <= base.length() || bucket.compareTo(bucketAt(lower)) >= 0;
            return beyond && (smallest.size() < most || bucket.compareTo(bucketAt(smallest.element())) <= 0);
        }

        private String bucketAt(String entry) {
            return DirectoryLayout.bucketAt(entry.substring(base.length()));
        }

        private void add(String entry) {
            smallest.add(entry);
            if (smallest.size() > most) {
                smallest.remove();
            }
        }

        List<String> sorted() {
            List<String> sorted = new ArrayList<>(smallest);
            Collections.sort(sorted);
            return sorted;
        }
    }

    private boolean wanted(String entry) {
        boolean directory = entry.endsWith("/");
        boolean hasPrefix = entry.startsWith(prefix) || (directory && prefix.startsWith(entry));
        boolean beyond = entry.compareTo(after) > 0 || (directory && after.startsWith(entry));
        boolean fits = entry.length() <= BlobKey.MAX_KEY_BYTES;
        return hasPrefix && beyond && fits;
    }
}
