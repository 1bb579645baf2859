"""Makes the test vectors, from fixed inputs. Run once; a vector is never made anew to let a test pass."""

import json
import os
import struct

from . import crypto, erasure, keep, record, register, sealed, slots
from .crc32c import crc32c


def pattern(length, seed):
    """byte i = (131 i + 17 (i >> 8) + 29 (i >> 16) + seed) mod 256: large inputs that a vector need not spell out."""
    return bytes((131 * i + 17 * (i >> 8) + 29 * (i >> 16) + seed) & 255 for i in range(length))


def keyed(label, length):
    """Fixed bytes that stand for random ones."""
    return crypto.expand("sha256", b"slicekeep test vectors", label.encode(), length)


def shown(data):
    """Short data whole, long data by its length and digest."""
    if len(data) <= 1024:
        return {"hex": data.hex()}
    return {"length": len(data), "sha256": record.digest(data).hex()}


def derivation():
    out = []
    for i, entries in enumerate([{}, {"a": "b"}, {"tenant": "München", "class": "gold", "slicekeep.blob": "00" * 16}]):
        secret = keyed(f"secret {i}", 32)
        keys = {f"{p} {n}": crypto.derive(secret, p, entries, n).hex() for p, n in (("data", 32), ("meta", 64), ("wrap", 32), ("names", 64))}
        out.append({"secret": secret.hex(), "context": entries, "canonical": crypto.context(entries).hex(), "keys": keys})
    return out


def slot_areas():
    secret, salt = keyed("slot secret", 32), keyed("slot salt", 16)
    passphrase = "correct horse battery sta\u0301ple"
    slot = slots.passphrase_slot(passphrase, salt, secret, 1024, 2, 2)
    parent = ("parent:", b"", crypto.wrap(keyed("parent", 32), secret))
    local = ("local:photos", struct.pack(">I", 7), crypto.wrap(keyed("kek 7", 32), secret))
    return [
        {
            "passphrase": passphrase, "parent": keyed("parent", 32).hex(), "local": keyed("kek 7", 32).hex(), "secret": secret.hex(),
            "slots": [{"uri": u, "info": i.hex(), "wrapped": w.hex()} for u, i, w in chosen], "area": slots.write(chosen, size).hex(),
        }
        for chosen, size in (([slot], None), ([parent], None), ([slot, local, parent], 4096))
    ]  # fmt: skip


def sealed_blobs():
    out = []
    for length in (0, 1, 15, 16, 100, 16383, 16384, 16385, 32768, 50000):
        label = f"sealed {length}"
        secret, blob_id, salt = keyed(label, 32), keyed(label + " id", 16), keyed(label + " salt", 24)
        entries = sealed.user_context(blob_id, {"class": "gold"} if length % 2 else {})
        plain = pattern(length, length & 255)
        area = slots.write([("parent:", b"", crypto.wrap(keyed("parent", 32), secret))], 256) if length == 100 else b""
        blob = sealed.seal(plain, secret, blob_id, salt, entries, area)
        assert sealed.open_sealed(blob, secret, entries, blob_id)[0] == plain
        out.append({
            "secret": secret.hex(), "blobId": blob_id.hex(), "salt": salt.hex(), "context": entries, "patternSeed": length & 255,
            "plaintextBytes": length, "slotArea": area.hex(), "commitment": blob[64 + len(area) + 24 :][:32].hex(), "sealed": shown(blob),
        })  # fmt: skip
    return out


def codes():
    out = []
    for k, m in ((1, 0), (1, 1), (2, 1), (4, 2), (5, 3), (10, 4), (10, 6), (20, 10), (200, 55)):
        cell = 67
        data = [pattern(cell, 7 * j + k) for j in range(k)]
        cells = erasure.encode(k, m, data)
        lost = {i: c for i, c in enumerate(cells) if i >= m}
        assert erasure.decode(k, lost) == data
        out.append({
            "k": k, "m": m, "cellBytes": cell, "matrix": [bytes(erasure.row(k, k + i)).hex() for i in range(m)],
            "parity": record.digest(b"".join(cells[k:])).hex(), "parityHead": b"".join(cells[k:])[:64].hex(),
        })  # fmt: skip
    return out


