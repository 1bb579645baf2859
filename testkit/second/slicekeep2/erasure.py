"""FORMAT.md sections 4 and 5: the code, stripes and slices. Field arithmetic by logarithms to the generator 2."""

import struct

from . import FormatError
from .crc32c import crc32c

EXP, LOG = [0] * 512, [0] * 256
value = 1
for power in range(255):
    EXP[power] = EXP[power + 255] = value
    LOG[value] = power
    value = (value << 1) ^ (0x11D if value & 0x80 else 0)

MAGIC = b"\x89SKS\r\n\x1a\n"
BLOCK = 16384


def mul(a, b):
    return EXP[LOG[a] + LOG[b]] if a and b else 0


def inv(a):
    return EXP[255 - LOG[a]]


def row(k, index):
    """Coefficients of cell `index` over the data cells."""
    if index < k:
        return [int(j == index) for j in range(k)]
    return [inv(index ^ j) for j in range(k)]


def combine(coefficients, cells):
    """The sum of coefficient times cell, byte by byte."""
    total = 0
    for coefficient, cell in zip(coefficients, cells):
        table = bytes(mul(coefficient, x) for x in range(256))
        total ^= int.from_bytes(cell.translate(table), "little")
    return total.to_bytes(len(cells[0]), "little")


def invert(matrix):
    """Gauss-Jordan over GF(2^8)."""
    size = len(matrix)
    work = [list(r) + [int(i == j) for j in range(size)] for i, r in enumerate(matrix)]
    for column in range(size):
        pivot = next(r for r in range(column, size) if work[r][column])
        work[column], work[pivot] = work[pivot], work[column]
        scale = inv(work[column][column])
        work[column] = [mul(scale, x) for x in work[column]]
        for r in range(size):
            factor = work[r][column]
            if r != column and factor:
                work[r] = [x ^ mul(factor, y) for x, y in zip(work[r], work[column])]
    return [r[size:] for r in work]


def encode(k, m, data_cells):
    return data_cells + [combine(row(k, k + i), data_cells) for i in range(m)]


def decode(k, present):
    """present: index -> cell, at least k of them; gives the data cells."""
    chosen = sorted(present)[:k]
    inverse = invert([row(k, i) for i in chosen])
    cells = [present[i] for i in chosen]
    return [present[j] if j in present else combine(inverse[j], cells) for j in range(k)]


def cell_bytes(k, stripe_bytes=1 << 20):
    return -(-(-(-stripe_bytes // k)) // 64) * 64


def split(data, k, cell):
    padded = data.ljust(k * cell, b"\0")
    return [padded[j * cell : (j + 1) * cell] for j in range(k)]


def stripes(length, k):
    """Yields (offset, bytes of data, cell length) of each stripe."""
    full = k * cell_bytes(k)
    for at in range(0, length, full):
        rest = min(full, length - at)
        yield at, rest, cell_bytes(k) if rest == full else cell_bytes(k, rest)


def _block_crc(block, blob_id, index, ordinal):
    return struct.pack(">I", crc32c(block + blob_id + struct.pack(">IQ", index, ordinal)))


def slices(data, k, m, blob_id, epoch):
    """The n slice files of a blob."""
    out = []
    for index in range(k + m):
        head = struct.pack(">8sHBBBBHII16sQ12x", MAGIC, 1, k, 0, index, 1, 0, cell_bytes(k), BLOCK, blob_id, epoch)
        out.append([head, struct.pack(">I", crc32c(head))])
    ordinal = count = 0
    for at, rest, cell in stripes(len(data), k):
        cells = encode(k, m, split(data[at : at + rest], k, cell))
        for start in range(0, cell, BLOCK):
            for index in range(k + m):
                block = cells[index][start : start + BLOCK]
                out[index] += [block, _block_crc(block, blob_id, index, ordinal)]
            ordinal += 1
        count += 1
    foot = struct.pack(">8sQQ16s4x", b"SKSLEND1", len(data), count, blob_id)
    return [b"".join(parts) + foot + struct.pack(">I", crc32c(foot)) for parts in out]


def read_slice(data, blob_id):
    """Checks a slice; returns (k, index, true length, its cells)."""
    if data[:8] != MAGIC:
        raise FormatError("not ours", "slice")
    version, k, first_zero, index, matrix, flags, cell, block_bytes, found, epoch, zero = struct.unpack_from(">HBBBBHII16sQ12s", data, 8)
    if crc32c(data[:60]) != struct.unpack_from(">I", data, 60)[0]:
        raise FormatError("corrupt", "slice header")
    if version != 1 or matrix != 1 or first_zero or flags or any(zero):
        raise FormatError("too new", "slice")
    end, length, count, foot_id, zero = struct.unpack_from(">8sQQ16s4s", data, len(data) - 48)
    if crc32c(data[-48:-4]) != struct.unpack(">I", data[-4:])[0] or end != b"SKSLEND1":
        raise FormatError("corrupt", "slice footer")
    if found != blob_id or foot_id != blob_id or block_bytes != BLOCK or cell != cell_bytes(k):
        raise FormatError("corrupt", "slice header")
    at, ordinal, cells = 64, 0, []
    for _, _, this_cell in stripes(length, k):
        blocks = []
        for start in range(0, this_cell, BLOCK):
            size = min(BLOCK, this_cell - start)
            block = data[at : at + size]
            if data[at + size : at + size + 4] != _block_crc(block, blob_id, index, ordinal):
                raise FormatError("corrupt", f"block {ordinal}")
            blocks.append(block)
            at, ordinal = at + size + 4, ordinal + 1
        cells.append(b"".join(blocks))
    if len(cells) != count or at != len(data) - 48:
        raise FormatError("corrupt", "slice")
    return k, index, length, cells


def rebuild(k, length, slices_by_index):
    """slices_by_index: index -> list of cells."""
    out = []
    for t, (_, rest, _) in enumerate(stripes(length, k)):
        data = decode(k, {i: cells[t] for i, cells in slices_by_index.items()})
        out.append(b"".join(data)[:rest])
    return b"".join(out)
