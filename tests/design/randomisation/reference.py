"""The reference values of randomisation."""

import json
from pathlib import Path

PATH = Path(__file__).parents[2] / "reference" / "randomisation" / "exact_properties.json"
EXACT = json.loads(PATH.read_text(encoding="utf-8"))
