"""``stream.py FILE FOLDER [OPTION ...]``: the rules of the streaming benchmark over a Parquet file."""

import sys
from pathlib import Path

from trialkit.cli.main import main
from trialkit.newtrial.writing import write_new_trial

sys.path.insert(0, str(Path(__file__).parents[1]))
from streaming_benchmark import FORM

file, trial, options = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
write_new_trial(trial)
(trial / "forms" / "registry.toml").write_text(FORM, "utf-8")
raise SystemExit(main(["validate", str(trial), "--data", file, *options]))