def slice_files():
    out = []
    for k, m, length in ((1, 0, 100), (4, 2, 0), (4, 2, 1), (4, 2, 256), (4, 2, 100000), (4, 2, 1 << 20), (4, 2, (1 << 20) + 1), (10, 6, 2500000)):
        blob_id = keyed(f"slices {k} {m} {length}", 16)
        data = pattern(length, k)
        files = erasure.slices(data, k, m, blob_id, 3)
        some = {i: erasure.read_slice(files[i], blob_id)[3] for i in range(m, k + m)}
        assert erasure.rebuild(k, length, some) == data
        out.append({"k": k, "m": m, "blobBytes": length, "patternSeed": k, "blobId": blob_id.hex(), "epoch": 3, "slices": [shown(f) for f in files]})
    return out


def namespace():
    return record.Namespace(keyed("namespace", 32), keyed("keep id", 16), keyed("namespace id", 16))


def names():
    space = namespace()
    chosen = ["cat.jpg", "photos/cat.jpg", "photos/", "/", "a//b", "x" * 95, "x" * 96, "d" * 159 + "/x", "d" * 160 + "/x", "photos/" + "x" * 96, "photos/" + "d" * 160 + "/x", "é/ü/ß", "/".join(["deep"] * 40)]
    out = [{"name": name.encode().hex(), "encoded": space.encode_name(name.encode())} for name in chosen]
    out.append({"name": "ff01fe", "encoded": space.encode_name(bytes.fromhex("ff01fe"))})
    return {"secret": keyed("namespace", 32).hex(), "keepId": keyed("keep id", 16).hex(), "namespaceId": space.id.hex(), "commitment": space.commitment.hex(), "names": out}


def records():
    space, out = namespace(), []
    writer, k, m = keyed("writer", 12), 4, 2
    for i, length in enumerate((0, 1, 5000, 200000)):
        name = f"photos/{i}.jpg".encode()
        plain = pattern(length, i)
        secret, blob_id, salt = keyed(f"record {i}", 32), keyed(f"record id {i}", 16), keyed(f"record salt {i}", 24)
        entries = sealed.user_context(blob_id, {})
        blob = sealed.seal(plain, secret, blob_id, salt, entries)
        cell = erasure.cell_bytes(k, len(blob))
        cells = erasure.encode(k, m, erasure.split(blob, k, cell))
        counter, generation, attempt, modified = 1763700000000000 + i, i, 4242 + i, 1600000000123456 - i
        encoded, revision = space.encode_name(name), record.revision_text(counter, writer, generation, attempt)
        hints = space.seal_hints(encoded, revision, record.INLINE, k, 0, length, modified, crc32c(plain))
        sha256 = record.digest(plain) if i % 2 else None
        plain_meta = record.metadata(length, modified, crc32c(plain), sha256, name, {"mode": "0644", "b": "é"} if i else {})
        associated = [space.id, encoded.encode(), struct.pack(">Q12sH", counter, writer, generation)]
        meta = crypto.siv_seal(crypto.derive(secret, "meta", entries, 64), associated, plain_meta)
        commitment = blob[88:120]
        common = record.common_part(record.INLINE, k, cell, (counter, writer, generation), 1, blob_id, commitment, len(blob), encoded, meta)
        area = slots.write([("parent:", b"", crypto.wrap(space.wrap, secret))])
        files = [space.record(common, index, area, c) for index, c in enumerate(cells)]
        out.append({
            "name": name.hex(), "plaintextBytes": length, "patternSeed": i, "secret": secret.hex(), "blobId": blob_id.hex(), "counter": counter,
            "writer": writer.hex(), "generation": generation, "attempt": attempt, "modifiedMicros": modified, "crc32c": crc32c(plain),
            "key": f"h/{encoded}!{revision}!{hints}", "note": space.note(encoded, revision[:29]), "common": common.hex(), "records": [shown(f) for f in files],
        })  # fmt: skip
    return {"secret": keyed("namespace", 32).hex(), "keepId": keyed("keep id", 16).hex(), "namespaceId": space.id.hex(), "records": out}


