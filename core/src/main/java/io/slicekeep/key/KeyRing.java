package io.slicekeep.key;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
import io.slicekeep.task.RandomSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The keys that a user gives: one to sixteen providers, any one of which opens what all of them wrapped. It is the allow-list
 * too: a slot reaches a provider only if its URI equals that provider's, so that stored data cannot name a key, a host or a
 * file that was not configured. Thread-safe but for closing, as its providers are.
 */
public final class KeyRing implements AutoCloseable {
    private final Map<KeyUri, KeyProvider> providers;
    private volatile boolean closed;

    private KeyRing(Map<KeyUri, KeyProvider> providers) {
        this.providers = providers;
    }

    /**
     * Returns the ring of some providers.
     *
     * @param providers 1 to 16 with different URIs, closed by {@link #close}
     * @return the ring
     */
    public static KeyRing of(KeyProvider... providers) {
        return of(List.of(providers));
    }

    /**
     * Returns the ring of some providers.
     *
     * @param providers 1 to 16 with different URIs, closed by {@link #close}; the first one draws new secrets
     * @return the ring
     */
    public static KeyRing of(List<? extends KeyProvider> providers) {
        if (providers.isEmpty() || providers.size() > SlotArea.MAX_SLOTS) {
            throw new IllegalArgumentException(
                    "a key ring must have 1 to " + SlotArea.MAX_SLOTS + " providers: providers=" + providers.size());
        }
        Map<KeyUri, KeyProvider> byUri = new LinkedHashMap<>();
        for (KeyProvider provider : providers) {
            if (byUri.put(provider.uri(), provider) != null) {
                throw new IllegalArgumentException(
                        "the providers of a key ring must have different URIs: uri=" + provider.uri());
            }
        }
        return new KeyRing(byUri);
    }

    /**
     * Returns which keys are allowed.
     *
     * @return the providers' URIs, in order
     */
    public List<KeyUri> uris() {
        return List.copyOf(providers.keySet());
    }

    /**
     * Draws a secret and wraps it with every provider.
     *
     * @param context what the secret is for
     * @param random where it comes from, unless the first provider draws it itself
     * @return the secret with one slot per provider, to be closed by the caller
     * @throws KeyUnavailableException if any provider fails
     */
    public OpenSecret generate(KeyContext context, RandomSource random) throws KeyUnavailableException {
        KeyProvider first = openProviders().iterator().next();
        KeyProvider.Opened drawn = opened(first, () -> first.generate(context, random));
        try {
            List<KeySlot> slots = new ArrayList<>(List.of(drawn.slot()));
            for (KeyProvider provider : openProviders()) {
                if (provider != first) {
                    slots.add(guarded(provider, () -> provider.wrap(drawn.secret(), context)));
                }
            }
            return new OpenSecret(drawn.secret(), context, slots);
        } catch (KeyUnavailableException | RuntimeException e) {
            drawn.close();
            throw e;
        }
    }

    /**
     * Wraps a secret that is open with every provider: how a passphrase is changed and a key rotated. The former slots go on
     * opening it wherever a copy of them stands.
     *
     * @param secret the secret
     * @return one slot per provider, in order
     * @throws KeyUnavailableException if any provider fails
     */
    public List<KeySlot> wrap(OpenSecret secret) throws KeyUnavailableException {
        List<KeySlot> slots = new ArrayList<>();
        for (KeyProvider provider : openProviders()) {
            slots.add(guarded(provider, () -> provider.wrap(secret.secret(), secret.context())));
        }
        return List.copyOf(slots);
    }

    /**
     * Wraps a secret that is open again, as {@link #wrap} does, and keeps those of its slots that name other keys than
     * this ring's.
     *
     * @param secret the secret, with the slots that it was opened by
     * @return the kept slots, and one new slot per provider
     * @throws KeyUnavailableException if any provider fails
     */
    public List<KeySlot> rewrap(OpenSecret secret) throws KeyUnavailableException {
        List<KeySlot> slots = new ArrayList<>(secret.slots());
        slots.removeIf(slot -> providers.containsKey(slot.uri()));
        slots.addAll(wrap(secret));
        return List.copyOf(slots);
    }

