package io.slicekeep.kms.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys of one keystore file, held in memory for one operation and wiped by closing. Ordered by name, then version; the
 * versions of a name are 1, 2, ... without a gap. Confined to one thread.
 */
final class Keystore implements AutoCloseable {
    private final List<KeystoreEntry> entries;

    /** Takes the entries, which must be in order. */
    Keystore(List<KeystoreEntry> entries) {
        this.entries = new ArrayList<>(entries);
    }

    List<KeystoreEntry> entries() {
        return entries;
    }

    /** Returns the version that wraps. */
    Optional<KeystoreEntry> newest(String name) {
        return entries.stream()
                .filter(entry -> entry.about().name().equals(name))
                .reduce((older, newer) -> newer);
    }

    Optional<KeystoreEntry> find(String name, int version) {
        return entries.stream().filter(entry -> entry.is(name, version)).findFirst();
    }

    /** Adds a version where the order wants it. */
    void add(KeystoreEntry added) {
        int index = 0;
        while (index < entries.size()
                && entries.get(index).about().name().compareTo(added.about().name()) <= 0) {
            index++;
        }
        entries.add(index, added);
    }

    void replace(KeystoreEntry former, KeystoreEntry replacement) {
        entries.set(entries.indexOf(former), replacement);
    }

    @Override
    public void close() {
        entries.forEach(KeystoreEntry::close);
    }
}
