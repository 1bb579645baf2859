package io.slicekeep.object;

import io.slicekeep.object.ObjectStore.ListQuery;
import io.slicekeep.object.ObjectStore.ObjectEntry;
import io.slicekeep.object.ObjectStore.ObjectPage;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Hints;
import io.slicekeep.record.NameCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing. One object per page, confined to one thread.
 *
 * <p>Keys hold encrypted names, so their order is not that of the names: a directory is scanned whole, and of what it holds
 * the smallest names that the page can use are kept, sorted. A directory beneath it stands in that order as its path, which
 * ends with a slash, and is scanned in its turn when the page gets there; one so small that the scan above has seen all of it
 * already is kept with it. So a page costs the directories that it touches, and memory for its own entries.
 */
final class ObjectLister {
    /** The most entries of smaller directories that are kept on the way. */
    private static final int MAX_KEPT = 65_536;

    private final Namespace namespace;
    private final FoundNames names;
    private final ListQuery query;
    private final Bytes prefix;
    private final @Nullable Bytes after;
    private final int wanted;
    private final List<Child> found = new ArrayList<>();
    private int kept;
    private boolean proven = true;

    /** Where the page ends early: directories that had names when they were met were empty when it got to them. */
    private @Nullable Bytes stoppedAt;

    ObjectLister(Namespace namespace, LongNames longNames, ListQuery query) {
        if (query.limit() < 1) {
            throw new IllegalArgumentException("limit must be >= 1: limit=" + query.limit());
        }
        this.namespace = namespace;
        this.names = new FoundNames(namespace, longNames);
        this.query = query;
        this.prefix =
                query.prefix() == null ? Bytes.EMPTY : Bytes.of(query.prefix().bytes());
        this.after = query.after() == null ? null : Bytes.of(query.after().bytes());
        this.wanted = Math.min(query.limit(), Integer.MAX_VALUE - 2) + 1;
    }

    /**
     * What stands in the order of names: an object, a group, or a directory that is still to be listed.
     *
     * @param name the object's or group's name, or the directory's path
     * @param entry the object, if it is one
     * @param directory the encoded directory, if it is one that is still to be listed
     * @param contents what is known to be all of the directory, if it is one that was kept
     */
    private record Child(
            Bytes name,
            @Nullable ObjectEntry entry,
            @Nullable String directory,
            @Nullable NavigableMap<Bytes, Child> contents) {
        static Child object(Bytes name, HeadScan.Entry newest) {
            Hints hints = newest.hints();
            return new Child(
                    name,
                    new ObjectEntry(
                            ObjectName.ofBytes(name.toArray()),
                            hints.lengthBytes(),
                            ObjectDescriptions.time(hints.modifiedMicros()),
                            hints.crc32c(),
                            newest.writer().toString()),
                    null,
                    null);
        }

        static Child group(Bytes name) {
            return new Child(name, null, null, null);
        }

        static Child directory(Bytes path, String directory) {
            return new Child(path, null, directory, null);
        }

        static Child kept(Bytes path, NavigableMap<Bytes, Child> contents) {
            return new Child(path, null, null, contents);
        }
    }

    ObjectPage page() throws IOException {
        byte[] bytes = prefix.toArray();
        int pathBytes = bytes.length;
        while (pathBytes > 0 && bytes[pathBytes - 1] != '/') {
            pathBytes--;
        }
        NameCodec.Prefix start = namespace.format().names().directoryOf(Arrays.copyOf(bytes, pathBytes));
        emit(children(start.directory(), start.whole()));
        List<Child> shown = found.size() == wanted ? found.subList(0, wanted - 1) : found;
        Bytes last = shown.isEmpty() ? stoppedAt : shown.get(shown.size() - 1).name();
        boolean more = found.size() == wanted || stoppedAt != null;
        return new ObjectPage(
                shown.stream()
                        .flatMap(child -> Optional.ofNullable(child.entry()).stream())
                        .toList(),
                shown.stream()
                        .filter(child -> child.entry() == null)
                        .map(child -> ObjectName.ofBytes(child.name().toArray()))
                        .toList(),
                more && last != null ? ObjectName.ofBytes(last.toArray()) : null,
                proven && namespace.isProof(namespace.certainty(query.freshness())));
    }

