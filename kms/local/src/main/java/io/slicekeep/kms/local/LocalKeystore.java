package io.slicekeep.kms.local;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import io.slicekeep.key.KeyProvider;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.SecretBytes;
import io.slicekeep.kms.local.KeyVersion.State;
import io.slicekeep.task.RandomSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of named, versioned wrapping keys, readable by its owner only. It is read anew for every operation and holds no key
 * in between, so that a change by another process is seen at once; changes are atomic and durable, one at a time. Keys stand
 * in it in clear: who must not have them must not have the file. Thread-safe.
 *
 * <pre>{@code
 * LocalKeystore keystore = LocalKeystore.create(Path.of("my.keys"));
 * keystore.addKey("photos");
 * KeyRing keys = KeyRing.of(keystore.provider("photos"));
 * }</pre>
 */
public final class LocalKeystore {
    private final KeystoreFile file;
    private final RandomSource random;

    private LocalKeystore(KeystoreFile file, RandomSource random) {
        this.file = file;
        this.random = random;
    }

    /**
     * Makes a keystore without keys.
     *
     * @param file where; must not exist
     * @return the keystore
     * @throws IOException if the file exists or cannot be written
     */
    public static LocalKeystore create(Path file) throws IOException {
        return create(file, RandomSource.secure());
    }

    /**
     * Makes a keystore without keys.
     *
     * @param file where; must not exist
     * @param random where keys will come from
     * @return the keystore
     * @throws IOException if the file exists or cannot be written
     */
    public static LocalKeystore create(Path file, RandomSource random) throws IOException {
        KeystoreFile fresh = KeystoreFile.fresh(file);
        fresh.locked(() -> {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            try (Keystore none = new Keystore(List.of())) {
                fresh.replace(none);
            }
        });
        return open(file, random);
    }

    /**
     * Opens a keystore.
     *
     * @param file where
     * @return the keystore
     * @throws IOException if it is not there, others can read it, or it is not a keystore
     */
    public static LocalKeystore open(Path file) throws IOException {
        return open(file, RandomSource.secure());
    }

    /**
     * Opens a keystore.
     *
     * @param file where
     * @param random where keys will come from
     * @return the keystore
     * @throws IOException if it is not there, others can read it, or it is not a keystore
     */
    public static LocalKeystore open(Path file, RandomSource random) throws IOException {
        LocalKeystore keystore = new LocalKeystore(KeystoreFile.existing(file), random);
        keystore.list();
        return keystore;
    }

    /**
     * Returns what the keystore holds.
     *
     * @return all versions of all keys, by name and version
     * @throws IOException if the file cannot be read
     */
    public List<KeyVersion> list() throws IOException {
        try (Keystore keystore = file.read()) {
            return keystore.entries().stream().map(KeystoreEntry::about).toList();
        }
    }

    /**
     * Adds a key: its version 1.
     *
     * @param name 1 to 64 of {@code 0-9 A-Z a-z . _ -}, not in use
     * @return its URI, {@code local:NAME}
     * @throws IOException if the name is in use or the file cannot be changed
     */
    public KeyUri addKey(String name) throws IOException {
        requireName(name);
        change(keystore -> {
            if (keystore.newest(name).isPresent()) {
                throw new KeyUnavailableException(
                        Reason.DENIED,
                        "the key exists already and can be rotated: " + uri(name) + " in " + file.path());
            }
            keystore.add(KeystoreEntry.random(name, 1, random));
        });
        return uri(name);
    }

    /**
     * Adds a version to a key. It wraps from now on; the former ones still open what they wrapped.
     *
     * @param name of the key
     * @return the new version
     * @throws IOException if there is no such key or the file cannot be changed
     */
    public int rotate(String name) throws IOException {
        int[] version = new int[1];
        change(keystore -> {
            KeystoreEntry newest = keystore.newest(name).orElseThrow(() -> noSuchKey(name));
            version[0] = newest.about().version() + 1;
            keystore.add(KeystoreEntry.random(name, version[0], random));
        });
        return version[0];
    }

    /**
     * Enables, disables or destroys a version of a key. Destroying wipes it from this file, for good; copies of the file are
     * not reached.
     *
     * @param name of the key
     * @param version of the key
     * @param state the state that it shall have
     * @throws IOException if there is no such version, it is destroyed, or the file cannot be changed
     */
    public void setState(String name, int version, State state) throws IOException {
        change(keystore -> {
            KeystoreEntry former = keystore.find(name, version).orElseThrow(() -> noSuchKey(name));
            if (former.about().state() == State.DESTROYED && state != State.DESTROYED) {
                throw new KeyUnavailableException(
                        Reason.DISABLED, "the key is destroyed: " + uri(name) + " version " + version);
            }
            SecretBytes key = former.key();
            if (state == State.DESTROYED) {
                key.close();
                key = SecretBytes.owning(new byte[0]);
            }
            keystore.replace(former, new KeystoreEntry(new KeyVersion(name, version, state), key));
        });
    }

    /**
     * Returns the provider that wraps with a key of this keystore.
     *
     * @param name of the key, which may come later than the provider
     * @return the provider
     */
    public KeyProvider provider(String name) {
        requireName(name);
        return new LocalKeyProvider(file, name, uri(name));
    }

    @Override
    public String toString() {
        return "LocalKeystore[" + file.path() + "]";
    }

    private void change(Change change) throws IOException {
        file.locked(() -> {
            try (Keystore keystore = file.read()) {
                change.apply(keystore);
                file.replace(keystore);
            }
        });
    }

    private KeyUnavailableException noSuchKey(String name) {
        return new KeyUnavailableException(
                Reason.NO_SUCH_KEY, "the keystore has no such key or version: name=" + name + ", file=" + file.path());
    }

    private static void requireName(String name) {
        if (!KeystoreText.NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a key's name must have 1 to 64 characters of 0-9 A-Z a-z . _ -: name=" + name);
        }
    }

    private static KeyUri uri(String name) {
        return new KeyUri("local:" + name);
    }

    private interface Change {
        void apply(Keystore keystore) throws IOException;
    }
}
