package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.SlicekeepException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.EncodedName;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts slices of one blob where they are missing or wrong. Nothing is deleted before the blob was decrypted without it, and what is
 * put follows from cells that verified, so that no site's lie is copied to another.
 */
final class SliceRepair {
    private final SlicedBlob blob;
    private final OpenSecret secret;

    SliceRepair(SlicedBlob blob, OpenSecret secret) {
        this.blob = blob;
        this.secret = secret;
    }

    /** Mends what is wrong at some sites; returns those where something still is, and why. */
    Map<Integer, IOException> run(Map<Integer, IOException> damage) throws IOException {
        Map<Integer, IOException> pending = deleteWrong(damage);
        Set<Integer> missing = new TreeSet<>();
        pending.forEach((site, why) -> {
            if (why instanceof BlobNotFoundException) {
                missing.add(site);
            }
        });
        if (!missing.isEmpty()) {
            pending.keySet().removeAll(missing);
            pending.putAll(blob.rebuild(missing, secret));
        }
        return pending;
    }

    /** Rebuilds them where today's sites lack them, until they stand on W sites. */
    void complete(EncodedName name) throws IOException {
        Namespace now = blob.namespace();
        Map<Integer, IOException> lacking = run(StandingSlices.of(now, name).lacking(blob.spread()));
        List<Integer> holding = now.layout().sites().stream()
                .map(Site::index)
                .filter(site -> !lacking.containsKey(site))
                .toList();
        if (!now.layout().quorums().written(holding)) {
            throw new UnavailableException("its slices stand on " + holding.size() + " sites, "
                    + now.layout().quorums().writers() + " must hold theirs");
        }
    }

    /** Makes wrong slices missing ones, if the blob can be had without them; returns what is wrong then. */
    private Map<Integer, IOException> deleteWrong(Map<Integer, IOException> damage) throws IOException {
        Map<Integer, IOException> now = new TreeMap<>();
        if (damage.values().stream().anyMatch(SliceRepair::isWrong)) {
            decryptWithout(damage.keySet());
        }
        for (Map.Entry<Integer, IOException> found : damage.entrySet()) {
            IOException why = isWrong(found.getValue()) ? deleteIfStillWrong(found.getKey()) : found.getValue();
            if (why != null) {
                now.put(found.getKey(), why);
            }
        }
        return now;
    }

    private void decryptWithout(Set<Integer> sites) throws IOException {
        try (DoubtingSource others = DoubtingSource.open(blob.without(sites), secret)) {
            others.transferTo(Channels.newChannel(OutputStream.nullOutputStream()));
        }
    }

    /** Looks once more, since others repair too, and deletes the slice. Returns what is wrong at its site then; null if nothing. */
    private @Nullable IOException deleteIfStillWrong(int site) throws IOException {
        IOException now = blob.inspect(Set.of(site), secret).get(site);
        if (now == null || !isWrong(now)) {
            return now;
        }
        Map<Integer, List<BlobKey>> wrong = Map.of(site, List.of(blob.spread().sliceKey(site)));
        IOException failure = Deletion.run(blob.namespace(), wrong).get(site);
        return failure == null ? new BlobNotFoundException("its slice was wrong and is deleted") : failure;
    }

    private static boolean isWrong(IOException failure) {
        return SlicekeepException.isDamage(failure) && !(failure instanceof BlobNotFoundException);
    }
}
