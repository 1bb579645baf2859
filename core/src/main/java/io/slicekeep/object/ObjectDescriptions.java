package io.slicekeep.object;

import io.slicekeep.error.IntegrityException;
import io.slicekeep.object.ObjectStore.ObjectInfo;
import io.slicekeep.object.ObjectStore.PutOptions;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Current;
import io.slicekeep.record.Metadata;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Translates between what callers say of objects and what records seal of them. */
final class ObjectDescriptions {
    /** The most that a user's names and values take in all, with their lengths, so that they fit a record. */
    static final int MAX_METADATA_BYTES = 32 * 1024;

    /** Each name and each value stands behind its length. */
    private static final int LENGTH_BYTES = 2;

    private ObjectDescriptions() {}

    /** Returns the user's names and values in the order in which they are stored. */
    static List<Metadata.Entry> entries(Map<String, String> metadata) {
        List<Metadata.Entry> entries = metadata.entrySet().stream()
                .map(entry -> new Metadata.Entry(utf8(entry.getKey()), utf8(entry.getValue())))
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
        int bytes = entries.stream()
                .mapToInt(entry -> entry.name().length() + entry.value().length() + 2 * LENGTH_BYTES)
                .sum();
        if (bytes > MAX_METADATA_BYTES) {
            throw new IllegalArgumentException("metadata must take at most " + MAX_METADATA_BYTES
                    + " bytes in all, 4 of them for each entry: bytes=" + bytes);
        }
        return entries;
    }

    static ObjectInfo info(ObjectName name, Current.Value value, boolean proven) throws IntegrityException {
        Metadata metadata = value.record().metadata();
        if (!metadata.name().equals(Bytes.of(name.bytes()))) {
            throw new IntegrityException("the record of " + name + " is sealed for another name");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        metadata.entries().forEach(entry -> texts.put(text(entry.name()), text(entry.value())));
        return new ObjectInfo(
                name,
                metadata.lengthBytes(),
                time(metadata.modifiedMicros()),
                metadata.crc32c(),
                metadata.sha256().map(digest -> HexFormat.of().formatHex(digest.toArray())),
                texts,
                value.revision().writer().toString(),
                proven);
    }

    /** Returns the options that write an object again as it is described. */
    static PutOptions options(ObjectInfo info) {
        return new PutOptions(info.modified(), info.metadata(), info.sha256().isPresent());
    }

    static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    static Optional<Bytes> sha256(byte[] digest) {
        return Optional.of(Bytes.of(digest));
    }

    private static Bytes utf8(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Bytes bytes) {
        return new String(bytes.toArray(), StandardCharsets.UTF_8);
    }
}