    /**
     * Opens a secret by the first slot that gives the right one. Each slot whose URI is allowed is tried once, in order.
     *
     * @param slots from storage that is not trusted
     * @param context what the secret is for
     * @param check accepts the one secret that the immutable data commits to, as {@link OpenSecret#committedTo} does;
     *     it must not keep the candidate
     * @return the secret, to be closed by the caller
     * @throws KeyUnavailableException if no slot gives it; {@code NO_SUCH_KEY} if no slot names an allowed key,
     *     {@code WRONG_KEY} if those that do give nothing or another secret, else the failure of a provider
     */
    public OpenSecret open(List<KeySlot> slots, KeyContext context, Predicate<? super OpenSecret> check)
            throws KeyUnavailableException {
        requireOpen();
        List<KeyUnavailableException> failures = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            KeyProvider provider = providers.get(slots.get(i).uri());
            if (provider == null) {
                continue;
            }
            try {
                return openSlot(provider, slots, i, context, check);
            } catch (KeyUnavailableException e) {
                failures.add(e);
            }
        }
        throw summary(slots, failures);
    }

    /**
     * Checks that every provider can be used now.
     *
     * @throws KeyUnavailableException if one cannot, saying why
     */
    public void checkHealth() throws KeyUnavailableException {
        for (KeyProvider provider : openProviders()) {
            guarded(provider, () -> {
                provider.checkHealth();
                return provider;
            });
        }
    }

    /** Closes the providers. Idempotent. */
    @Override
    public void close() {
        closed = true;
        providers.values().forEach(KeyProvider::close);
    }

    @Override
    public String toString() {
        return "KeyRing" + providers.keySet();
    }

    private static OpenSecret openSlot(
            KeyProvider provider,
            List<KeySlot> slots,
            int index,
            KeyContext context,
            Predicate<? super OpenSecret> check)
            throws KeyUnavailableException {
        KeyProvider.Opened opened = opened(provider, () -> provider.unwrap(slots.get(index), context));
        boolean accepted = false;
        try {
            List<KeySlot> fresh = new ArrayList<>(slots);
            fresh.set(index, opened.slot());
            OpenSecret secret = new OpenSecret(opened.secret(), context, fresh);
            accepted = check.test(secret);
            if (!accepted) {
                throw KeyUnavailableException.wrongKey(provider.uri().value());
            }
            return secret;
        } finally {
            if (!accepted) {
                opened.close();
            }
        }
    }

    /** Names the failure that tells the user most: one that may pass by itself, then one of a key, then a wrong key. */
    private KeyUnavailableException summary(List<KeySlot> slots, List<KeyUnavailableException> failures) {
        String uris = " (it opens with "
                + slots.stream().map(KeySlot::uri).distinct().toList() + ", given are " + providers.keySet() + ")";
        if (failures.isEmpty()) {
            return new KeyUnavailableException(Reason.NO_SUCH_KEY, "no slot names a key that is configured" + uris);
        }
        List<KeyUnavailableException> telling = failures.stream()
                .filter(failure -> failure.reason() != Reason.WRONG_KEY)
                .sorted((a, b) -> Boolean.compare(b.retryable(), a.retryable()))
                .toList();
        if (telling.isEmpty()) {
            // One text for a wrong passphrase, a damaged slot and a slot that opens to another secret.
            return new KeyUnavailableException(Reason.WRONG_KEY, "wrong key or passphrase, or damaged slots" + uris);
        }
        KeyUnavailableException first = telling.get(0);
        KeyUnavailableException summary = new KeyUnavailableException(first.reason(), first.getMessage() + uris, first);
        telling.stream().skip(1).forEach(summary::addSuppressed);
        return summary;
    }

    private Collection<KeyProvider> openProviders() {
        requireOpen();
        return providers.values();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
    }

    private static KeyProvider.Opened opened(KeyProvider provider, ProviderCall<KeyProvider.Opened> call)
            throws KeyUnavailableException {
        KeyProvider.Opened opened = guarded(provider, call);
        if (opened.secret().unsafeBytes().length != KeyProvider.SECRET_BYTES) {
            opened.close();
            throw KeyUnavailableException.wrongKey(provider.uri().value());
        }
        return opened;
    }

    /** Calls a provider, which may be a stranger's and throw what it should not. */
    private static <T> T guarded(KeyProvider provider, ProviderCall<T> call) throws KeyUnavailableException {
        try {
            return call.run();
        } catch (RuntimeException e) {
            throw new KeyUnavailableException(
                    Reason.UNREACHABLE, "the provider of " + provider.uri() + " failed unexpectedly", e);
        }
    }

    private interface ProviderCall<T> {
        T run() throws KeyUnavailableException;
    }
}
