"""FORMAT.md section 2: key slots."""

import struct

from . import FormatError, crypto
from .crc32c import crc32c


def write(slots, area_bytes=None):
    """slots: list of (uri, info, wrapped)."""
    body = b"".join(
        struct.pack(">H", len(uri)) + uri.encode() + struct.pack(">H", len(info)) + info + struct.pack(">H", len(wrapped)) + wrapped
        for uri, info, wrapped in slots
    )
    used = 12 + len(body)
    area_bytes = area_bytes or max(64, used + 4)
    area = struct.pack(">4sBBHI", b"SKSL", 1, len(slots), 0, used) + body
    area = area.ljust(area_bytes - 4, b"\0")
    return area + struct.pack(">I", crc32c(area))


def read(area):
    magic, version, count, zero, used = struct.unpack_from(">4sBBHI", area)
    if magic != b"SKSL":
        raise FormatError("not ours", "slot area")
    if version != 1 or zero:
        raise FormatError("too new", "slot area")
    if crc32c(area[:-4]) != struct.unpack(">I", area[-4:])[0] or not 1 <= count <= 16 or not 12 <= used <= len(area) - 4:
        raise FormatError("corrupt", "slot area")
    at, slots = 12, []

    def field(low, high):
        nonlocal at
        (length,) = struct.unpack_from(">H", area, at)
        if not low <= length <= high or at + 2 + length > used:
            raise FormatError("corrupt", "slot")
        value = area[at + 2 : at + 2 + length]
        at += 2 + length
        return value

    for _ in range(count):
        slots.append((field(1, 512).decode("ascii"), field(0, 1024), field(1, 8192)))
    if at != used or any(area[used:-4]):
        raise FormatError("corrupt", "slot area")
    return slots


def passphrase_slot(passphrase, salt, secret, memory_kib, passes, lanes):
    info = struct.pack(">BIBB", 1, memory_kib, passes, lanes) + salt
    return "passphrase:", info, crypto.wrap(crypto.argon2id(passphrase, salt, memory_kib, passes, lanes), secret)


def open_passphrase(slot, passphrase):
    uri, info, wrapped = slot
    version, memory_kib, passes, lanes = struct.unpack_from(">BIBB", info)
    if uri != "passphrase:" or version != 1 or len(info) != 23:
        raise FormatError("too new", uri)
    return crypto.unwrap(crypto.argon2id(passphrase, info[7:], memory_kib, passes, lanes), wrapped)
