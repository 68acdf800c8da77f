"""The public trials of ``tests/reference/survival`` with R's numbers, and made-up ones for invariants."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

REFERENCE = Path(__file__).parents[2] / "reference" / "survival"
FILES = {
    "MASS_gehan": ("MASS_gehan.json", "MASS_gehan.csv", "pair"),
    "survival_veteran": ("survival_veteran.json", "survival_veteran.csv", "celltype"),
    "survival_colon_recurrence": (
        "survival_colon_recurrence.json",
        "survival_colon_recurrence.csv",
        "node4",
    ),
}
CELLTYPES = ["squamous", "smallcell", "adeno", "large"]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A frame, R's numbers of it, its arms with the reference first, and its strata."""

    frame: pd.DataFrame
    expected: dict[str, Any]
    arms: list[str]
    strata: str

    @property
    def columns(self) -> dict[str, Any]:
        """What every estimator is told."""
        return {"time": "time", "event": "status", "arm": "arm", "order": self.order}

    @property
    def order(self) -> dict[str, list[str]]:
        """The order of arms and of tumour types."""
        return {"arm": self.arms} | (
            {"celltype": CELLTYPES} if "celltype" in self.frame.columns else {}
        )


@cache
def trial(name: str) -> Trial:
    """One of the trials by the stem of its file."""
    numbers, data, strata = FILES[name]
    expected = json.loads((REFERENCE / numbers).read_text(encoding="utf-8"))
    return Trial(
        frame=pd.read_csv(REFERENCE / data),
        expected=expected,
        arms=[each["arm"] for each in expected["km"]],
        strata=strata,
    )


@cache
def further() -> dict[str, Any]:
    """What ``generate.R`` wrote."""
    return json.loads((REFERENCE / "further.json").read_text(encoding="utf-8"))


def made_up(seed: int, *, n: int, arms: int = 2, ties: bool = True) -> pd.DataFrame:
    """A trial by chance: time, event, arm (0 the reference), stratum, a covariate x; events in all."""
    rng = np.random.default_rng(seed)
    time = rng.exponential(10.0, n) * np.exp(0.3 * rng.normal(size=n))
    arm = np.arange(n) % arms
    event = rng.random(n) < 0.7
    event[:arms] = True
    return pd.DataFrame(
        {
            "time": np.ceil(time) if ties else time,
            "event": event,
            "arm": arm,
            "stratum": rng.integers(0, 3, n),
            "x": rng.normal(size=n),
        }
    )
