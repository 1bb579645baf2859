package io.slicekeep.object;

import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.CommonPart;
import io.slicekeep.record.Current;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Need;
import io.slicekeep.record.OpenedRecord;
import io.slicekeep.record.StoredRecord;
import io.slicekeep.record.Target;
import io.slicekeep.register.Register;
import io.slicekeep.register.RegisterScan;
import io.slicekeep.register.Sighting;
import io.slicekeep.register.State;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Heads that are registers: what one holds is what counts. */
final class RegisterHeads implements Heads {
    private final RegisterNamespace namespace;

    RegisterHeads(RegisterNamespace namespace) {
        this.namespace = namespace;
    }

    @Override
    public int maxInlineBytes() {
        return 0;
    }

    /** Registers hold every condition. */
    @Override
    public void require(Condition condition) {}

    @Override
    public Current read(Target target, Need need, Certainty certainty) throws IOException {
        Sighting sighting = sight(namespace.register(target.name()), certainty);
        return current(target, sighting.state(), sighting.grade() == Sighting.Grade.DECIDED);
    }

    /** Opens what a register was found to hold. */
    Current held(Target target, State decided) throws IOException {
        return current(target, decided, true);
    }

    private Current current(Target target, State state, boolean proven) throws IOException {
        Optional<HeadValue> found = HeadValue.parse(state).filter(value -> !value.isTombstone());
        if (found.isEmpty()) {
            return new Current(Optional.empty(), Optional.empty(), proven);
        }
        Current.Value value = value(target, found.get(), state.value());
        return new Current(Optional.of(value), Optional.of(value.revision()), proven);
    }

    private static Sighting sight(Register register, Certainty certainty) throws IOException {
        if (certainty == Certainty.PROVEN) {
            return new Sighting(register.read(), Sighting.Grade.DECIDED);
        }
        Sighting sighting = register.sight();
        if (certainty == Certainty.UNTOUCHED || sighting.grade() != Sighting.Grade.UNDECIDED) {
            return sighting;
        }
        try {
            return new Sighting(register.read(), Sighting.Grade.DECIDED);
        } catch (UnavailableException e) {
            return sighting;
        }
    }

    private Current.Value value(Target target, HeadValue found, Bytes value) throws IOException {
        StoredRecord stored = namespace.format().parse(HeadValue.head(value));
        CommonPart common = stored.common();
        boolean fits = common.name().equals(target.name())
                && common.revision().writer().equals(found.writer())
                && common.content().kind() == found.hints().kind();
        if (!fits) {
            throw new IntegrityException("the register of " + target + " holds another head than it says");
        }
        return new Current.Value(
                common.revision(), found.hints(), namespace.format().openSecret(stored), Map.of());
    }

    @Override
    public Write begin(Target target, Condition condition) throws IOException {
        return new RegisterWrite(namespace, target, condition);
    }

    @Override
    public HeadScan scan(String directory, Names names, Certainty certainty) {
        String beginning = directory.isEmpty() ? "" : directory + "/";
        return new Scan(new RegisterScan(
                namespace.layout(),
                namespace.registerFormat(),
                names == Names.ALL ? beginning : beginning + EncodedName.LONG_MARK,
                certainty,
                namespace.facilities().means()));
    }

    /** The names that registers show. */
    private final class Scan implements HeadScan {
        private final RegisterScan scan;

        Scan(RegisterScan scan) {
            this.scan = scan;
        }

        @Override
        public @Nullable Entry next() throws IOException {
            for (RegisterScan.Entry listed = scan.next(); listed != null; listed = scan.next()) {
                HeadValue value = HeadValue.parse(listed.note());
                if (!value.isTombstone()) {
                    EncodedName name = new EncodedName(listed.id().value());
                    return new Entry(name, value.hints(), value.writer(), () -> open(name));
                }
            }
            return null;
        }

        private Optional<OpenedRecord> open(EncodedName name) throws IOException {
            Current current = read(new Target(name, "a long name"), Need.HEAD, Certainty.UNTOUCHED);
            return current.found().map(Current.Value::record);
        }

        @Override
        public boolean isBlank() {
            return scan.isBlank();
        }

        @Override
        public void skip(String directory) {
            scan.skip(directory);
        }

        @Override
        public boolean isProven() {
            return scan.isProven();
        }
    }
}
