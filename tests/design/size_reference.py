"""The reference values of ``tests/reference/design``, read once."""

import json
from pathlib import Path

from trialkit.design.sample_size.situation import Quantity

FOLDER = Path(__file__).parents[1] / "reference" / "design"
R = json.loads((FOLDER / "sample_size.json").read_text(encoding="utf-8"))
LOOKS = json.loads((FOLDER / "group_sequential.json").read_text(encoding="utf-8"))
PUBLISHED = json.loads((FOLDER / "published.json").read_text(encoding="utf-8"))


def values_of(quantities: tuple[Quantity, ...]) -> list[tuple[str, float]]:
    """Names and values of quantities, in their order."""
    return [(each.name, each.value) for each in quantities]
