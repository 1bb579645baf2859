"""A second implementation of docs/FORMAT.md, written from that page alone: it makes the test vectors and reads what the Java code writes."""


class FormatError(Exception):
    """Bytes that cannot be read; args[0] is 'not ours', 'too new', 'corrupt' or 'integrity'."""
