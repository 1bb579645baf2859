"""FORMAT.md sections 6 and 7: names, revisions, hints, records."""

import hashlib
import struct

from . import FormatError, crypto
from .crc32c import crc32c

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"
MAGIC = b"\x89SKR\r\n\x1a\n"
INLINE, SLICED, TOMBSTONE = 1, 2, 3


def b64(data):
    bits = -(-len(data) * 8 // 6) * 6
    number = int.from_bytes(data, "big") << (bits - len(data) * 8)
    return number_b64(number, bits // 6)


def number_b64(number, characters):
    return "".join(ALPHABET[number >> 6 * i & 63] for i in reversed(range(characters)))


def b64_number(text):
    number = 0
    for c in text:
        number = number << 6 | ALPHABET.index(c)
    return number


def unb64(text):
    size = len(text) * 6 // 8
    number, spare = b64_number(text), len(text) * 6 - size * 8
    if number & ((1 << spare) - 1) or spare >= 6:
        raise FormatError("corrupt", "base64")
    return (number >> spare).to_bytes(size, "big")


def pad(data, block):
    return (data + b"\x80").ljust(-(-(len(data) + 1) // block) * block, b"\0")


def unpad(data):
    return data.rstrip(b"\0")[:-1]


class Namespace:
    """The keys of a namespace, and what is written with them."""

    def __init__(self, secret, keep_id, namespace_id):
        entries = {"slicekeep.keep": keep_id.hex(), "slicekeep.namespace": namespace_id.hex()}
        self.id = namespace_id
        self.commitment = crypto.derive(secret, "commit", entries, 32)
        self.names = crypto.derive(secret, "names", entries, 64)
        self.long_names = crypto.derive(secret, "long-names", entries, 32)
        self.hints = crypto.derive(secret, "hints", entries, 64)
        self.records = crypto.derive(secret, "records", entries, 32)
        self.notes = crypto.derive(secret, "notes", entries, 32)
        self.wrap = crypto.derive(secret, "wrap", entries, 32)

    def encode_name(self, name):
        segments, path = name.split(b"/"), []
        for i, segment in enumerate(segments):
            encoded = b64(crypto.siv_seal(self.names, ["/".join(path).encode()], pad(segment, 16)))
            whole = "/".join(path + [encoded])
            if i == len(segments) - 1:
                fits = len(encoded) <= 150 and len(whole) <= 860
            else:
                fits = len(encoded) <= 250 and len(whole) <= 815
            if not fits:
                return "/".join(path + ["=" + b64(crypto.mac(self.long_names, name))])
            path.append(encoded)
        return "/".join(path)

    def decode_name(self, encoded):
        segments, parent = [], []
        for text in encoded.split("/"):
            segments.append(unpad(crypto.siv_open(self.names, ["/".join(parent).encode()], unb64(text))))
            parent.append(text)
        return b"/".join(segments)

    def seal_hints(self, encoded_name, revision, kind, k, placement, length, modified, crc):
        plain = struct.pack(">BBB", kind, k, placement) + length.to_bytes(7, "big") + struct.pack(">qI", modified, crc)
        return b64(crypto.siv_seal(self.hints, [self.id, encoded_name.encode(), revision.encode()], plain))

    def open_hints(self, encoded_name, revision, text):
        plain = crypto.siv_open(self.hints, [self.id, encoded_name.encode(), revision.encode()], unb64(text))
        kind, k, placement = struct.unpack_from(">BBB", plain)
        modified, crc = struct.unpack_from(">qI", plain, 10)
        return kind, k, placement, int.from_bytes(plain[3:10], "big"), modified, crc

    def note(self, encoded_name, revision):
        """The key of a note; revision: 29 characters, without the attempt."""
        message = b"slicekeep/v1/ok\0" + self.id + revision.encode() + encoded_name.encode()
        return f"h/{encoded_name}!{revision}!ok!{b64(crypto.mac(self.notes, message)[:16])}"

    def open_record(self, data):
        """Checks a record; returns its common part, slots and slice."""
        if data[:8] != MAGIC:
            raise FormatError("not ours", "record")
        version, flags, common_bytes, slot_bytes, slice_bytes, index, zero = struct.unpack_from(">HHIIIHH", data, 8)
        if crc32c(data[:28]) != struct.unpack_from(">I", data, 28)[0] or crc32c(data[32:-4]) != struct.unpack(">I", data[-4:])[0]:
            raise FormatError("corrupt", "record")
        if version != 1 or flags or zero:
            raise FormatError("too new", "record")
        if len(data) != 32 + common_bytes + 32 + slot_bytes + slice_bytes + (32 if slice_bytes else 0) + 4:
            raise FormatError("corrupt", "record")
        common, at = data[32 : 32 + common_bytes], 32 + common_bytes
        crypto.require_mac(self.records, b"slicekeep/v1/record\0" + self.id + common, data[at : at + 32], "record")
        slot_area = data[at + 32 : at + 32 + slot_bytes]
        cell = data[at + 32 + slot_bytes : at + 32 + slot_bytes + slice_bytes]
        if cell:
            crypto.require_mac(self.records, self._slice_message(data[at : at + 32], index, cell), data[-36:-4], "inline slice")
        return Common(common), index, slot_area, cell

    def _slice_message(self, common_mac, index, cell):
        return b"slicekeep/v1/slice\0" + self.id + common_mac + struct.pack(">H", index) + cell

    def record(self, common, index, slot_area, cell):
        """The record of site `index`."""
        head = struct.pack(">8sHHIIIHH", MAGIC, 1, 0, len(common), len(slot_area), len(cell), index, 0)
        common_mac = crypto.mac(self.records, b"slicekeep/v1/record\0" + self.id + common)
        rest = common + common_mac + slot_area + cell
        if cell:
            rest += crypto.mac(self.records, self._slice_message(common_mac, index, cell))
        return head + struct.pack(">I", crc32c(head)) + rest + struct.pack(">I", crc32c(rest))

    def metadata_associated(self, common):
        version = struct.pack(">Q12sH", common.counter, common.writer, common.generation)
        return [self.id, common.name.encode(), version]


class Common:
    """The common part of a record."""

    LAYOUT = ">BBBBIQ12sHHQ16s32sQHHIQ12s20s"

    def __init__(self, data):
        (
            self.kind, self.k, zero_at_2, self.matrix, self.cell_bytes, self.counter, self.writer, self.generation, self.placement,
            self.epoch, self.blob_id, self.commitment, self.sealed_bytes, name_bytes, zero_at_98, meta_bytes,
            self.blob_counter, self.blob_writer, zero,
        ) = struct.unpack_from(self.LAYOUT, data)  # fmt: skip
        at = 144
        if zero_at_2 or zero_at_98 or any(zero):
            raise FormatError("too new", "common part")
        if len(data) != at + name_bytes + meta_bytes:
            raise FormatError("corrupt", "common part")
        self.name = data[at : at + name_bytes].decode("ascii")
        self.metadata = data[at + name_bytes :]


def common_part(kind, k, cell_bytes, revision, epoch, blob_id, commitment, sealed_bytes, name, metadata):
    """revision: (counter, writer, generation); placement is 0 and the blob's counter and writer are the revision's."""
    counter, writer, generation = revision
    blob = (counter, writer) if kind == SLICED else (0, bytes(12))
    return (
        struct.pack(
            Common.LAYOUT, kind, k, 0, 1, cell_bytes, counter, writer, generation, 0, epoch, blob_id, commitment,
            sealed_bytes, len(name), 0, len(metadata), *blob, bytes(20),
        )
        + name.encode() + metadata
    )  # fmt: skip


def revision_text(counter, writer, generation, attempt):
    return (
        number_b64((1 << 62) - 1 - counter, 11)
        + number_b64((1 << 96) - 1 - int.from_bytes(writer, "big"), 16)
        + number_b64(4095 - generation, 2)
        + number_b64(attempt, 3)
    )


def parse_revision(text):
    return (
        (1 << 62) - 1 - b64_number(text[:11]),
        ((1 << 96) - 1 - b64_number(text[11:27])).to_bytes(12, "big"),
        4095 - b64_number(text[27:29]),
        b64_number(text[29:]),
    )


def metadata(length, modified, crc, sha256, name, entries):
    parts = [struct.pack(">QqIB", length, modified, crc, 1 if sha256 else 0), sha256 or b"", struct.pack(">H", len(name)), name]
    parts.append(struct.pack(">H", len(entries)))
    for key, value in sorted((k.encode(), v.encode()) for k, v in entries.items()):
        parts += [struct.pack(">H", len(key)), key, struct.pack(">H", len(value)), value]
    return pad(b"".join(parts), 64)


def parse_metadata(plain):
    plain = unpad(plain)
    length, modified, crc, has_sha = struct.unpack_from(">QqIB", plain)
    at = 21
    sha256 = plain[at : at + 32] if has_sha else None
    at += 32 if has_sha else 0

    def text():
        nonlocal at
        (size,) = struct.unpack_from(">H", plain, at)
        at += 2 + size
        return plain[at - size : at]

    name = text()
    (count,) = struct.unpack_from(">H", plain, at)
    at += 2
    entries = {}
    for _ in range(count):
        key = text()
        entries[key.decode()] = text().decode()
    return length, modified, crc, sha256, name, entries


def digest(data):
    return hashlib.sha256(data).digest()
