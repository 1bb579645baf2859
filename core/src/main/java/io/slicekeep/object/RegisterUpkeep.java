package io.slicekeep.object;

import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.SlicekeepException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.object.ObjectStore.Freshness;
import io.slicekeep.object.ObjectStore.GarbageListener;
import io.slicekeep.object.ObjectStore.GarbageReport;
import io.slicekeep.object.ObjectStore.Kind;
import io.slicekeep.object.ObjectStore.ObjectHealth;
import io.slicekeep.object.ObjectStore.RepairReport;
import io.slicekeep.object.ObjectStore.ShredReport;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Certainty;
import io.slicekeep.record.Current;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.Need;
import io.slicekeep.record.PlacedBlob;
import io.slicekeep.record.Target;
import io.slicekeep.register.Register;
import io.slicekeep.register.RegisterId;
import io.slicekeep.register.RegisterScan;
import io.slicekeep.register.State;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks after objects whose heads are registers. */
final class RegisterUpkeep implements Upkeep {
    private final RegisterNamespace namespace;
    private final ObjectReader reader;
    private final Memory memory;

    RegisterUpkeep(RegisterNamespace namespace, Memory memory) {
        this.namespace = namespace;
        this.reader = new ObjectReader(namespace);
        this.memory = memory;
    }

    @Override
    public ObjectHealth inspect(ObjectName name, Depth depth) throws IOException {
        return reader.read(name, Need.HEAD, Certainty.UNTOUCHED, (value, info) -> {
            StandingSlices standing = StandingSlices.of(namespace, RegisterDamage.nameOf(value));
            RegisterDamage damage = RegisterDamage.of(namespace, value, standing, depth);
            if (depth == Depth.DEEP) {
                decrypt(value);
            }
            Set<PlacedBlob> others = standing.blobs();
            others.remove(PlacedBlob.of(value.revision(), value.hints()));
            Map<Integer, IOException> bad = damage.sites();
            return new ObjectHealth(
                    info,
                    Kind.SLICED,
                    namespace.byName(bad),
                    namespace.slicesBesides(bad.keySet()),
                    value.hints().dataSlices(),
                    others.size());
        });
    }

    /** Slices first, then the head that names them: its register is decided once more, at all sites. */
    @Override
    public RepairReport repair(ObjectName name, Depth depth) throws IOException {
        return reader.read(name, Need.HEAD, Freshness.PROVEN, (value, info) -> {
            StandingSlices standing = StandingSlices.of(namespace, RegisterDamage.nameOf(value));
            RegisterDamage damage = RegisterDamage.of(namespace, value, standing, depth);
            Map<Integer, IOException> pending = repairSlices(value, damage.slices());
            pending.putAll(repairHeads(value, damage.heads(), depth));
            Map<Integer, IOException> mended = damage.sites();
            mended.keySet().removeAll(pending.keySet());
            return new RepairReport(info, namespace.byName(mended), namespace.byName(pending));
        });
    }

    private Map<Integer, IOException> repairSlices(Current.Value value, Map<Integer, IOException> damage)
            throws IOException {
        SlicedBlob blob = SlicedBlob.of(namespace, value);
        return new HashMap<>(new SliceRepair(blob, value.record().secret()).run(damage));
    }

    private Map<Integer, IOException> repairHeads(Current.Value value, Map<Integer, IOException> damage, Depth depth)
            throws IOException {
        if (damage.values().stream().noneMatch(SlicekeepException::isDamage)) {
            return damage;
        }
        namespace.register(RegisterDamage.nameOf(value)).restate();
        return RegisterDamage.heads(
                namespace, RegisterDamage.nameOf(value), value.revision().writer(), depth);
    }

    @Override
    public Names names() {
        RegisterScan scan = new RegisterScan(
                namespace.layout(),
                namespace.registerFormat(),
                "",
                Certainty.PROVEN,
                namespace.facilities().means());
        return () -> {
            RegisterId id = scan.nextId();
            return id == null ? null : new EncodedName(id.value());
        };
    }

    /** The register is decided once more even if it was never written: so no ballot is left that others may have opened. */
    @Override
    public Map<Integer, IOException> complete(Target target) throws IOException {
        Optional<HeadValue> head = HeadValue.parse(resliced(target));
        if (head.isEmpty()) {
            return Map.of();
        }
        Map<Integer, IOException> lacking =
                RegisterDamage.heads(namespace, target.name(), head.get().writer(), Depth.LIGHT);
        try (Current current = namespace.heads().read(target, Need.HEAD, Certainty.PROVEN)) {
            if (current.found().isPresent()) {
                Current.Value value = current.found().get();
                StandingSlices standing = StandingSlices.of(namespace, target.name());
                Spread spread = SlicedBlob.of(namespace, value).spread();
                lacking.putAll(repairSlices(value, standing.lacking(spread)));
            }
        }
        return lacking;
    }

    /** Decides what a register holds once more, after its blob was sliced anew if it was of a former k. */
    private State resliced(Target target) throws IOException {
        Register register = namespace.register(target.name());
        State state = register.restate();
        if (!isFormer(state)) {
            return state;
        }
        try (Current current = new RegisterHeads(namespace).held(target, state)) {
            Reslicing.Head next = new Reslicing(namespace, current.found().orElseThrow()).run();
            Bytes value = HeadValue.of(next.records(), next.hints());
            register.update(now -> now.equals(state) ? Optional.of(value) : Optional.empty());
        }
        State then = register.restate();
        if (isFormer(then)) {
            throw new UnavailableException(target + " was written while it was sliced anew: repeat it");
        }
        return then;
    }

    private boolean isFormer(State state) throws IOException {
        return HeadValue.parse(state)
                .filter(head -> head.hints().isFormer(namespace.layout()))
                .isPresent();
    }

    @Override
    public ShredReport shred(ObjectName name) throws IOException {
        return new RegisterShredder(namespace, memory.unreached()).shred(name);
    }

    @Override
    public GarbageReport collectGarbage(GarbageListener listener) throws IOException {
        return new RegisterGarbage(namespace, listener).run();
    }

    @Override
    public GarbageReport previewGarbage() throws IOException {
        return new RegisterGarbage(namespace, (duration, names) -> {}).preview();
    }

    private void decrypt(Current.Value value) throws IOException {
        try (var plaintext = reader.plaintext(value)) {
            plaintext.transferTo(Channels.newChannel(OutputStream.nullOutputStream()));
        }
    }
}
