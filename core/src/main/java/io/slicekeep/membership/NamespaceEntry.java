package io.slicekeep.membership;

import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.key.KeyContext;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.key.ParentKey;
import io.slicekeep.object.NamespaceMode;
import io.slicekeep.task.RandomSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One namespace of a keep: its name and mode, and its secret wrapped by the keep's. Immutable.
 */
public final class NamespaceEntry {
    /** The length of a namespace's id, in bytes. */
    public static final int ID_BYTES = 16;

    static final int COMMITMENT_BYTES = 32;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final String id;
    private final String name;
    private final NamespaceMode mode;
    private final byte[] commitment;
    private final byte[] wrapped;

    NamespaceEntry(String id, String name, NamespaceMode mode, byte[] commitment, byte[] wrapped) {
        Hex.require(id, ID_BYTES, "a namespace id");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a namespace's name must be 1 to 64 letters, digits, ., _ or -");
        }
        if (commitment.length != COMMITMENT_BYTES || wrapped.length != ParentKey.WRAPPED_BYTES) {
            throw new IllegalArgumentException(
                    "a namespace must have a commitment of 32 and a wrapped secret of 40 bytes");
        }
        this.id = id;
        this.name = name;
        this.mode = mode;
        this.commitment = commitment.clone();
        this.wrapped = wrapped.clone();
    }

    /**
     * Draws a namespace.
     *
     * @param name 1 to 64 of {@code A-Z a-z 0-9 . _ -}
     * @param mode how writes take each other's place
     * @param keepSecret the secret of its keep
     * @param random where id and secret come from
     * @return the entry
     */
    public static NamespaceEntry create(String name, NamespaceMode mode, OpenSecret keepSecret, RandomSource random) {
        String id = HexFormat.of().formatHex(random.bytes(ID_BYTES));
        try (OpenSecret secret = OpenSecret.random(context(KeepId.of(keepSecret), id), random);
                KeyRing parent = KeyRing.of(ParentKey.of(keepSecret))) {
            return new NamespaceEntry(
                    id,
                    name,
                    mode,
                    secret.commitment(),
                    parent.wrap(secret).get(0).wrapped());
        } catch (KeyUnavailableException e) {
            throw new AssertionError("a parent key wraps every secret", e);
        }
    }

    /**
     * Opens the namespace's secret.
     *
     * @param keepSecret the secret of its keep
     * @return the secret, to be closed by the caller
     * @throws IntegrityException if it is not the one that was committed to
     */
    public OpenSecret open(OpenSecret keepSecret) throws IntegrityException {
        try (KeyRing parent = KeyRing.of(ParentKey.of(keepSecret))) {
            return parent.open(
                    List.of(ParentKey.slot(wrapped)),
                    context(KeepId.of(keepSecret), id),
                    OpenSecret.committedTo(commitment));
        } catch (KeyUnavailableException e) {
            throw new IntegrityException("the secret of namespace " + name + " does not open", e);
        }
    }

    /**
     * Returns the namespace's id.
     *
     * @return 32 lower-case hex digits
     */
    public String id() {
        return id;
    }

    /**
     * Returns what people call it.
     *
     * @return its name
     */
    public String name() {
        return name;
    }

    /**
     * Returns how writes take each other's place.
     *
     * @return the mode, which never changes
     */
    public NamespaceMode mode() {
        return mode;
    }

    byte[] commitment() {
        return commitment;
    }

    byte[] wrapped() {
        return wrapped;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamespaceEntry that
                && that.id.equals(id)
                && that.name.equals(name)
                && that.mode == mode
                && Arrays.equals(that.commitment, commitment)
                && Arrays.equals(that.wrapped, wrapped);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return name + " (" + id + ")";
    }

    private static KeyContext context(KeepId keepId, String id) {
        return KeyContext.ofNamespace(keepId.bytes(), HexFormat.of().parseHex(id));
    }
}
