"""Numbers that stand where none is yet: the table code prints them, and then each digit becomes an x."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import n_equals
from trialkit.results.effect import ONE_SIDED, Effect, Interval, Scale, Status
from trialkit.results.result_ids import result_id
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

PEOPLE, SOME = 88, 44
"""How many an arm has, and how many of them an event: of two digits, and no share of 0 or 1."""
_NUMBERS = MappingProxyType(
    {
        Stat.N: PEOPLE, Stat.EVENTS: SOME, Stat.N_COMPETING: 22, Stat.N_CENSORED: 22, Stat.N_EVENTS: SOME, Stat.PERCENT: 50.0,
        Stat.MEAN: 55.5, Stat.SD: 22.2, Stat.MEDIAN: 55.5, Stat.Q1: 44.4, Stat.Q3: 66.6,
        Stat.GEOMETRIC_MEAN: 55.5, Stat.GEOMETRIC_SD: 2.22,
        Stat.P_VALUE: 0.111, Stat.P_ADJUSTED: 0.222, 
        Stat.HEDGES_G: 0.33, Stat.HEDGES_G_CONF_LOW: 0.11, Stat.HEDGES_G_CONF_HIGH: 0.55,
    }
)  # fmt: skip
_P_VALUES = frozenset({Stat.P_VALUE, Stat.P_ADJUSTED})
_DIGIT = re.compile("[0-9]")
_DIGITS_OR_LEVEL = re.compile(r"\[[^\]]*CI\]|[0-9]")
"""A digit, but for those of a level: that is of the plan, and known."""
_X = "x"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOfRows:
    """What rows of the results say besides their statistic, for numbers that are still to come."""

    analysis_id: str
    role: str = ""
    family: str = ""
    outcome: str = ""
    population: str = ""
    method: str = "descriptive"
    visit: str = ""
    term: str = ""
    arm: str = ""
    note: str = ""
    effect: Effect | None = None
    level: float = 0.95
    """The confidence level of its limits."""

    def at(self, *, visit: str = "", term: str = "", arm: str = "") -> "PlaceOfRows":
        """The same analysis at another visit, of another term or arm."""
        return replace(self, visit=visit, term=term, arm=arm)

    def of(self, effect: Effect | None, *, method: str = "") -> "PlaceOfRows":
        """The same place, of this effect, by this method where another is meant."""
        return replace(self, effect=effect, method=method or self.method)

    def rows(self, *stats: Stat) -> Iterator[Result]:
        """A row for each statistic."""
        for stat in stats:
            yield self._row(stat, _NUMBERS[stat] if stat in _NUMBERS else self._of_effect(stat))

    def not_collected(self, *stats: Stat) -> Iterator[Result]:
        """A row for each statistic that no form of the trial asks for."""
        for stat in stats:
            yield replace(self._row(stat, None), status=Status.NOT_COLLECTED)

    def _of_effect(self, stat: Stat) -> float:
        """An estimate or a limit, in the size of its scale; the level of limits is known."""
        if stat is Stat.CONF_LEVEL:
            return self.level
        if stat is Stat.MARGIN:
            return 1.0
        scale = Scale.DIFFERENCE if self.effect is None else self.effect.scale
        if scale.is_ratio:
            return 1.11
        return 0.111 if scale.of_risks or scale.in_points or scale.is_probability else 11.1

    def _row(self, stat: Stat, number: float | None) -> Result:
        effect = self.effect
        parts = (
            self.analysis_id, self.outcome, self.method, self.visit, self.term, self.arm, stat.value,
        )  # fmt: skip
        return Result(
            result_id=result_id(parts),
            analysis_id=self.analysis_id,
            role=self.role,
            family=self.family,
            outcome=self.outcome,
            population=self.population,
            estimand="",
            method=self.method,
            visit=self.visit,
            term=self.term,
            arm=self.arm,
            stat_name=stat,
            stat=number,
            unit="",
            note=self.note,
            scale=None if effect is None else effect.scale,
            interval_kind=None if effect is None else _kind(stat, effect),
            standardised_by=None if effect is None else effect.standardised_by,
        )


def _kind(stat: Stat, effect: Effect) -> Interval | None:
    """What limits hold for, and in how many directions a p value asks."""
    return ONE_SIDED if effect.one_sided and stat in _P_VALUES else effect.interval


def with_places(table: Table) -> Table:
    """The table as a shell: every digit of a number an x, and nothing that leads to a result."""
    return replace(
        table,
        anchor=f"shell-{table.anchor.removeprefix('table-')}",
        caption=f"Shell. {table.caption}",
        spanning=_heads(table.spanning),
        heads=_heads(table.heads),
        groups=tuple(
            RowGroup(
                head=group.head, note=group.note, rows=tuple(_row(each) for each in group.rows)
            )
            for group in table.groups
        ),
        supplementary=False,
        shown_as_data=False,
        claims=(),
    )


def _heads(heads: Iterable[ColumnHead]) -> tuple[ColumnHead, ...]:
    size = f"({n_equals(PEOPLE)})"
    return tuple(
        replace(head, text=f"{head.text.removesuffix(size)}{_DIGIT.sub(_X, size)}")
        if head.text.endswith(size)
        else head
        for head in heads
    )


def _row(row: Row) -> Row:
    return replace(row, cells=tuple(_cell(each) for each in row.cells))


def _cell(cell: Cell) -> Cell:
    if not cell.results:
        return cell
    text = _DIGITS_OR_LEVEL.sub(lambda found: found[0] if len(found[0]) > 1 else _X, cell.text)
    return Cell(text=text, words=cell.words, note=cell.note)
