package io.slicekeep.key;

import java.nio.charset.StandardCharsets;

/** What a key that is derived from a secret is used for (docs/FORMAT.md section 1). One purpose, one key. Immutable. */
public enum KeyPurpose {
    /** The commitment that stands in clear and is compared when a slot is opened. */
    COMMIT("commit", 32),
    /** HMAC key of site identities; from a keep's secret. */
    IDENTITY("identity", 32),
    /** HMAC key of the configuration; from a keep's secret. */
    CONFIG("config", 32),
    /** KWP key that wraps the secrets one level below; from a keep's or a namespace's secret. */
    WRAP("wrap", 32),
    /** SIV key of names; from a namespace's secret. */
    NAMES("names", 64),
    /** HMAC key of names too long for a blob key; from a namespace's secret. */
    LONG_NAMES("long-names", 32),
    /** SIV key of hints; from a namespace's secret. */
    HINTS("hints", 64),
    /** HMAC key of records; from a namespace's secret. */
    RECORDS("records", 32),
    /** HMAC key of notes; from a namespace's secret. */
    NOTES("notes", 32),
    /** SIV key of registers; from a keep's or a namespace's secret. */
    REGISTERS("registers", 64),
    /** Key of a sealed body; from a data secret. */
    DATA("data", 32),
    /** SIV key of sealed metadata; from a data secret. */
    META("meta", 64);

    private final String label;
    private final int keyBytes;

    KeyPurpose(String label, int keyBytes) {
        this.label = label;
        this.keyBytes = keyBytes;
    }

    /**
     * Returns the length of the derived key.
     *
     * @return 32, or 64 for an SIV key
     */
    public int keyBytes() {
        return keyBytes;
    }

    byte[] infoPrefix() {
        return ("slicekeep/v1/" + label + "\0").getBytes(StandardCharsets.US_ASCII);
    }
}
