"""Follows the results of a trial of the fixtures to the cells that they rest on."""

from dataclasses import dataclass

import numpy as np

from tests.line import Line
from trialkit.datasets.sources import Sources
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat
from trialkit.trails.tracing import follow
from trialkit.trails.trail import Trail


@dataclass(frozen=True)
class Follower:
    """Follows the results of a trial of the fixtures."""

    line: Line

    def __call__(self, name: str) -> Trail:
        line = self.line
        return follow(
            name,
            line.results,
            datasets=line.datasets,
            sources=Sources(snapshot=line.snapshot, schemas=line.schemas),
            protocol=line.protocol,
        )

    def rows(self, analysis_id: str, stat: Stat) -> list[Result]:
        rows = self.line.results.rows
        return [
            each
            for each in rows
            if each.analysis_id == analysis_id and each.stat_name is stat and each.stat is not None
        ]


def entered(trail: Trail) -> np.ndarray:
    """The cells as numbers: decimal commas are points, yes is one."""
    texts = trail.cells["entered"].str.strip().str.replace(",", ".").str.lower()
    truths = {"yes": "1", "no": "0", "true": "1", "false": "0"}
    return texts.map(lambda text: truths.get(text, text)).astype(float).to_numpy()
