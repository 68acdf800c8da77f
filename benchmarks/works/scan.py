"""``scan.py FILE``: the rules of the streaming benchmark in one bare scan of polars."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from streaming_benchmark import bare_scan

bare_scan(Path(sys.argv[1]))
