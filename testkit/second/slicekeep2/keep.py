"""FORMAT.md sections 8 and 9: reads a keep from its directories. Majorities, deadlines and repair are not its business."""

import collections
import os
import struct

from . import FormatError, crypto, erasure, record, sealed, slots
from .crc32c import crc32c


def require_crc(data, what):
    if crc32c(data[:-4]) != struct.unpack(">I", data[-4:])[0]:
        raise FormatError("corrupt", what)


def require_head(data, letter, what):
    if data[:8] != b"\x89SK" + letter + b"\r\n\x1a\n":
        raise FormatError("not ours", what)
    if struct.unpack_from(">HH", data, 8) != (1, 0):
        raise FormatError("too new", what)


def bucket(segment):
    """The bucket that a segment of a key stands in, if any (section 9)."""
    if "!" not in segment[1:]:
        return []
    second = segment[1]
    return ["#" + segment[0] + ("0" if second <= "F" else "1" if second <= "V" else "2" if second <= "k" else "3")]


def head(letter):
    return b"\x89SK" + letter + b"\r\n\x1a\n" + struct.pack(">HH", 1, 0)


def with_crc(data):
    return data + struct.pack(">I", crc32c(data))


def with_mac(key, data):
    return with_crc(data + crypto.mac(key, data))


def inverse(number):
    return f"{(1 << 62) - 1 - number:016x}"


def write_identity(key, slice_number, keep_id, site_id, epoch):
    return with_mac(key, head(b"I") + struct.pack(">HH16s16sQQ", slice_number, 0, keep_id, site_id, epoch, 0))


def write_capabilities(key, keep_id, site_id, kept, races, probed, longest_key, rounds):
    fields = struct.pack(">HBB16s16sqII", kept, races, 0, keep_id, site_id, probed, longest_key, rounds)
    return with_mac(key, head(b"A") + fields)


def write_keys(keep_id, generation, slot_area):
    return with_crc(head(b"K") + struct.pack(">I16sQ", len(slot_area), keep_id, generation)) + slot_area


def write_site(site_id, slice_number, name, address, since):
    data = site_id + struct.pack(">BB", slice_number, len(name.encode())) + name.encode()
    return data + struct.pack(">H", len(address.encode())) + address.encode() + struct.pack(">Q", since)


def write_configuration(key, keep_id, epoch, terms, sites, transition, namespaces):
    """terms: k, m, f, f_w, lease, created; sites: (id, slice, name, address, since); transition: None or
    (profile, None or (departure, index), None or site); namespaces: (id, mode, name, commitment, wrapped)."""
    body = struct.pack(">BBBBIq", *terms)
    for site in sites:
        body += write_site(*site)
    if transition is None:
        body += b"\0"
    else:
        profile, leaving, incoming = transition
        body += b"\1" + bytes(profile) + (bytes(leaving) if leaving else b"\0")
        body += b"\1" + write_site(*incoming) if incoming else b"\0"
    body += struct.pack(">H", len(namespaces))
    for namespace_id, mode, name, commitment, wrapped in namespaces:
        body += namespace_id + struct.pack(">BB", mode, len(name.encode())) + name.encode() + commitment + wrapped
    return with_mac(key, head(b"C") + struct.pack(">I16sQ", len(body), keep_id, epoch) + body)


class Directory:
    """A directory store: blob a/b/c is the file a@/b@/c, and names with ! stand in buckets."""

    def __init__(self, path):
        self.path = path

    def _folder(self, segments):
        return os.path.join(self.path, *(part for s in segments for part in [*bucket(s), s + "@"]))

    def read(self, key):
        *parents, last = key.split("/")
        with open(os.path.join(self._folder(parents), *bucket(last), last), "rb") as file:
            return file.read()

    def keys(self, *parents):
        """The blobs below a folder, as whole keys."""
        root = self._folder(parents)
        for folder, folders, files in os.walk(root):
            folders.sort()
            inside = [p[:-1] for p in os.path.relpath(folder, self.path).split(os.sep) if p[0] != "#"]
            for name in sorted(files):
                yield "/".join([*inside, name])


