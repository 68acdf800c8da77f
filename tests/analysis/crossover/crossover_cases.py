"""The reference trial of two periods, and made-up ones."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

REFERENCE = Path(__file__).parents[2] / "reference" / "crossover"
FRAME = pd.read_csv(REFERENCE / "crossover_abba_complete.csv")
EXPECTED: dict[str, Any] = json.loads(
    (REFERENCE / "crossover_abba_complete.json").read_text(encoding="utf-8")
)
COLUMNS: dict[str, Any] = {"subject": "subject", "period": "period", "treatment": "treatment"}


def long(first: list[float], second: list[float], experimental_first: list[bool]) -> pd.DataFrame:
    """Subjects with values in two periods, as rows; A is the reference."""
    early = np.array(experimental_first)
    who = np.arange(len(early))
    return pd.DataFrame(
        {
            "subject": np.tile(who, 2),
            "period": np.repeat([1, 2], len(who)),
            "treatment": np.where(np.concatenate([early, ~early]), "B", "A"),
            "y": [*first, *second],
        }
    )


def made_up(seed: int, *, n: int = 14) -> pd.DataFrame:
    """Subjects of whom some more have the reference first, with values of one decimal."""
    rng = np.random.default_rng(seed)
    early = (np.arange(n) % 5 < 2).tolist()
    own = rng.normal(50, 8, n)
    first, second = (np.round(own + rng.normal(0, 4, n), 1).tolist() for _ in range(2))
    return long(first, second, early)


def preferences(early: tuple[int, ...], late: tuple[int, ...]) -> pd.DataFrame:
    """Subjects by neither, first only, second only, both; ``early`` had the experimental first."""
    kinds = ((0, 0), (1, 0), (0, 1), (1, 1))
    rows = [
        (*kind, is_early)
        for counts, is_early in ((early, True), (late, False))
        for kind, count in zip(kinds, counts, strict=True)
        for _ in range(count)
    ]
    first, second, is_early = (list(each) for each in zip(*rows, strict=True))
    return long(first, second, is_early)
