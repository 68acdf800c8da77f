"""``frame.py ROWS [pandera]``: a typed frame to findings, by the tree's own benchmark of it."""

import os
import sys
import tempfile
from pathlib import Path

from telling import NOT_POSSIBLE, tell

sys.path.insert(0, str(Path(os.environ["TREE"]) / "benchmarks"))
try:
    import validation_benchmark as own
except ImportError:
    raise SystemExit(NOT_POSSIBLE) from None

rows = int(sys.argv[1])
values = own.typed_frame(rows)
if sys.argv[2:] == ["pandera"]:
    frame, schema = own.pandera_frame(values), own.pandera_checks()
    tell(lambda: own.failures(schema, frame), times=2)
else:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        own.write_trial(folder)
        values.write_csv(folder / "data" / "screening.csv")
        protocol = own.bare_protocol()
        schemas = own.form_schemas(folder, protocol)
        source = own.FolderSource(folder=folder) if hasattr(own, "FolderSource") else folder
        snapshot = own.freeze(source, schemas)
        tell(lambda: own.check(snapshot, schemas, protocol), times=2)
