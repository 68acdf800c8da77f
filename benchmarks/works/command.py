"""A command of the tree's own command line, on a copy of its own example where it says EXAMPLE."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from trialkit.cli.main import main

with tempfile.TemporaryDirectory() as folder:
    example = Path(folder) / "example_trial"
    shutil.copytree(Path(os.environ["TREE"]) / "example_trial", example)
    sys.argv[1:] = [str(example) if each == "EXAMPLE" else each for each in sys.argv[1:]]
    code = main()
raise SystemExit(code)
