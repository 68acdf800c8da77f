"""The reference values of ``tests/reference/design``, read once."""

import json
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "reference" / "design"
R = json.loads((FOLDER / "sample_size.json").read_text(encoding="utf-8"))
LOOKS = json.loads((FOLDER / "group_sequential.json").read_text(encoding="utf-8"))
PUBLISHED = json.loads((FOLDER / "published.json").read_text(encoding="utf-8"))