def shown_site(site_id, slice_number, name, address, since):
    return {"siteId": site_id.hex(), "slice": slice_number, "name": name, "address": address, "since": since}


def slice_of(epoch, index):
    """In one of the cases the site with slice 2 has gone before."""
    return index + (epoch == 7 and index >= 2)


def shown_transition(profile, leaving, incoming):
    shown_leaving = leaving and {"departure": ["serving", "lost"][leaving[0] - 1], "index": leaving[1]}
    return {"profile": list(profile), "leaving": shown_leaving, "incoming": incoming and shown_site(*incoming)}


def site_blobs():
    """Section 8: identities, capabilities, keys and configurations of one keep."""
    secret, passphrase, last = keyed("keep secret", 32), "correct horse battery sta\u0301ple", (1 << 62) - 2
    entries = {"slicekeep.secret": "keep"}
    identity_key, config_key, wrap_key = (crypto.derive(secret, purpose, entries, 32) for purpose in ("identity", "config", "wrap"))
    keep_id = crypto.derive(secret, "commit", entries, 32)[:16]
    slot = slots.passphrase_slot(passphrase, keyed("keep salt", 16), secret, 1024, 2, 2)
    local = ("local:photos", struct.pack(">I", 7), crypto.wrap(keyed("kek 7", 32), secret))
    identities = []
    for slice_number, epoch in ((0, 1), (5, 3), (254, last)):
        site_id = keyed(f"site {slice_number}", 16)
        blob = keep.write_identity(identity_key, slice_number, keep_id, site_id, epoch)
        identities.append({"slice": slice_number, "siteId": site_id.hex(), "epoch": epoch, "blob": blob.hex()})
    capabilities, promises = [], ("READ_AFTER_WRITE", "LIST_AFTER_WRITE", "ORDERED_LISTING", "ATOMIC_VISIBILITY", "LONG_KEYS")
    for index, kept, races, probed, longest, rounds in ((0, 31, 0, 1763700000123456, 1000, 0), (5, 31, 1, 0, 1000, 10), (5, 31, 2, -1, 1000, 100), (254, 13, 3, 1763700000123456, 250, 1000000)):
        site_id, number = keyed(f"site {index}", 16), 1 + index
        blob = keep.write_capabilities(identity_key, keep_id, site_id, kept, races, probed, longest, rounds)
        capabilities.append({
            "siteId": site_id.hex(), "broken": [promise for i, promise in enumerate(promises) if not kept >> i & 1], "races": ["not offered", "unproven", "proven", "broken"][races], "probedMicros": probed,
            "longestKeyBytes": longest, "raceRounds": rounds, "name": f"capabilities/{keep.inverse(number)}!", "number": number, "blob": blob.hex(),
        })  # fmt: skip
    keys = []
    for generation, chosen in ((1, [slot]), (2, [local, slot]), (last, [slot])):
        blob = keep.write_keys(keep_id, generation, slots.write(chosen))
        shown_slots = [{"uri": u, "info": i.hex(), "wrapped": w.hex()} for u, i, w in chosen]
        keys.append({"generation": generation, "slots": shown_slots, "name": f"keys/{keep.inverse(generation)}!", "blob": blob.hex()})
    configurations = []
    cases = (
        (1, (4, 2, 0, 1, 30000, 1763700000123456), "/mnt/%s", None, ["default"]),
        (2, (4, 2, 0, 1, 30000, 1763700000123456), "/mnt/%s", ((4, 2, 0, 1), (1, 2), (keyed("new site 2", 16), 2, "c", "/new/c", 3)), ["default"]),
        (8, (4, 2, 1, 1, 0, 1763700000123456), "/mnt/%s", ((4, 2, 1, 1), (2, 5), (keyed("new site 5", 16), 5, "f", "/new/f", 9)), ["default"]),
        (3, (4, 2, 0, 1, 30000, 1763700000123456), "/mnt/%s", ((4, 3, 1, 1), None, (keyed("new site 6", 16), 6, "g", "/mnt/g", 5)), ["default"]),
        (5, (4, 2, 0, 1, 30000, 1763700000123456), "/mnt/%s", ((4, 1, 0, 0), (2, 1), None), ["default"]),
        (7, (4, 2, 0, 1, 30000, 1763700000123456), "/mnt/%s", ((4, 2, 1, 1), None, None), ["default"]),
        (last, (1, 0, 0, 0, 3600000, -1), "/größe/%s", None, ["default", "a.B_c-9"]),
    )
    for epoch, terms, address, transition, names in cases:
        sites = [(keyed(f"site {i}", 16), slice_of(epoch, i), "abcdef"[i], address % "abcdef"[i], 1 + i % epoch) for i in range(terms[0] + terms[1])]
        namespaces = []
        for mode, name in enumerate(names, 1):
            space = record.Namespace(keyed("secret of " + name, 32), keep_id, keyed("id of " + name, 16))
            namespaces.append((space.id, mode, name, space.commitment, crypto.wrap(wrap_key, keyed("secret of " + name, 32))))
        blob = keep.write_configuration(config_key, keep_id, epoch, terms, sites, transition, namespaces)
        configurations.append({
            "epoch": epoch, "profile": list(terms[:4]), "leaseMillis": terms[4], "createdMicros": terms[5], "sites": [shown_site(*site) for site in sites],
            "transition": transition and shown_transition(*transition),
            "namespaces": [{"id": i.hex(), "mode": m, "name": n, "commitment": c.hex()} for i, m, n, c, _ in namespaces], "name": f"config/{keep.inverse(epoch)}!", "blob": blob.hex(),
        })  # fmt: skip
    return {"passphrase": passphrase, "keepId": keep_id.hex(), "identities": identities, "capabilities": capabilities, "keys": keys, "configurations": configurations}


