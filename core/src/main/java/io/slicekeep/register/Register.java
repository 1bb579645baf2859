package io.slicekeep.register;

import io.slicekeep.record.Bytes;
import io.slicekeep.record.Means;
import io.slicekeep.site.Site;
import io.slicekeep.task.Deadline;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * A small named value that is changed by everybody as if one after the other: each change sees what the one before it left, takes
 * effect once, and is seen by every read that begins after it returned (docs/PROTOCOLS.md 9). Thread-safe; any number of
 * processes may use one register.
 *
 * <pre>{@code
 * register.update(current -> Optional.of(next(current.value())));             // read, modify, write
 * register.update(current -> current.version() == seen ? Optional.of(value) : Optional.empty());    // if it matches
 * }</pre>
 */
public final class Register {
    /** The longest value, in bytes. */
    public static final int MAX_VALUE_BYTES = 64_000;

    private static final Change NONE = current -> Optional.empty();

    private final Agreement agreement;
    private final RegisterBlobs blobs;
    private final Means means;

    Register(Agreement agreement, RegisterBlobs blobs, Means means) {
        this.agreement = agreement;
        this.blobs = blobs;
        this.means = means;
    }

    /**
     * Reads the value. Where the sites do not agree yet, it makes them.
     *
     * @return what the register holds
     * @throws io.slicekeep.error.UnavailableException if too few sites answered, or it was not agreed on in time
     * @throws IOException if it cannot be read
     */
    public State read() throws IOException {
        Deadline deadline = deadline();
        Optional<Contents> settled = agreement.settled(deadline);
        if (settled.isPresent()) {
            return settled.get().state();
        }
        return new Updating(agreement, means, NONE, Agreement.Reach.QUORUM, deadline)
                .run()
                .state();
    }

    /**
     * Reads the value if the sites agree already, and makes them agree on nothing.
     *
     * @return what the register holds; empty if only a ballot can tell
     * @throws io.slicekeep.error.UnavailableException if too few sites answered
     * @throws IOException if it cannot be read
     */
    public Optional<State> look() throws IOException {
        return agreement.settled(deadline()).map(Contents::state);
    }

    /**
     * Looks at the value, and makes nobody agree.
     *
     * @return what the sites that answer serve
     * @throws io.slicekeep.error.UnavailableException if no site answered
     * @throws IOException if it cannot be read
     */
    public Sighting sight() throws IOException {
        return agreement.sight(deadline());
    }

    /**
     * Changes the value, or finds that the change declines. That the register was left as it is holds at one moment during the
     * call, like everything else, and whatever change was begun before and is not seen by then will never be made.
     *
     * @param change makes the next value out of the present one
     * @return what became of it
     * @throws io.slicekeep.error.UnavailableException if it was not and will not be made
     * @throws io.slicekeep.error.OutcomeUnknownException if it may or may not have been, or will be, made
     * @throws IOException if it was not and will not be made
     */
    public Update update(Change change) throws IOException {
        return new Updating(agreement, means, change, Agreement.Reach.QUORUM, deadline()).run();
    }

    /**
     * Changes the value as {@link #update(Change)} does, after a witness has seen all that is shown.
     *
     * @param change makes the next value out of the present one
     * @param witness what it throws is thrown, and nothing is decided; or, after an attempt whose outcome is open, as that
     * @return what became of it
     * @throws IOException as {@link #update(Change)} does
     */
    public Update update(Change change, Witness witness) throws IOException {
        return new Updating(agreement, means, change, witness, Agreement.Reach.QUORUM, deadline()).run();
    }

    /**
     * What became of a change, and where.
     *
     * @param update what became of it
     * @param missing sites that do not hold yet what the register holds: name to reason
     */
    public record Settled(Update update, Map<String, String> missing) {}

    /**
     * Changes the value as {@link #update} does, and waits a little for all sites to hold it.
     *
     * @param change makes the next value out of the present one
     * @return what became of it, and where
     * @throws IOException as {@link #update} does
     */
    public Settled settle(Change change) throws IOException {
        Updating updating = new Updating(agreement, means, change, Agreement.Reach.ALL, deadline());
        Update update = updating.run();
        return new Settled(update, updating.missing());
    }

    /**
     * Decides what the register holds once more, and waits a little for all sites to hold it.
     *
     * @return what it holds
     * @throws IOException as {@link #read} does
     */
    public State restate() throws IOException {
        return settle(NONE).update().state();
    }

    /**
     * Tells what a site holds, by its listing alone.
     *
     * @param site which site
     * @return what the key of the newest value there tells of it; empty if there is none
     * @throws IOException if the site cannot be listed
     */
    public Optional<Bytes> noteAt(Site site) throws IOException {
        return newestAt(site).map(RegisterKey::note);
    }

    /**
     * Reads what a site holds.
     *
     * @param site which site
     * @return the newest value there; empty if there is none
     * @throws io.slicekeep.error.IntegrityException if it is not what was written
     * @throws IOException if it cannot be read
     */
    public Optional<State> stateAt(Site site) throws IOException {
        Optional<RegisterKey> newest = newestAt(site);
        return newest.isPresent()
                ? Optional.of(blobs.read(site.store(), newest.get()).state())
                : Optional.empty();
    }

    private Optional<RegisterKey> newestAt(Site site) throws IOException {
        return blobs.list(site.store()).stream()
                .filter(key -> key.phase() != Phase.BID)
                .max(Comparator.comparing(RegisterKey::ballot));
    }

    static Bytes requireFits(Bytes value) {
        if (value.length() > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException(
                    "a register's value must have at most " + MAX_VALUE_BYTES + " bytes: bytes=" + value.length());
        }
        return value;
    }

    private Deadline deadline() {
        return means.tasks().deadline(means.timing().deadline());
    }

    @Override
    public String toString() {
        return agreement.toString();
    }
}
