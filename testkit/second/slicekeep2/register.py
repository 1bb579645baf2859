"""FORMAT.md section 11: registers."""

import struct

from . import FormatError, crypto
from .record import b64, number_b64

BID, ACCEPTED, CREATED = "1", "2", "3"


def ballot_text(ballot):
    number, proposer = ballot
    return number_b64((1 << 62) - 1 - number, 11) + number_b64((1 << 96) - 1 - int.from_bytes(proposer, "big"), 16)


def contents(version, changes, value):
    """changes: the ballots of the last 64 changes, newest first."""
    if len(changes) != min(version, 64):
        raise FormatError("corrupt", "register")
    return struct.pack(">BBQ", 1, len(changes), version) + b"".join(struct.pack(">Q12s", *c) for c in changes) + value


class Registers:
    """The registers of a keep or a namespace."""

    def __init__(self, secret, entries, note_bytes=0):
        self.note_bytes = note_bytes
        self.key = crypto.derive(secret, "registers", entries, 64)

    def seal(self, register_id, ballot, phase, plain):
        return crypto.siv_seal(self.key, [b"body", register_id.encode(), self.place(ballot, phase)], plain)

    def open(self, register_id, ballot, phase, sealed):
        return crypto.siv_open(self.key, [b"body", register_id.encode(), self.place(ballot, phase)], sealed)

    def key_of(self, register_id, ballot, phase, value=b""):
        """value: what is accepted, of which the key tells the beginning."""
        place = self.place(ballot, phase)
        note = value[: self.note_bytes]
        sealed = crypto.siv_seal(self.key, [b"key", register_id.encode(), place], bytes([len(note)]) + note)
        return f"r/{register_id}!{place.decode()}!{b64(sealed)}"

    @staticmethod
    def place(ballot, phase):
        return f"{ballot_text(ballot)}!{phase}".encode()