class Keep:
    """A keep opened from some of its directories with a passphrase."""

    def __init__(self, paths, passphrase):
        self.sites = {}
        for path in paths:
            site = Directory(path)
            identity = site.read("site")
            require_head(identity, b"I", "identity")
            require_crc(identity, "identity")
            index, _, self.keep_id = struct.unpack_from(">HH16s", identity, 12)
            self.sites[index] = (site, identity)
        self._open_secret(passphrase)
        for _, identity in self.sites.values():
            crypto.require_mac(self._key("identity"), identity[:64], identity[64:96], "identity")
        self._read_configuration()

    def _key(self, purpose):
        return crypto.derive(self.secret, purpose, {"slicekeep.secret": "keep"}, 32)

    def _open_secret(self, passphrase):
        for site, _ in self.sites.values():
            for key in sorted(site.keys("keys")):
                blob = site.read(key)
                require_head(blob, b"K", "keys")
                require_crc(blob[:44], "keys")
                for slot in slots.read(blob[44:]):
                    if slot[0] == "passphrase:":
                        self.secret = slots.open_passphrase(slot, passphrase)
                        if self._key("commit")[:16] == self.keep_id:
                            return
        raise FormatError("integrity", "no slot opens")

    def _read_configuration(self):
        site, _ = next(iter(self.sites.values()))
        blob = site.read(next(iter(site.keys("config"))))
        require_head(blob, b"C", "configuration")
        require_crc(blob, "configuration")
        crypto.require_mac(self._key("config"), blob[:-36], blob[-36:-4], "configuration")
        body = blob[40:-36]
        self.k, self.m, self.f, self.away, self.lease, self.created = struct.unpack_from(">BBBBIq", body)
        at, self.site_names, self.namespaces = 16, [], {}

        def take(size):
            nonlocal at
            at += size
            return body[at - size : at]

        def take_site():
            take(17)
            name = take(take(1)[0]).decode()
            take(struct.unpack(">H", take(2))[0] + 8)
            return name

        for _ in range(self.k + self.m):
            self.site_names.append(take_site())
        if take(1)[0]:
            take(4)
            if take(1)[0]:
                take(1)
            if take(1)[0]:
                take_site()
        for _ in range(struct.unpack(">H", take(2))[0]):
            namespace_id, _mode, name = take(16), take(1), None
            name = take(take(1)[0]).decode()
            commitment, wrapped = take(32), take(40)
            space = record.Namespace(crypto.unwrap(self._key("wrap"), wrapped), self.keep_id, namespace_id)
            if space.commitment != commitment:
                raise FormatError("integrity", "namespace " + name)
            self.namespaces[name] = space

    def heads(self, space):
        """Encoded name -> newest revision listed -> site indexes and their keys. Believes every site: this is a reader for tests."""
        found = collections.defaultdict(lambda: collections.defaultdict(dict))
        for index, (site, _) in self.sites.items():
            prefix = f"n/{space.id.hex()}/h"
            for key in site.keys(*prefix.split("/")):
                name, revision, *rest = key[len(prefix) + 1 :].split("!")
                if rest[0] == "ok":
                    assert key == f"n/{space.id.hex()}/" + space.note(name, revision)
                    continue
                (hints,) = rest
                space.open_hints(name, revision, hints)
                found[name][record.parse_revision(revision)[:3]][index] = key
        return {name: (max(revisions), revisions[max(revisions)]) for name, revisions in found.items()}

    def _opened(self, space, places):
        """The records of one revision: common part, data secret, slices by site."""
        cells, common, secret = {}, None, None
        for index, key in places.items():
            common, at, slot_area, cell = space.open_record(self.sites[index][0].read(key))
            if at != index:
                raise FormatError("corrupt", "a record of another site")
            if common.kind == record.INLINE:
                cells[index] = cell
            if slot_area:
                ((uri, _, wrapped),) = slots.read(slot_area)
                secret = crypto.unwrap(space.wrap, wrapped)
        return common, secret, cells

    def _sealed_bytes(self, space, common, cells):
        if common.kind == record.INLINE:
            return b"".join(erasure.decode(common.k, cells))[: common.sealed_bytes]
        base = f"n/{space.id.hex()}/b/{common.name}!"
        base += record.number_b64((1 << 62) - 1 - common.blob_counter, 11)
        base += record.number_b64((1 << 96) - 1 - int.from_bytes(common.blob_writer, "big"), 16)
        base += "." + record.number_b64(common.placement, 2)
        slices = {}
        for index, (site, _) in self.sites.items():
            try:
                data = site.read(f"{base}/{index}")
            except FileNotFoundError:
                continue
            _, at, length, slices[index] = erasure.read_slice(data, common.blob_id)
            assert at == index and length == common.sealed_bytes
        return erasure.rebuild(common.k, common.sealed_bytes, slices)

    def objects(self, namespace=None):
        """Yields (name, plaintext, metadata entries) of every object."""
        space = self.namespaces[namespace] if namespace else next(iter(self.namespaces.values()))
        for _, (_, places) in sorted(self.heads(space).items()):
            common, secret, cells = self._opened(space, places)
            if common.kind == record.TOMBSTONE:
                continue
            entries = sealed.user_context(common.blob_id, {})
            plain, commitment = sealed.open_sealed(self._sealed_bytes(space, common, cells), secret, entries, common.blob_id)
            meta_key = crypto.derive(secret, "meta", entries, 64)
            meta = crypto.siv_open(meta_key, space.metadata_associated(common), common.metadata)
            length, _, crc, sha256, name, user = record.parse_metadata(meta)
            if commitment != common.commitment or length != len(plain) or crc != crc32c(plain):
                raise FormatError("integrity", "object")
            if sha256 and sha256 != record.digest(plain):
                raise FormatError("integrity", "sha256")
            yield name, plain, user
