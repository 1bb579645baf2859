package io.slicekeep.membership;

import io.slicekeep.error.KeyUnavailableException;
import io.slicekeep.key.KeyRing;
import io.slicekeep.key.KeySlot;
import io.slicekeep.key.KeyUri;
import io.slicekeep.key.OpenSecret;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Opens the secret of a keep with the keys given. Confined to one thread. */
final class Unlocking {
    private final KeepId keepId;
    private final Predicate<KeyUri> allowed;
    private final KeyRing ring;
    private @Nullable WrappedKeys opened;

    Unlocking(KeepId keepId, Predicate<KeyUri> allowed, KeyRing ring) {
        this.keepId = keepId;
        this.allowed = allowed;
        this.ring = ring;
    }

    /** Tries the newest keys first; a key given may open older ones only, where a site missed a change of keys. */
    OpenSecret open(Survey survey) throws KeyUnavailableException {
        KeyUnavailableException failure = null;
        for (WrappedKeys keys : survey.keys(keepId)) {
            try {
                OpenSecret secret = open(keys);
                opened = keys;
                return secret;
            } catch (KeyUnavailableException e) {
                failure = failure == null ? e : failure;
            }
        }
        throw failure != null
                ? failure
                : new KeyUnavailableException(
                        KeyUnavailableException.Reason.NO_SUCH_KEY,
                        "no site at hand shows readable keys of keep " + keepId + "; bring more of its sites");
    }

    /**
     * Returns the keys that a change must be made of: the newest that more than f members show. Nothing MACs keys, so a lying
     * site could show newer ones that lack the slots of others. If the keys given do not open them, those that they opened.
     */
    WrappedKeys standing(Succession.Found found) {
        Survey members = found.survey().membersOf(found.roster());
        int faults = found.roster().configuration().profile().faults();
        for (WrappedKeys keys : members.keys(keepId)) {
            if (members.showMoreThan(faults, keys) && opens(keys)) {
                return keys;
            }
        }
        return Objects.requireNonNull(opened, "open() comes first");
    }

    private boolean opens(WrappedKeys keys) {
        if (keys.equals(opened)) {
            return true;
        }
        try {
            open(keys).close();
            return true;
        } catch (KeyUnavailableException e) {
            return false;
        }
    }

    private OpenSecret open(WrappedKeys keys) throws KeyUnavailableException {
        List<KeySlot> slots =
                keys.slots().stream().filter(slot -> allowed.test(slot.uri())).toList();
        return ring.open(
                slots,
                Membership.SECRET_CONTEXT,
                candidate -> KeepId.of(candidate).equals(keepId));
    }
}
