package io.slicekeep.record;

import io.slicekeep.task.Deadline;

/**
 * One write under way: its revision, chosen once, and until when it may be recorded. Confined to one thread at a time.
 */
public final class WriteTicket {
    private final Target target;
    private final Revision revision;
    private final Views views;
    private final Deadline uploadEnd;
    private Deadline deadline;

    WriteTicket(Target target, Revision revision, Views views, Deadline deadline, Deadline uploadEnd) {
        this.target = target;
        this.revision = revision;
        this.views = views;
        this.deadline = deadline;
        this.uploadEnd = uploadEnd;
    }

    /**
     * Returns the name that is written.
     *
     * @return the target
     */
    public Target target() {
        return target;
    }

    /**
     * Returns the version that is written.
     *
     * @return greater than any that stood on W sites when the write began
     */
    public Revision revision() {
        return revision;
    }

    /** Returns what stood when the write began. */
    Views views() {
        return views;
    }

    /** Returns until when it may be recorded at all: after that its slices may be taken for garbage. */
    Deadline uploadEnd() {
        return uploadEnd;
    }

    Deadline deadline() {
        return deadline;
    }

    void renew(Deadline later) {
        deadline = later;
    }
}
