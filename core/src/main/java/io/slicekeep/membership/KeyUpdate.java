package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.task.Outcome;
import io.slicekeep.task.RandomSource;
import io.slicekeep.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Changes which keys open a keep: one new blob per site, and then, where it stands, the older ones go. No other byte at the
 * sites changes, for the secret stays the same.
 */
public final class KeyUpdate {
    private static final int PAGE = 1000;

    private final RandomSource random;
    private final Everywhere everywhere;

    /**
     * Creates an update.
     *
     * @param tasks where to wait
     * @param random where salts and keys' suffixes come from
     * @param patience how long to wait for the last site
     */
    public KeyUpdate(Tasks tasks, RandomSource random, Duration patience) {
        this.random = random;
        this.everywhere = new Everywhere(tasks, patience);
    }

    /**
     * What became of an update.
     *
     * @param keys what now stands
     * @param outdated sites where former keys may still stand: name to reason
     */
    public record Result(WrappedKeys keys, Map<String, String> outdated) {}

    /**
     * Wraps the keep's secret anew with those of these keys that open it already.
     *
     * @param membership the keep, open
     * @param current the keys that stand now
     * @param ring what to wrap with; slots of other keys stay as they are
     * @return what stands now
     * @throws KeyUnavailableException if a key cannot be used; nothing was changed
     * @throws UnavailableException if fewer than W sites took the new keys; the former ones still open the keep
     * @throws IOException if the thread is interrupted
     */
    public Result rotate(Membership membership, WrappedKeys current, KeyRing ring) throws IOException {
        Set<KeyUri> present = uris(current.slots());
        List<KeySlot> fresh = ring.wrap(membership.secret()).stream()
                .filter(slot -> present.contains(slot.uri()))
                .toList();
        return publish(membership, next(membership, current, fresh, Set.of()));
    }

    /**
     * Wraps the keep's secret with these keys, in the place of their former slots or in addition.
     *
     * @param membership the keep, open
     * @param current the keys that stand now
     * @param ring what to wrap with; slots of other keys stay, but for those dropped
     * @param dropping keys whose slots go
     * @return what stands now
     * @throws KeyUnavailableException if a key cannot be used; nothing was changed
     * @throws UnavailableException if fewer than W sites took the new keys; the former ones still open the keep
     * @throws IOException if the thread is interrupted
     */
    public Result replace(Membership membership, WrappedKeys current, KeyRing ring, Set<KeyUri> dropping)
            throws IOException {
        return publish(membership, next(membership, current, ring.wrap(membership.secret()), dropping));
    }

    private static WrappedKeys next(
            Membership membership, WrappedKeys current, List<KeySlot> fresh, Set<KeyUri> dropping) {
        Set<KeyUri> replaced = uris(fresh);
        List<KeySlot> slots = new ArrayList<>(fresh);
        for (KeySlot slot : current.slots()) {
            if (!dropping.contains(slot.uri()) && !replaced.contains(slot.uri())) {
                slots.add(slot);
            }
        }
        long generation = Math.max(current.generation(), newestShown(membership)) + 1;
        return new WrappedKeys(membership.configuration().keepId(), generation, slots);
    }

    private static Set<KeyUri> uris(List<KeySlot> slots) {
        return slots.stream().map(KeySlot::uri).collect(Collectors.toUnmodifiableSet());
    }

    private Result publish(Membership membership, WrappedKeys next) throws IOException {
        BlobKey key = MemberKeys.fresh(MemberKeys.KEYS, next.generation(), random);
        byte[] blob = next.encode();
        List<Standing> written = new ArrayList<>();
        Map<String, String> outdated = new LinkedHashMap<>();
        split(membership.standings(), written, outdated, standing -> SmallBlob.write(standing.store(), key, blob));
        int needed = membership.configuration().profile().writeQuorum();
        if (written.size() < needed) {
            retract(written, key);
            throw new UnavailableException("too few sites took the new keys: needed " + needed + ", found "
                    + written.size() + "; the former keys still open the keep; " + outdated);
        }
        split(written, new ArrayList<>(), outdated, standing -> deleteOlder(standing.store(), next.generation()));
        return new Result(next, outdated);
    }

    private void retract(List<Standing> written, BlobKey key) throws IOException {
        split(
                written,
                new ArrayList<>(),
                new LinkedHashMap<>(),
                standing -> standing.store().delete(key));
    }

    private void split(List<Standing> targets, List<Standing> done, Map<String, String> failed, Step step)
            throws IOException {
        List<Outcome<Boolean>> outcomes = everywhere.call(targets, target -> {
            step.run(target);
            return true;
        });
        for (Outcome<Boolean> outcome : outcomes) {
            Standing target = targets.get(outcome.index());
            if (outcome.failure() == null) {
                done.add(target);
            } else {
                failed.put(target.name(), String.valueOf(outcome.failure().getMessage()));
            }
        }
    }

    private static void deleteOlder(BlobStore store, long generation) throws IOException {
        List<BlobKey> older = new ArrayList<>();
        BlobKey after = null;
        Listing page;
        do {
            page = store.list(MemberKeys.KEYS, after, PAGE);
            for (BlobKey key : page.keys()) {
                after = key;
                if (MemberKeys.number(key).orElse(generation) < generation) {
                    older.add(key);
                }
            }
        } while (page.more());
        for (BlobKey key : older) {
            store.delete(key);
        }
    }

    /** Returns the newest generation that more than f sites show: fewer could be lying. */
    private static long newestShown(Membership membership) {
        int faults = membership.configuration().profile().faults();
        return membership.standings().stream()
                .map(Standing::keysGeneration)
                .sorted((a, b) -> Long.compare(b, a))
                .skip(faults)
                .findFirst()
                .orElse(0L);
    }

    private interface Step {
        void run(Standing standing) throws IOException;
    }
}
