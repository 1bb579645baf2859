package io.slicekeep.object;

import io.slicekeep.dispersal.Spread;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.object.ObjectStore.Depth;
import io.slicekeep.record.Bytes;
import io.slicekeep.record.Current;
import io.slicekeep.record.EncodedName;
import io.slicekeep.record.WriterId;
import io.slicekeep.register.Register;
import io.slicekeep.register.State;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is wrong with the copies of an object whose head is a register.
 *
 * @param heads the sites that do not hold its head, and why
 * @param slices the sites without a good slice of it, and why
 */
record RegisterDamage(Map<Integer, IOException> heads, Map<Integer, IOException> slices) {
    /** Finds out, from what the sites list or from all that they hold. Sites out of reach count as damaged. */
    static RegisterDamage of(RegisterNamespace namespace, Current.Value value, StandingSlices standing, Depth depth)
            throws IOException {
        return new RegisterDamage(
                heads(namespace, nameOf(value), value.revision().writer(), depth),
                slices(namespace, value, standing, depth));
    }

    /** Finds the sites that do not hold the head of a version, and why. */
    static Map<Integer, IOException> heads(RegisterNamespace namespace, EncodedName name, WriterId writer, Depth depth)
            throws IOException {
        Register register = namespace.register(name);
        Map<Integer, IOException> heads = new TreeMap<>();
        Answers<Optional<Bytes>> answers = Answers.of(namespace, site -> held(register, site, depth));
        heads.putAll(answers.failures());
        answers.given().forEach((site, held) -> {
            if (held.isEmpty()) {
                heads.put(site, new BlobNotFoundException("has no head of it"));
            } else if (!isOf(writer, held.get())) {
                heads.put(site, new BlobNotFoundException("has the head of another version"));
            }
        });
        return heads;
    }

    private static Optional<Bytes> held(Register register, Site site, Depth depth) throws IOException {
        return depth == Depth.DEEP ? register.stateAt(site).map(State::value) : register.noteAt(site);
    }

    private static boolean isOf(WriterId writer, Bytes held) {
        try {
            return HeadValue.parse(held).writer().equals(writer);
        } catch (IOException e) {
            return false;
        }
    }

    private static Map<Integer, IOException> slices(
            RegisterNamespace namespace, Current.Value value, StandingSlices standing, Depth depth) throws IOException {
        SlicedBlob blob = SlicedBlob.of(namespace, value);
        Spread spread = blob.spread();
        if (depth == Depth.DEEP) {
            return blob.inspect(value.record().secret());
        }
        return standing.lacking(spread);
    }

    static EncodedName nameOf(Current.Value value) {
        return value.record().stored().common().name();
    }

    /** Returns the sites that lack something, and why. */
    Map<Integer, IOException> sites() {
        Map<Integer, IOException> sites = new TreeMap<>(heads);
        sites.putAll(slices);
        return sites;
    }
}
