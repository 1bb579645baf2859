package io.slicekeep.object;

import io.slicekeep.blob.BlobKey;
import io.slicekeep.error.BlobNotFoundException;
import io.slicekeep.error.FormatException;
import io.slicekeep.error.IntegrityException;
import io.slicekeep.error.UnavailableException;
import io.slicekeep.key.OpenSecret;
import io.slicekeep.record.EncodedName;
import io.slicekeep.sealed.SealedSource;
import io.slicekeep.site.Site;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Puts slices of one blob where they are missing or wrong, after the blob was decrypted from the others alone. */
final class SliceRepair {
    private final SlicedBlob blob;
    private final OpenSecret secret;

    SliceRepair(SlicedBlob blob, OpenSecret secret) {
        this.blob = blob;
        this.secret = secret;
    }

    /** Mends what is wrong at some sites; returns those where something still is, and why. */
    Map<Integer, IOException> run(Map<Integer, IOException> damage) throws IOException {
        Map<Integer, IOException> pending = new HashMap<>(damage);
        Set<Integer> mendable = new TreeSet<>();
        damage.forEach((site, why) -> {
            if (isMendable(why)) {
                mendable.add(site);
            }
        });
        if (!mendable.isEmpty()) {
            decryptWithout(damage.keySet());
            mendable.removeAll(deleteWrong(damage, mendable).keySet());
            pending.keySet().removeAll(mendable);
        }
        if (!mendable.isEmpty()) {
            pending.putAll(blob.namespace()
                    .facilities()
                    .dispersal()
                    .rebuild(blob.spread(), blob.blob().sealedBytes(), mendable));
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

    private void decryptWithout(Set<Integer> sites) throws IOException {
        try (SealedSource others = blob.open(secret, sites)) {
            others.transferTo(Channels.newChannel(OutputStream.nullOutputStream()));
        }
    }

    private Map<Integer, IOException> deleteWrong(Map<Integer, IOException> damage, Set<Integer> mendable)
            throws IOException {
        Map<Integer, List<BlobKey>> wrong = new HashMap<>();
        for (int site : mendable) {
            if (!(damage.get(site) instanceof BlobNotFoundException)) {
                wrong.put(site, List.of(blob.spread().sliceKey(site)));
            }
        }
        return Deletion.run(blob.namespace(), wrong);
    }

    /** Something is missing or wrong; else it cannot be reached, or is too new for us to judge. */
    static boolean isMendable(IOException failure) {
        boolean corrupt = failure instanceof FormatException format && format.kind() != FormatException.Kind.TOO_NEW;
        return corrupt || failure instanceof IntegrityException || failure instanceof BlobNotFoundException;
    }
}
