import sys

from . import vectors

if sys.argv[1:2] == ["vectors"]:
    vectors.write_all(sys.argv[2])
