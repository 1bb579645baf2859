package io.slicekeep;

import io.slicekeep.dispersal.Profile;
import java.util.List;
import java.util.Locale;

/** What a profile's numbers mean, in words. */
public final class ProfileWords {
    private ProfileWords() {}

    /**
     * Explains a profile.
     *
     * @param profile any
     * @return sentences, one per line
     */
    public static List<String> explain(Profile profile) {
        int sites = profile.sites();
        int away = profile.awayWhileWriting();
        int awayReading = sites - profile.readQuorum();
        int fresh = profile.writeQuorum() - profile.dataSlices();
        return List.of(
                "Every object is cut into " + count(profile.dataSlices(), "data slice") + " and "
                        + count(profile.paritySlices(), "parity slice") + ", one for each of "
                        + count(sites, "site") + "; any " + profile.dataSlices() + " of them give it back.",
                "Storage: " + String.format(Locale.ROOT, "%.2f", (double) sites / profile.dataSlices())
                        + " bytes at the sites for each byte kept.",
                "Writing: a put is acknowledged when " + profile.writeQuorum() + " of " + sites
                        + " sites hold it (W), so " + count(away, "site") + " may be away.",
                "Reading: " + profile.readQuorum() + " of " + sites + " sites must answer (R), so "
                        + count(awayReading, "site") + " may be away; a read that may be stale needs only "
                        + profile.dataSlices() + ".",
                "Right after its acknowledgement a put survives the loss of " + count(fresh, "site")
                        + "; once all " + sites + " hold it, the loss of " + count(profile.paritySlices(), "site")
                        + ".",
                "Between two repairs " + count(profile.faults(), "site")
                        + " may be lost, rotten or lying besides the ones that are away (f).",
                "Confidentiality: no site holds a key or plaintext"
                        + (sites == 1 ? "." : ", nor enough slices to rebuild even the ciphertext."));
    }

    /** Says why a profile does not fit a number of sites, and names one that does. */
    static String mismatch(Profile profile, int sites) {
        String fits = sites == 1
                ? "1+0 would fit"
                : sites < 3 ? "use one site (1+0) or at least three (2+1)" : fitting(sites) + " would fit";
        return "profile " + profile.dataSlices() + "+" + profile.paritySlices() + " needs " + profile.sites()
                + " sites, one for each slice, and " + sites + (sites == 1 ? " is" : " are") + " given: " + fits;
    }

    private static String fitting(int sites) {
        int parity = Math.max(1, Math.round(sites / 3f));
        Profile profile = Profile.of(sites - parity, parity);
        return profile.dataSlices() + "+" + profile.paritySlices();
    }

    private static String count(int count, String noun) {
        return (count == 0 ? "no" : count) + " " + noun + (count == 1 ? "" : "s");
    }
}
