package io.slicekeep.testkit.simulator;

import java.util.Locale;

/** What a simulation injects, and what its campaigns count. */
public enum FaultKind {
    /** A request that never arrives. */
    LOST_REQUEST,
    /** An answer that never arrives, though the request had its effect. */
    LOST_ANSWER,
    /** A request or answer that takes ten to a thousand times as long as usual. */
    DELAYED,
    /** A write that has its effect when its sender has long given it up. */
    LATE,
    /** A write that arrives twice. */
    DUPLICATED,
    /** A request that is overtaken by one that was sent later. */
    REORDERED,
    /** A write that breaks off in the middle. */
    TORN,
    /** A listing that was not made at one moment: it shows some of what changed while it ran. */
    BLURRED,
    /** A listing cut into pages shorter than asked for. */
    SHORT_PAGE,
    /** A call to a site that is away. */
    REFUSED,
    /** A write to a site whose disk is full. */
    FULL,
    /** A bit of a blob that has flipped for good. */
    ROT,
    /** An answer that is a lie. */
    LIE,
    /** A site that goes away and comes back. */
    VANISHED,
    /** A site that comes back with what it held some time ago. */
    ROLLED_BACK,
    /** A site that comes back empty, which its identity tells: it counts as away for ever. */
    WIPED,
    /** A wall clock that is set forward or back. */
    CLOCK_JUMP,
    /** A machine that stands still for a while. */
    SUSPENDED,
    /** A process that stops in the middle of a call; a new one takes its place. */
    STOPPED;

    /** Returns the name as a campaign prints it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
