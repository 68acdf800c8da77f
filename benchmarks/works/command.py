"""A command of the tree's own command line, on its own example where it says EXAMPLE."""

import os
import sys
from pathlib import Path

from trialkit.cli.main import main

EXAMPLE = str(Path(os.environ["TREE"]) / "example_trial")
raise SystemExit(main([EXAMPLE if each == "EXAMPLE" else each for each in sys.argv[1:]]))
