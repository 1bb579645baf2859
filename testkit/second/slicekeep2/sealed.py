"""FORMAT.md section 3: sealed blobs."""

import hashlib
import hmac
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import FormatError, crypto, slots
from .crc32c import crc32c

MAGIC = b"\x89SKB\r\n\x1a\n"
CHUNK = 16384


def header(blob_id, slot_area_bytes):
    start = struct.pack(">8sHHI16sI24x", MAGIC, 1, 1, 0, blob_id, slot_area_bytes)
    return start + struct.pack(">I", crc32c(start))


def parse_header(data):
    if data[:8] != MAGIC:
        raise FormatError("not ours", "sealed blob")
    version, suite, flags, blob_id, slot_area_bytes, zero = struct.unpack_from(">HHI16sI24s", data, 8)
    if len(data) < 64 or crc32c(data[:60]) != struct.unpack_from(">I", data, 60)[0]:
        raise FormatError("corrupt", "header")
    if version != 1 or suite != 1 or flags or any(zero):
        raise FormatError("too new", "header")
    return blob_id, slot_area_bytes


def user_context(blob_id, entries):
    return {**entries, "slicekeep.blob": blob_id.hex()}


def _keys(secret, salt, head, entries):
    data_key = crypto.derive(secret, "data", entries, 32)
    bound = b"slicekeep/v1/sealed\0" + head + hashlib.sha256(crypto.context(entries)).digest()
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + bound
    out = crypto.expand("sha512", data_key, info, 76)
    return AESGCM(out[:32]), out[32:44], out[44:]


def _nonce(base, index):
    return (int.from_bytes(base, "big") ^ index).to_bytes(12, "big")


def seal(plaintext, secret, blob_id, salt, entries, slot_area=b""):
    """entries: the whole context of the data secret."""
    head = header(blob_id, len(slot_area))
    aead, base, commitment = _keys(secret, salt, head, entries)
    chunks = [plaintext[i : i + CHUNK] for i in range(0, len(plaintext) + 1, CHUNK)]
    body = b"".join(aead.encrypt(_nonce(base, i), chunk, None) for i, chunk in enumerate(chunks))
    return head + slot_area + salt + commitment + body


def open_sealed(data, secret, entries, blob_id=None):
    """Returns the plaintext and the commitment."""
    found, slot_area_bytes = parse_header(data)
    if blob_id is not None and found != blob_id:
        raise FormatError("integrity", "blob id")
    body = data[64 + slot_area_bytes :]
    salt, commitment, rest = body[:24], body[24:56], body[56:]
    aead, base, expected = _keys(secret, salt, data[:64], entries)
    if not hmac.compare_digest(commitment, expected):
        raise FormatError("integrity", "commitment")
    count, out = len(rest) // (CHUNK + 16) + 1, []
    for i in range(count):
        chunk = rest[i * (CHUNK + 16) : (i + 1) * (CHUNK + 16)]
        try:
            out.append(aead.decrypt(_nonce(base, i), chunk, None))
        except (InvalidTag, ValueError):
            raise FormatError("integrity", f"chunk {i}") from None
    return b"".join(out), commitment


def open_file(data, passphrase, entries=None):
    """A standalone file with a passphrase slot."""
    blob_id, slot_area_bytes = parse_header(data)
    for slot in slots.read(data[64 : 64 + slot_area_bytes]):
        if slot[0] == "passphrase:":
            secret = slots.open_passphrase(slot, passphrase)
            return open_sealed(data, secret, user_context(blob_id, entries or {}))[0]
    raise FormatError("integrity", "no passphrase slot")