    private void emit(NavigableMap<Bytes, Child> children) throws IOException {
        for (Child child : children.values()) {
            if (found.size() == wanted || stoppedAt != null) {
                return;
            }
            if (child.contents() != null) {
                emit(child.contents());
            } else if (child.directory() != null) {
                emit(children(child.directory(), true));
            } else {
                found.add(child);
            }
        }
        if (children.size() > wanted && found.size() < wanted && stoppedAt == null) {
            stoppedAt = children.lastKey();
        }
    }

    /** Scans a directory, or only its long names if nothing else in it can begin with the prefix. */
    private NavigableMap<Bytes, Child> children(String directory, boolean all) throws IOException {
        NavigableMap<Bytes, Child> children = new TreeMap<>();
        Certainty certainty = namespace.certainty(query.freshness());
        HeadScan scan = namespace.heads().scan(directory, all ? Heads.Names.ALL : Heads.Names.LONG, certainty);
        HeadScan.Entry entry = scan.next();
        while (entry != null) {
            String beneath = childDirectory(directory, entry.name());
            if (beneath != null) {
                entry = directory(scan, entry, beneath, children);
            } else {
                add(children, entry);
                entry = scan.next();
            }
            if (children.size() > wanted + 1) {
                children.pollLastEntry();
            }
        }
        proven &= scan.isProven();
        return children;
    }

    /** Returns the directory beneath this one that a name stands in, or null if it stands here. */
    private static @Nullable String childDirectory(String directory, EncodedName name) {
        int from = directory.isEmpty() ? 0 : directory.length() + 1;
        int border = name.value().indexOf('/', from);
        return border < 0 ? null : name.value().substring(0, border);
    }

    private void add(NavigableMap<Bytes, Child> children, HeadScan.Entry entry) throws IOException {
        Bytes name = names.nameOf(entry).orElse(null);
        if (name == null || !name.startsWith(prefix)) {
            return;
        }
        int border = query.delimited() ? name.indexOf('/', prefix.length()) : -1;
        Child child = border < 0 ? Child.object(name, entry) : Child.group(name.first(border + 1));
        if (after == null || child.name().compareTo(after) > 0) {
            children.put(child.name(), child);
        }
    }

    /** Deals with a directory of which the scan has met a first name, and returns what follows it. */
    private HeadScan.@Nullable Entry directory(
            HeadScan scan, HeadScan.Entry first, String directory, NavigableMap<Bytes, Child> children)
            throws IOException {
        Bytes path = names.pathOf(directory);
        if (!mayHold(path)) {
            return behind(scan, directory);
        }
        if (query.delimited()) {
            if (after == null || path.compareTo(after) > 0) {
                children.put(path, Child.group(path));
            }
            return behind(scan, directory);
        }
        NavigableMap<Bytes, Child> contents = new TreeMap<>();
        HeadScan.Entry entry = first;
        while (entry != null && entry.name().value().startsWith(directory + "/")) {
            add(contents, entry);
            if (scan.isBlank() || kept + contents.size() > MAX_KEPT) {
                children.put(path, Child.directory(path, directory));
                return behind(scan, directory);
            }
            entry = scan.next();
        }
        kept += contents.size();
        children.put(path, Child.kept(path, contents));
        return entry;
    }

    private static HeadScan.@Nullable Entry behind(HeadScan scan, String directory) throws IOException {
        scan.skip(directory);
        return scan.next();
    }

    /** Tells whether names that begin with a path can be on the page. */
    private boolean mayHold(Bytes path) {
        boolean matches = path.startsWith(prefix) || (!query.delimited() && prefix.startsWith(path));
        return matches && (after == null || path.compareTo(after) > 0 || after.startsWith(path));
    }
}
