"""usage: python3 -m slicekeep2 vectors FOLDER | open FILE PASSPHRASE_FILE | list PASSPHRASE_FILE SITE_FOLDER...

vectors  writes the test vectors
open     writes the plaintext of a sealed file to standard output
list     prints name, length, SHA-256 and metadata of every object of a keep, read from some of its site folders
"""

import json
import sys

from . import keep, record, sealed, vectors


def read(path):
    with open(path, "rb") as file:
        return file.read()


def passphrase(path):
    return read(path).decode().rstrip("\r\n")


def main(command="", *rest):
    if command == "vectors":
        vectors.write_all(*rest)
    elif command == "open":
        sys.stdout.buffer.write(sealed.open_file(read(rest[0]), passphrase(rest[1])))
    elif command == "list":
        for name, plain, user in keep.Keep(rest[1:], passphrase(rest[0])).objects():
            row = {"name": name.hex(), "length": len(plain), "sha256": record.digest(plain).hex(), "metadata": user}
            print(json.dumps(row, ensure_ascii=True, sort_keys=True))
    else:
        sys.exit(__doc__)


main(*sys.argv[1:])
