package io.slicekeep.cli.tree;

import io.slicekeep.cli.ui.Progress;
import io.slicekeep.cli.ui.Shell;
import io.slicekeep.object.ObjectStore;

/**
 * What putting and getting trees have in common.
 *
 * @param objects the keep's
 * @param shell where warnings go
 * @param tally counts files
 * @param progress counts bytes
 * @param comparison when a file counts as there already
 * @param jobs how many files at once
 */
public record Transfer(
        ObjectStore objects, Shell shell, Tally tally, Progress progress, Comparison comparison, int jobs) {
    /** When a file counts as there already. */
    public enum Comparison {
        /** By length and modification time. */
        TIME,
        /** By length and checksum, which reads the file. */
        CHECKSUM,
        /** Never. */
        NONE
    }
}
