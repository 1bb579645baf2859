package io.slicekeep.cli.tree;

/** What a file is, as far as a keep can hold it. */
enum FileKind {
    FILE,
    DIRECTORY,
    SYMLINK,
    /** A device, a socket or a pipe: not kept. */
    OTHER
}
