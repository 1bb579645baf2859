package io.slicekeep.dispersal;

import java.io.IOException;

/** Tells which layout holds now. Thread-safe. */
public interface Layouts {
    /**
     * Returns the newest layout. An operation asks before it starts and again before it answers or deletes: if the epoch has
     * changed, what it saw and wrote may be short of what the newer layout asks for (docs/PROTOCOLS.md 10).
     *
     * @return a layout that was confirmed recently enough to be used now
     * @throws io.slicekeep.error.UnavailableException if it cannot be confirmed
     * @throws IOException if the thread is interrupted
     */
    Layout confirmed() throws IOException;

    /**
     * Returns the newest layout that is known, for what need not be proven. Asks nobody.
     *
     * @return a layout that another one may have replaced
     */
    Layout latest();

    /**
     * Tells whether a layout is known to hold: whether {@link #confirmed} would return one of its epoch now. Asks nobody.
     *
     * @param layout from this source
     * @return false if another one may hold
     */
    boolean holds(Layout layout);

    /**
     * Returns layouts that never change.
     *
     * @param layout the only one
     * @return the source
     */
    static Layouts fixed(Layout layout) {
        return new Layouts() {
            @Override
            public Layout confirmed() {
                return layout;
            }

            @Override
            public Layout latest() {
                return layout;
            }

            @Override
            public boolean holds(Layout known) {
                return known.epoch() == layout.epoch();
            }
        };
    }
}
