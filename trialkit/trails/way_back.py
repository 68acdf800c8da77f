"""The way back from a result to what was entered: whom and which arms it is of, and how a trail ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import permutations

import pandas as pd

from trialkit.datasets.model import Datasets
from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import randomised
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.lookup import IN_LEVEL
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.trails.cells import EnteredCells, no_cells
from trialkit.trails.trail import LEFT_OUT, Trail, nobody_left_out

NOBODY_HAS_A_ROW = "the form is there, and nobody whom the result is of has such a row"
NOTHING_ENTERED = "no form of the trial holds what it is made from"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WayBack:
    """What is needed to go back from one origin."""

    origin: Result | Series
    datasets: Datasets
    sources: Sources
    protocol: Protocol

    def ending(
        self,
        *,
        used: tuple[str, ...] = (),
        left_out: pd.DataFrame | None = None,
        periods_left_out: pd.DataFrame | None = None,
        cells: Iterable[pd.DataFrame] = (),
        arms: pd.DataFrame | None = None,
        without: str = "",
        is_among: bool = False,
    ) -> Trail:
        """The trail, each cell with the arm of its participant, or the treatment of its period."""
        together = pd.concat([no_cells(), *cells], ignore_index=True)
        if "arm" in together:
            together.insert(1, "arm", together.pop("arm").fillna(""))
        elif arms is not None:
            known = arms.drop_duplicates("subject_id").set_index("subject_id")["arm"]
            own = together["subject_id"].map(known.astype("object"))
            together.insert(1, "arm", own.fillna("").astype("str"))
        return Trail(
            origin=self.origin,
            used=used,
            left_out=_left_out(left_out),
            periods_left_out=_left_out(periods_left_out),
            cells=together,
            without=without or ("" if len(together) else NOTHING_ENTERED),
            is_among=is_among,
        )

    @property
    def _cells(self) -> EnteredCells:
        return EnteredCells(sources=self.sources)

    @property
    def _row(self) -> Result | None:
        return self.origin if isinstance(self.origin, Result) else None

    @property
    def _term(self) -> str:
        """What the row of the results is about; blank for what a figure draws."""
        return "" if self._row is None else self._row.term

    def _members(self, population: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """``subject_id`` and ``arm`` of a population, or of all randomised; and who is outside."""
        if not population:
            people = randomised(self.datasets.subjects)[["subject_id", "arm"]]
            return self._of_arms(people), people.iloc[:0].assign(reason="")
        found = self.datasets.population(population)
        return self._of_arms(found.members), found.excluded

    def _of_arms(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Those of the arms that the origin is of: one, the two of a contrast that reads no other, all."""
        arms = self._arms_read()
        return rows[rows["arm"].isin(arms)] if arms else rows

    def _arms_read(self) -> frozenset[str]:
        """The arms that the origin reads, where it does not read all of them."""
        row = self._row
        codes = (*self.protocol.arm_codes, *(each.code for each in self.protocol.treatments))
        if row is None:
            return frozenset()
        if row.arm in codes:
            return frozenset({row.arm})
        if at_level := self.protocol.arms_at(row.term):
            return at_level
        planned = self.protocol.plan.analysis(row.analysis_id)
        if planned is not None and not planned.specification.compares_pairs:
            return frozenset()
        pairs = {
            f"{one} {sign} {other}": frozenset({one, other})
            for one, other in permutations(codes, 2)
            for sign in ("-", "/")
        }
        contrast = row.term.partition(IN_LEVEL)[0]
        return pairs.get(contrast) or pairs.get(row.arm) or frozenset()

    def _recorded(self, event: IntercurrentEventAsked, subjects: tuple[str, ...]) -> pd.DataFrame:
        form = self.sources.schemas.form(event.form)
        items = [form.item(name) for name in dict.fromkeys((event.asked, *event.where))]
        return self._cells.of_items(form, items, subjects)


def _left_out(found: pd.DataFrame | None) -> pd.DataFrame:
    return nobody_left_out() if found is None else found[LEFT_OUT].reset_index(drop=True)
