"""Planned analyses of another program: its results are judged and stated like any other."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import isinf

from trialkit.datasets.inclusion import OUTSIDE
from trialkit.errors import AnalysisError
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    EFFECT_STATS,
    LIMITS,
    Statement,
    contrast_statement,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.external import External
from trialkit.results.effect import MEASURES, Scale
from trialkit.results.external import ExternalRow, ExternalTable
from trialkit.results.notes import NOT_USED, origin_note
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

ENDLESS = "the program gives no limit on this side"
_BOUNDS = {
    Scale.PERCENTAGE_POINTS: (-1.0, 1.0),
    Scale.PROBABILITY: (0.0, 1.0),
    Scale.WIN_PROBABILITY: (0.0, 1.0),
    Scale.NET_BENEFIT: (-1.0, 1.0),
}
"""Between what an effect must lie; ratios lie above 0."""


def state_external(task: Task, specification: External) -> Iterator[Result]:
    """The numbers analysed, then the estimate, limits and p of each arm against the reference.

    Raises :class:`AnalysisError` for a file that lacks what the plan promises, and for numbers that
    cannot be: a limit on the wrong side of its estimate, a p value above 1.
    """
    stated = _Stated(table=_table(task), task=task)
    stated.refuse_strangers()
    yield from stated.numbers_analysed()
    about = contrast_statement(task)
    if specification.scale is not Scale.DIFFERENCE:
        about = replace(about, unit="")
    measure = MEASURES.get(specification.scale)
    if measure is not None and task.outcome.kind.is_proportion:
        about = about.measure(measure)
    for arm in task.arms[1:]:
        yield from stated.contrast(about, arm, specification)


def _table(task: Task) -> ExternalTable:
    table = task.external
    if table is None:
        raise AnalysisError("its results were not read from the trial's folder")
    if table.refused:
        raise AnalysisError(table.refused)
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """What a file states of the outcome of a task."""

    table: ExternalTable
    task: Task

    @property
    def rows(self) -> tuple[ExternalRow, ...]:
        """Those of the outcome; of a file without such a column all, where the analysis has one."""
        several = len(self.task.analysis.outcomes) > 1
        code = self.task.outcome.code
        return tuple(
            each
            for each in self.table.rows
            if each.outcome == code or not (each.outcome or several)
        )

    def refuse_strangers(self) -> None:
        """Refuse outcomes and arms that the plan does not have, and comparisons that it does not make."""
        task, arms = self.task, self.task.arms
        for row in self.table.rows:
            if row.outcome and row.outcome not in task.analysis.outcomes:
                self._refuse(row, f"the analysis is not of the outcome {row.outcome!r}")
            if not row.outcome and len(task.analysis.outcomes) > 1:
                self._refuse(row, "does not say of which outcome, and the analysis is of several")
            if row.arm not in self.task.protocol.arm_codes:
                self._refuse(row, f"the trial has no arm {row.arm!r}")
            of_an_arm = row.stat_name is Stat.N
            if of_an_arm and row.reference:
                self._refuse(row, "n is of one arm, so that reference must be blank")
            if not of_an_arm and (row.reference != task.reference or row.arm == task.reference):
                self._refuse(
                    row,
                    f"compares {row.arm!r} with {row.reference!r}; the plan compares "
                    f"{' and '.join(map(repr, arms[1:]))} with {task.reference!r}",
                )

    def numbers_analysed(self) -> Iterator[Result]:
        """How many of each arm the program analysed, and how many of the population it did not."""
        about = statement_of(self.task)
        for arm in self.task.arms:
            found = self._found(arm, "").get(Stat.N)
            if found is None or found.stat is None:
                raise AnalysisError(f"{self.table.file} does not state n of {arm!r}")
            members = self.task.population.count(arm)
            if not float(found.stat).is_integer() or not 0 <= found.stat <= members:
                self._refuse(
                    found, f"n of {arm!r} is {found.stat:g}, and the population has {members}"
                )
            own = about.about(visit=self.task.outcome.time_point, arm=arm)
            yield own.state(Stat.N, found.stat, note=self._origin(found))
            count, why = self._left_out(arm, members - int(found.stat))
            yield own.state(Stat.N_EXCLUDED, count, note=why)

    def _left_out(self, arm: str, of_population: int) -> tuple[int, str]:
        """How many are not analysed, and why: outside the population, or the program used them not."""
        outside = self.task.population.excluded
        reasons = Counter(outside.loc[outside["arm"] == arm, "reason"].astype("str"))
        counted = {f"{OUTSIDE}{why}": count for why, count in reasons.items()}
        if of_population:
            counted[NOT_USED] = of_population
        note = "; ".join(f"{why}: {count}" for why, count in counted.items())
        return sum(counted.values()), note

    def contrast(self, about: Statement, arm: str, asked: External) -> Iterator[Result]:
        """One arm against the reference."""
        found = self._found(arm, self.task.reference)
        effect = asked.effect(self.task.outcome.type, len(self.task.arms))
        own = about.about(
            visit=self.task.outcome.time_point, term=effect.term(arm, self.task.reference)
        )
        for needed in (Stat.ESTIMATE, Stat.P_VALUE):
            if needed not in found:
                raise AnalysisError(
                    f"{self.table.file} does not state {needed.value} of {arm!r} against "
                    f"{self.task.reference!r}"
                )
        self._refuse_what_cannot_be(found, asked)
        self._refuse_of_nobody(found[Stat.ESTIMATE])
        for stat in (*EFFECT_STATS, *(each for each in CONTRAST_STATS if each not in EFFECT_STATS)):
            row = found.get(stat)
            if row is None:
                continue
            if row.stat is None:
                yield own.state(stat, None, note=f"not estimable: {row.note}")
                continue
            endless = isinf(row.stat) and not asked.one_sided
            note = "; ".join(
                filter(None, (ENDLESS if endless else "", row.note, self._origin(row)))
            )
            yield own.state(stat, None if endless else row.stat, note=note)

    def _refuse_what_cannot_be(self, found: Mapping[Stat, ExternalRow], asked: External) -> None:
        estimate = found[Stat.ESTIMATE]
        low, high = _BOUNDS.get(asked.scale, (None, None))
        for stat in (Stat.ESTIMATE, *LIMITS):
            row = found.get(stat)
            if row is None or row.stat is None:
                continue
            if asked.scale.is_ratio and row.stat < 0:
                self._refuse(row, f"a ratio is above 0, and this is {row.stat:g}")
            if low is not None and high is not None and not low <= row.stat <= high:
                self._refuse(
                    row,
                    f"the scale {asked.scale.value} lies between {low:g} and {high:g} (a share, not "
                    f"a percentage), and this is {row.stat:g}",
                )
            beyond = estimate.stat is not None and (
                row.stat > estimate.stat if stat is Stat.CONF_LOW else row.stat < estimate.stat
            )
            if stat in LIMITS and beyond:
                self._refuse(row, f"{stat.value} lies on the wrong side of the estimate")
        self._refuse_other_levels(found)
        for stat, most in ((Stat.P_VALUE, 1.0), (Stat.SE, None), (Stat.DF, None)):
            row = found.get(stat)
            if row is None or row.stat is None:
                continue
            if row.stat < 0 or (most is not None and row.stat > most):
                self._refuse(row, f"{stat.value} is {row.stat:g}, which cannot be")

    def _refuse_of_nobody(self, estimate: ExternalRow) -> None:
        """An effect is of somebody in both arms."""
        for arm in (estimate.arm, estimate.reference):
            if estimate.stat is not None and self._found(arm, "")[Stat.N].stat == 0:
                self._refuse(estimate, f"states an effect, and n of {arm!r} is 0")

    def _refuse_other_levels(self, found: Mapping[Stat, ExternalRow]) -> None:
        """Limits say of which level they are, and it is that of the plan."""
        limits = [found[stat] for stat in LIMITS if stat in found]
        if len(limits) == 1:
            self._refuse(
                limits[0],
                "is the one limit of the interval; state the other, or a blank with a note that says "
                "why there is none",
            )
        level = found.get(Stat.CONF_LEVEL)
        if limits and (level is None or level.stat != self.task.level):
            said = "no conf_level" if level is None else f"conf_level {level.stat}"
            self._refuse(
                level or limits[0],
                f"there are limits with {said}; the plan's is {self.task.level:g}",
            )

    def _found(self, arm: str, reference: str) -> dict[Stat, ExternalRow]:
        return {
            each.stat_name: each
            for each in self.rows
            if each.arm == arm and each.reference == reference
        }

    def _origin(self, row: ExternalRow) -> str:
        """Where the number was read; and that nothing says of which data it is."""
        return origin_note(self.table.file, row.line, names_data=bool(self.table.data_sha256))

    def _refuse(self, row: ExternalRow, why: str) -> None:
        raise AnalysisError(f"{self.table.file}, line {row.line}: {why}")


EXTERNAL = MethodCard(specification=External, carry_out=state_external)
"""What another program carries out, as a plan may ask for it."""
