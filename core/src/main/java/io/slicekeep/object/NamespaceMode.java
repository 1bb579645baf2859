package io.slicekeep.object;

import java.util.Locale;

/** How the writes of a namespace take each other's place. It is chosen when the namespace is made, and never changes. */
public enum NamespaceMode {
    /** The last writer wins; the cheapest. */
    LWW,
    /** Writes may be conditional; each costs more, and a deleted name leaves a trace for ever. */
    CONDITIONAL;

    /** Returns the mode as people write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
