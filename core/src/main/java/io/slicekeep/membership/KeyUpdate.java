package io.slicekeep.membership;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.blob.BlobStore;
import io.slicekeep.blob.Listing;
import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.error.KeyUnavailableException.Reason;
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
import java.util.stream.Stream;

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
     * @param ring what to wrap with; slots that it does not open stay as they are
     * @return what stands now
     * @throws KeyUnavailableException if a key cannot be used, or none of them opens a slot; nothing was changed
     * @throws UnavailableException if fewer than W sites took the new keys; the former ones still open the keep
     * @throws IOException if the thread is interrupted
     */
    public Result rotate(Membership membership, WrappedKeys current, KeyRing ring) throws IOException {
        membership.reread();
        Set<KeyUri> opening = uris(current.slots().stream()
                .filter(slot -> opens(membership, ring, slot))
                .toList());
        if (opening.isEmpty()) {
            throw new KeyUnavailableException(
                    Reason.WRONG_KEY,
                    "none of the keys given opens the keep any more: " + ring.uris() + "; open it with those that do: "
                            + uris(current.slots()));
        }
        List<KeySlot> fresh = wrap(membership, ring).stream()
                .filter(slot -> opening.contains(slot.uri()))
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
        membership.reread();
        return publish(membership, next(membership, current, wrap(membership, ring), dropping));
    }

    /** Wraps, and opens again: the former slots will go, and a key that only wraps would lose the keep. */
    private static List<KeySlot> wrap(Membership membership, KeyRing ring) throws KeyUnavailableException {
        List<KeySlot> fresh = ring.wrap(membership.secret());
        for (KeySlot slot : fresh) {
            open(membership, ring, slot);
        }
        return fresh;
    }

    private static boolean opens(Membership membership, KeyRing ring, KeySlot slot) {
        try {
            open(membership, ring, slot);
            return true;
        } catch (KeyUnavailableException e) {
            return false;
        }
    }

    private static void open(Membership membership, KeyRing ring, KeySlot slot) throws KeyUnavailableException {
        KeepId keepId = membership.configuration().keepId();
        ring.open(
                        List.of(slot),
                        Membership.SECRET_CONTEXT,
                        candidate -> KeepId.of(candidate).equals(keepId))
                .close();
    }

    private static WrappedKeys next(
            Membership membership, WrappedKeys current, List<KeySlot> fresh, Set<KeyUri> dropping)
            throws KeyUnavailableException {
        Generations generations = new Generations(membership, current);
        generations.requireNewest();
        Set<KeyUri> replaced = uris(fresh);
        List<KeySlot> slots = new ArrayList<>(fresh);
        for (KeySlot slot : current.slots()) {
            if (!dropping.contains(slot.uri()) && !replaced.contains(slot.uri())) {
                slots.add(slot);
            }
        }
        return new WrappedKeys(membership.configuration().keepId(), generations.next(), slots);
    }

    private static Set<KeyUri> uris(List<KeySlot> slots) {
        return slots.stream().map(KeySlot::uri).collect(Collectors.toUnmodifiableSet());
    }

    private Result publish(Membership membership, WrappedKeys next) throws IOException {
        BlobKey key = MemberKeys.fresh(MemberKeys.KEYS, next.generation(), random);
        byte[] blob = next.encode();
        List<Standing> members = membership.standings();
        List<Standing> written = new ArrayList<>();
        Map<String, String> outdated = new LinkedHashMap<>();
        Step put = standing -> SmallBlob.write(standing.store(), key, blob);
        split(members, written, outdated, put);
        int needed = membership.configuration().profile().writeQuorum();
        if (written.size() < needed) {
            retract(members, key);
            throw new UnavailableException("too few sites took the new keys: needed " + needed + ", found "
                    + written.size() + "; the former keys still open the keep; " + outdated);
        }
        split(newcomers(membership, members), written, outdated, put);
        split(written, new ArrayList<>(), outdated, standing -> deleteOlder(standing.store(), next.generation()));
        return new Result(next, outdated);
    }

    /** Returns who is taking a member's place, or has taken it since; whoever comes later is brought the keys by who has him come. */
    private static List<Standing> newcomers(Membership membership, List<Standing> members) throws IOException {
        Roster now;
        try {
            now = membership.reread();
        } catch (UnavailableException e) {
            now = membership.roster();
        }
        List<BlobStore> known = members.stream().map(Standing::store).toList();
        return Stream.concat(now.standings().stream(), now.incoming().stream())
                .filter(standing -> standing.present() && !known.contains(standing.store()))
                .toList();
    }

    /** Takes the new keys back wherever they may have landed, whatever the answer was. */
    private void retract(List<Standing> targets, BlobKey key) throws IOException {
        split(
                targets,
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

    /** Deletes the keys of earlier generations at a site. */
    static void deleteOlder(BlobStore store, long generation) throws IOException {
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

    private interface Step {
        void run(Standing standing) throws IOException;
    }
}