def registers():
    """What a register holds, as sites that agree keep it and as one store that decides keeps it."""
    entries = {"slicekeep.keep": keyed("keep id", 16).hex(), "slicekeep.namespace": keyed("namespace id", 16).hex()}
    out = []
    proposers = [keyed(f"proposer {i}", 12) for i in range(65)]
    for register_id, note_bytes in (("config", 0), ("photos/cat", 34)):
        space = register.Registers(keyed("namespace", 32), entries, note_bytes)
        for version, length in ((0, 0), (1, 0), (2, 100), (64, 5), (65, 64000)):
            value = pattern(length, version)
            row = {"id": register_id, "noteBytes": note_bytes, "version": version, "valueBytes": length, "patternSeed": version, "proposers": [p.hex() for p in proposers[:version]]}
            for phase, start in (("accepted", 1763700000000000), ("created", 0)):
                ballots = [(start + i + 1, proposer) for i, proposer in enumerate(proposers[:version])]
                ballot = ballots[-1] if ballots else (start, bytes(12))
                if phase == "accepted":
                    code = register.ACCEPTED
                    row["bid"] = space.key_of(register_id, ballot, register.BID)
                else:
                    code, ballot = register.CREATED, (ballot[0], bytes(12))
                plain = register.contents(version, ballots[::-1][:64], value)
                body = space.seal(register_id, ballot, code, plain)
                assert space.open(register_id, ballot, code, body) == plain
                key = space.key_of(register_id, ballot, code, value if phase == "accepted" else b"")
                row[phase] = {"number": ballot[0], "key": key, "body": {"hex": body.hex()} if version < 65 else shown(body)}
            out.append(row)
    return {"secret": keyed("namespace", 32).hex(), "context": entries, "registers": out}


def write_all(folder):
    os.makedirs(folder, exist_ok=True)
    for name, make in (
        ("derivation", derivation), ("slots", slot_areas), ("sealed", sealed_blobs), ("codes", codes), ("slices", slice_files), ("names", names), ("records", records), ("keep", site_blobs), ("registers", registers),
    ):  # fmt: skip
        with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as file:
            json.dump(make(), file, indent=1, ensure_ascii=False)
            file.write("\n")
