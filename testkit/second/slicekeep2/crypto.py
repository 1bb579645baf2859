"""FORMAT.md section 1: contexts and derived keys, on the primitives of pyca/cryptography."""

import hashlib
import hmac
import struct
import unicodedata

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap_with_padding, aes_key_wrap_with_padding

from . import FormatError


def expand(hash_name, key, info, length):
    """HKDF-Expand, RFC 5869 section 2.3."""
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(key, block + info + bytes([counter]), hash_name).digest()
        out, counter = out + block, counter + 1
    return out[:length]


def hkdf_sha256(secret, info, length):
    """HKDF without salt: the salt is then 32 zero bytes."""
    return expand("sha256", hmac.new(bytes(32), secret, "sha256").digest(), info, length)


def context(entries):
    """The canonical form of a context."""
    parts = [struct.pack(">H", len(entries))]
    for name, value in sorted((n.encode(), v.encode()) for n, v in entries.items()):
        parts += [struct.pack(">H", len(name)), name, struct.pack(">H", len(value)), value]
    return b"".join(parts)


def derive(secret, purpose, entries, length):
    """A key of a secret."""
    return hkdf_sha256(secret, b"slicekeep/v1/" + purpose.encode() + b"\0" + hashlib.sha256(context(entries)).digest(), length)


def mac(key, message):
    return hmac.new(key, message, "sha256").digest()


def require_mac(key, message, tag, what):
    if not hmac.compare_digest(mac(key, message), tag):
        raise FormatError("integrity", what)


def siv_seal(key, associated, plaintext):
    return AESSIV(key).encrypt(plaintext, list(associated))


def siv_open(key, associated, sealed):
    try:
        return AESSIV(key).decrypt(sealed, list(associated))
    except (InvalidTag, ValueError):
        raise FormatError("integrity", "SIV") from None


def wrap(key, secret):
    return aes_key_wrap_with_padding(key, secret)


def unwrap(key, wrapped):
    try:
        return aes_key_unwrap_with_padding(key, wrapped)
    except (InvalidUnwrap, ValueError):
        raise FormatError("integrity", "KWP") from None


def argon2id(passphrase, salt, memory_kib, passes, lanes):
    text = unicodedata.normalize("NFC", passphrase).encode()
    return hash_secret_raw(text, salt, passes, memory_kib, lanes, 32, Type.ID, version=0x13)
