package io.slicekeep.object;

import io.slicekeep.dispersal.Layout;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.OutcomeUnknownException;
import io.slicekeep.error.PreconditionFailedException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.object.ObjectStore.WriteReport;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.CommonPart;
import io.slicekeep.record.Content;
import io.slicekeep.record.Current;
import io.slicekeep.record.Hints;
import io.slicekeep.record.Need;
import io.slicekeep.record.OpenedRecord;
import io.slicekeep.record.Reasons;
import io.slicekeep.record.RecordKind;
import io.slicekeep.record.RecordSet;
import io.slicekeep.record.Revision;
import io.slicekeep.record.StoredRecord;
import io.slicekeep.record.Target;
import io.slicekeep.record.WriterId;
import io.slicekeep.register.Register;
import io.slicekeep.register.State;
import io.slicekeep.task.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * One write of a name whose head is a register. Its condition is judged where the register's next value is made, by what that
 * value takes the place of. There the time is judged too: a collector that has seen slices which no head names waits as long as
 * a write may take to name them, has the register decided once more, and deletes them (docs/PROTOCOLS.md 12). Confined to one
 * thread at a time.
 */
final class RegisterWrite implements Heads.Write {
    private RegisterNamespace namespace;
    private final Target target;
    private final Condition condition;
    private final Revision revision;
    private Deadline deadline;

    RegisterWrite(RegisterNamespace namespace, Target target, Condition condition) throws UnavailableException {
        this.namespace = namespace;
        this.target = target;
        this.condition = condition;
        long counter = namespace.tasks().wallMicros();
        if (counter < 0 || counter > Revision.MAX_COUNTER) {
            throw new UnavailableException(target + " cannot be written: the clock is out of range");
        }
        this.revision = new Revision(counter, WriterId.random(namespace.random()), 0);
        this.deadline = newDeadline();
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public void slicesAppear() {
        deadline = newDeadline();
    }

    @Override
    public void extendedTo(Layout layout) {
        namespace = namespace.under(layout);
    }

    /** The layout is confirmed once more where the register's next value is made. */
    @Override
    public boolean renew() {
        return false;
    }

    @Override
    public WriteReport commit(RecordSet head, Hints hints) throws IOException {
        Register.Settled settled = settle(HeadValue.of(head, hints), hints.kind());
        if (!settled.update().applied()) {
            return declined(settled.update().state());
        }
        Extension.follow(namespace, target, this::extendTo);
        return new WriteReport(revision.writer().toString(), settled.missing());
    }

    private Register.Settled settle(Bytes value, RecordKind kind) throws IOException {
        try {
            return namespace.register(target.name()).settle(current -> next(current, value, kind));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (OutcomeUnknownException e) {
            throw new OutcomeUnknownException(target + " may or may not have been written: " + Reasons.of(e), e);
        } catch (UnavailableException e) {
            throw new UnavailableException(target + " was not written: " + Reasons.of(e), e);
        }
    }

    /** Brings the slices up to what the layout asks for. If a newer version is there, they are garbage already. */
    private void extendTo(Namespace now) throws IOException {
        try (Current current = now.heads().read(target, Need.HEAD, Certainty.PROVEN)) {
            Optional<Current.Value> own = current.found().filter(value -> isOwn(value.revision()));
            if (own.isPresent()) {
                OpenSecret secret = own.get().record().secret();
                new SliceRepair(SlicedBlob.of(now, own.get()), secret).complete(target.name());
            }
        }
    }

    private boolean isOwn(Revision found) {
        return found.writer().equals(revision.writer());
    }

    /**
     * Returns the head if it may be the next value. The sites that decide may be others by now than those where the slices were put,
     * and nobody brings slices to them that no head names: so they are made to stand there first.
     */
    private Optional<Bytes> next(State current, Bytes head, RecordKind kind) {
        try {
            if (!mayReplace(current, kind)) {
                return Optional.empty();
            }
            RegisterNamespace now = namespace.confirmed();
            if (!now.agreesWith(namespace)) {
                completeSlices(now, head);
                namespace = now;
            }
            return Optional.of(head);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean mayReplace(State current, RecordKind kind) throws FormatException {
        Optional<String> etag = etag(current);
        boolean pointless = kind == RecordKind.TOMBSTONE && etag.isEmpty();
        return condition.holds(etag) && !pointless && !deadline.passed();
    }

    private void completeSlices(RegisterNamespace now, Bytes head) throws IOException {
        StoredRecord stored = now.format().parse(HeadValue.head(head));
        CommonPart common = stored.common();
        HeadWriter.requirePresentSlices(target, common.placement(), common.content(), now);
        if (common.content() instanceof Content.Sliced content) {
            try (OpenedRecord opened = now.format().openSecret(stored)) {
                SlicedBlob blob = SlicedBlob.of(now, common.name(), common.revision(), common.placement(), content);
                new SliceRepair(blob, opened.secret()).complete(target.name());
            }
        }
    }

    private WriteReport declined(State current) throws IOException {
        Optional<String> etag = etag(current);
        if (!condition.holds(etag)) {
            String found = etag.map(there -> "its ETag is " + there).orElse("there is none");
            throw new PreconditionFailedException(condition + " does not hold for " + target + ": " + found, etag);
        }
        if (deadline.passed()) {
            throw new UnavailableException(target + " was not written: it took longer than "
                    + namespace.facilities().timing().deadline() + " from its first slice on");
        }
        return WriteReport.NOTHING;
    }

    private static Optional<String> etag(State current) throws FormatException {
        return HeadValue.parse(current)
                .filter(value -> !value.isTombstone())
                .map(value -> value.writer().toString());
    }

    private Deadline newDeadline() {
        return namespace.tasks().deadline(namespace.facilities().timing().deadline());
    }
}
