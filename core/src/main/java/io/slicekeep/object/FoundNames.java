package io.slicekeep.object;

import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.NameCodec;
import io.slicekeep.record.OpenedRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Decrypts the names that a listing finds. Confined to one thread; remembers directories on the way. */
final class FoundNames {
    private static final int MAX_PATHS = 1000;

    private final Namespace namespace;
    private final LongNames longNames;
    private final Map<String, Bytes> paths = new HashMap<>();

    FoundNames(Namespace namespace, LongNames longNames) {
        this.namespace = namespace;
        this.longNames = longNames;
    }

    /** Returns the whole name; that of a long one is read out of its record. Empty if it was deleted since. */
    Optional<Bytes> nameOf(HeadScan.Entry entry) throws IOException {
        EncodedName encoded = entry.name();
        if (!encoded.isLong()) {
            return Optional.of(joined(pathOf(encoded.directory()), open(encoded.directory(), encoded.lastSegment())));
        }
        Bytes known = longNames.get(encoded);
        return known != null ? Optional.of(known) : read(entry);
    }

    /** Returns how messages call a name that is found in keys. */
    String shown(EncodedName encoded) {
        try {
            if (encoded.isLong()) {
                return "an object of a long name";
            }
            byte[] last = open(encoded.directory(), encoded.lastSegment());
            return "object "
                    + ObjectName.ofBytes(
                            joined(pathOf(encoded.directory()), last).toArray());
        } catch (FormatException | IntegrityException e) {
            return "a name that cannot be read";
        }
    }

    /** Returns what names in a directory begin with: nothing, or segments that each end with a slash. */
    Bytes pathOf(String directory) throws FormatException, IntegrityException {
        Bytes known = directory.isEmpty() ? Bytes.EMPTY : paths.get(directory);
        if (known == null) {
            int border = Math.max(0, directory.lastIndexOf('/'));
            String parent = directory.substring(0, border);
            byte[] segment = open(parent, directory.substring(border == 0 ? 0 : border + 1));
            known = joined(pathOf(parent), segment, new byte[] {'/'});
            if (paths.size() == MAX_PATHS) {
                paths.clear();
            }
            paths.put(directory, known);
        }
        return known;
    }

    private byte[] open(String directory, String segment) throws FormatException, IntegrityException {
        return names().openSegment(directory, segment);
    }

    private NameCodec names() {
        return namespace.format().names();
    }

    private Optional<Bytes> read(HeadScan.Entry entry) throws IOException {
        EncodedName encoded = entry.name();
        Optional<OpenedRecord> opened = entry.open();
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (OpenedRecord record = opened.get()) {
            Bytes name = record.metadata().name();
            if (!names().encode(name.toArray()).equals(encoded)) {
                throw new IntegrityException("a record is sealed for another name than it stands under: " + encoded);
            }
            longNames.put(encoded, name);
            return Optional.of(name);
        }
    }

    private static Bytes joined(Bytes path, byte[]... rest) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(path.toArray());
        for (byte[] part : rest) {
            all.writeBytes(part);
        }
        return Bytes.of(all.toByteArray());
    }
}
