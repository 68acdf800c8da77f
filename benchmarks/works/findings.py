"""``findings.py TIMES FOLDER``: the listing of a grown example, written; all else is preparation."""

import sys
from pathlib import Path

from line import example, grow, open_trial, validate, write_listing
from telling import tell

times, folder = int(sys.argv[1]), Path(sys.argv[2])
if not (folder / "protocol.toml").is_file():
    grow(example(), folder, times)
validated = validate(open_trial(folder))
tell(lambda: write_listing(validated, folder / "output"))
