"""What a change of an option changes in the results: rows before and after, field by field."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tests.conftest import EXAMPLE, ROOT, THREE_ARMS
from tests.report.crossover_trial import MODEL, WILLIAMS, write_crossover
from tests.report.factorial_trial import write_factorial
from tests.report.factory import LEVELS, effect, made_up_datasets, made_up_protocol
from tests.report.falls_trial import write_falls
from tests.report.kinds_of_trial import Tables
from tests.report.recurrences import write_recurrences
from tests.report.return_to_sport import write_return_to_sport
from trialkit.datasets.building import build_datasets
from trialkit.datasets.model import Datasets
from trialkit.planned.methods.methods import card_of
from trialkit.planned.task.task import tasks
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.comparisons import ProportionTest
from trialkit.protocol.methods.diagnostics import Check
from trialkit.protocol.methods.estimands import IntercurrentEvent, Strategy
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.clusters import Clusters
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.people import Characteristic
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

AGE, SEX, SIDE = "demographics.age_years", "demographics.sex", "demographics.side"
"""A number and a category of every trial here, and a second category of the made-up one."""
SAID = (
    "role", "family", "population", "estimand",
    "unit", "note", "scale", "interval_kind", "standardised_by", "status",
)  # fmt: skip
"""What a row says of its number."""
OTHER = frozenset({"other"})
"""A row that is there on one side alone."""

ALONE = "alone"
"""The one analysis of a plan in which a method is tried."""

_MEASURES = ("risk_difference", "risk_ratio", "odds_ratio")

Key = tuple[str, ...]
Row = Result | Series


@dataclass(frozen=True, eq=False)
class Tried:
    """A trial in which options are varied, and the outcomes that they are varied for."""

    name: str
    protocol: Protocol
    datasets: Datasets
    outcomes: tuple[str, ...]
    """One of each kind that the trial has."""
    memory: dict[tuple[Specification, str], dict[Key, Row]] = field(default_factory=dict)

    def outcomes_for(self, specification: Specification) -> Iterator[str]:
        """The outcomes that a method can analyse."""
        if specification.READS_FACTORS is not bool(self.protocol.factors):
            return  # a trial of factors is there for what reads them, and for nothing else
        if specification.READS_PERIODS is not self.protocol.is_crossover:
            return
        for code in self.outcomes:
            if specification.takes(specification.method, self.protocol.outcome(code).type):
                yield code

    def rows(self, specification: Specification, outcome: str) -> dict[Key, Row]:
        """The results of a plan that asks for this analysis alone, by what they are about."""
        known = self.memory.get((specification, outcome))
        if known is None:
            known = keyed(self._stated(specification, outcome))
            self.memory[specification, outcome] = known
        return known

    def _stated(self, specification: Specification, outcome: str) -> Iterator[Row]:
        alone = Analysis(
            id=ALONE,
            role=AnalysisRole.PRIMARY,
            outcomes=(outcome,),
            population="itt",
            estimand="E1",
            specification=specification,
        )
        plan = replace(self.protocol.plan, families=(), analyses=(alone,))
        (task,) = tasks(replace(self.protocol, plan=plan), self.datasets)
        yield from card_of(specification).carry_out(task, specification)

    def numbers(
        self, specification: Specification, outcome: str, part: str, stat: Stat
    ) -> dict[tuple[str, str, str], float]:
        """One statistic of a part of the analysis by visit, term and arm."""
        return {
            (row.visit, row.term, row.arm): float(row.stat)
            for row in self.rows(specification, outcome).values()
            if isinstance(row, Result)
            and row.stat is not None
            and (part_of(row), row.stat_name) == (part, stat)
        }

    def analysed(self, outcome: str, *, complete: tuple[str, ...]) -> pd.DataFrame:
        """Who is in intention to treat with a value at these visits, straight from the datasets."""
        rows = self.datasets.measurements
        own = rows[(rows["outcome"] == outcome) & rows["arm"].notna()]
        there = own[own["visit"].isin(complete) & own["value"].notna()]
        counts = there.groupby("subject_id").size()
        return own[own["subject_id"].isin(counts.index[counts == len(complete)])]


def keyed(rows: Iterator[Row]) -> dict[Key, Row]:
    """The rows by what they are about."""
    found: dict[Key, Row] = {}
    for row in rows:
        assert key_of(row) not in found, row
        found[key_of(row)] = row
    return found


def key_of(row: Row) -> Key:
    """What a row is about: two rows about the same are one row, before and after."""
    if isinstance(row, Series):
        return (str(row.analysis_id), row.outcome, row.kind.value)
    return (
        str(row.analysis_id), row.outcome, row.method, row.visit, row.term, row.arm, row.stat_name.value,
    )  # fmt: skip


def stat_of(row: Row) -> str:
    return row.kind.value if isinstance(row, Series) else row.stat_name.value


def part_of(row: Row) -> str:
    """The part of an analysis that a row belongs to, as the tables of expectations name it."""
    if isinstance(row, Series):
        return "residuals"
    return next((name for name, belongs in _PARTS if belongs(row)), "") or _by_term(row)


_PARTS: tuple[tuple[str, Callable[[Result], bool]], ...] = (
    ("numbers", lambda row: not row.term and row.stat_name in {Stat.N, Stat.N_EXCLUDED}),
    ("first stage", lambda row: row.term.startswith(Term.FIRST_STAGE)),
    ("decided", lambda row: row.term.startswith(Term.DECIDED)),
    ("g", lambda row: row.stat_name.value.startswith("hedges_g")),
    ("means", lambda row: row.term in {"adjusted mean", "marginal mean"}),
    (
        "fit",
        lambda row: row.stat_name in {Stat.LOG_LIKELIHOOD, Stat.AIC, Stat.BIC, Stat.SD_INTERCEPT},
    ),
    (
        "components",
        lambda row: row.term.startswith("intercepts: ") or row.term == "residuals",
    ),
    ("covariance", lambda row: row.stat_name in {Stat.COVARIANCE, Stat.CORRELATION}),
    ("test", lambda row: row.method in list(ProportionTest)),
    ("levels", lambda row: " | " in row.term),
    (
        "factor levels",
        lambda row: row.term == "combination" or (" = " in row.term and " - " not in row.term),
    ),
    ("interaction", lambda row: row.term.startswith("interaction")),
)


def _by_term(row: Result) -> str:
    """A check, a contrast (of risks by its measure) or another term of a model."""
    first = row.term.partition(":")[0]
    if first in list(Check):
        return f"check {first}"
    if " - " in row.term or " / " in row.term:
        return row.method if row.method in _MEASURES else "contrasts"
    return row.term


def difference(before: Row | None, after: Row | None) -> frozenset[str]:
    """In which fields two rows about the same differ; ``other`` where one of them is not there."""
    if before is None or after is None:
        return OTHER
    if isinstance(before, Series) or isinstance(after, Series):
        assert isinstance(before, Series)
        assert isinstance(after, Series)
        return frozenset() if _alike_series(before, after) else frozenset({"value"})
    said = {name for name in SAID if getattr(before, name) != getattr(after, name)}
    return frozenset(said if alike(before.stat, after.stat) else said | {"value"})


def alike(one: float | None, other: float | None) -> bool:
    """Whether two numbers are the same but for the last digits of the arithmetic."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-7, abs_tol=1e-11)


def _alike_series(before: Series, after: Series) -> bool:
    one, other = (
        sorted((each.arm, each.label, each.x or 0.0, each.y or 0.0) for each in series.points)
        for series in (before, after)
    )
    return len(one) == len(other) and all(
        a[:2] == b[:2] and np.allclose(a[2:], b[2:], rtol=1e-7, atol=1e-9)
        for a, b in zip(one, other, strict=True)
    )


def differences(
    before: dict[Key, Row], after: dict[Key, Row]
) -> Iterator[tuple[Key, Row, frozenset[str]]]:
    """Every row of both sides with what differs in it."""
    for key in {**before, **after}:
        row = before.get(key) or after[key]
        yield key, row, difference(before.get(key), after.get(key))


def expected(said: str, stat: str) -> tuple[frozenset[str], frozenset[str]]:
    """The fields in which rows of a statistic must differ, and those in which they may.

    ``?`` for all that is said: every row may differ, in whatever.
    """
    if said == "?":
        return frozenset(), frozenset({"value", *SAID, *OTHER})
    for each in said.split():
        name, _, brackets = each.partition("[")
        if name in {"", stat}:
            fields = brackets.removesuffix("]").split(",") if brackets else ["value"]
            optional = frozenset(field[:-1] for field in fields if field.endswith("?"))
            return frozenset(field for field in fields if not field.endswith("?")), optional
    return frozenset(), frozenset()


Parts = Callable[[Key, Row], str]
"""How the part of a row is called."""


def by_part(_: Key, row: Row) -> str:
    return part_of(row)


@dataclass(frozen=True)
class Felt:
    """What a change of one field changes in the rows; nothing else."""

    of: Any
    """What has the field: a specification from which is started, or a noun."""
    field: str
    changes: dict[str, str]
    """What is said of a part, by its analysis, a colon and its name, or of a whole analysis."""

    one: ClassVar[str] = ""
    """The analysis that all parts are of, where their names stand without it."""

    def surprises(
        self, before: dict[Key, Row], after: dict[Key, Row], parts: Parts = by_part
    ) -> list[str]:
        """What differs and should not, or should differ and does not."""
        wrong, found = [], set()
        for key, row, differs in differences(before, after):
            names = self._names(key, parts(key, row))
            said = next((self.changes[name] for name in names if name in self.changes), "")
            required, allowed = expected(said, stat_of(row))
            if differs:
                found.add(key[0])
            if not required <= differs <= required | allowed:
                wrong.append(f"{key}: {sorted(differs)}, not {sorted(required)}")
        unfelt = {self.one or name.partition(":")[0] for name in self.changes} - found
        return wrong + [f"nothing of {each} is felt" for each in sorted(unfelt)]

    def named(self) -> set[str]:
        """The parts and analyses of which it says something."""
        return {name for name, said in self.changes.items() if said}

    def there(
        self, before: dict[Key, Row], after: dict[Key, Row], parts: Parts = by_part
    ) -> set[str]:
        """The names of all parts and analyses that there are."""
        both = {**before, **after}
        return {name for key, row in both.items() for name in self._names(key, parts(key, row))}

    def _names(self, key: Key, part: str) -> tuple[str, ...]:
        """By which a row may be meant, what says more of it first."""
        return (part,) if self.one else (f"{key[0]}:{part}", key[0])


@cache
def tried() -> tuple[Tried, ...]:
    """Both shipped trials, the template of a new one, a made-up one with gaps, a small one, a separated one."""
    return (*map(_in_clusters, _without_clusters()), *_crossovers())


def _in_clusters(trial: Tried) -> Tried:
    """Three clusters to an arm, which none of these trials has."""
    subjects = trial.datasets.subjects
    place = subjects.groupby("arm", observed=True).cumcount() % 3
    named = subjects["arm"].astype("str") + "-" + place.astype("str")
    subjects = subjects.assign(cluster=named.where(subjects["arm"].notna()))
    return replace(
        trial,
        datasets=replace(trial.datasets, subjects=subjects),
        protocol=replace(
            trial.protocol,
            clusters=Clusters(
                label="class",
                plural="classes",
                randomised=False,
                arms=trial.protocol.arm_codes[1:],
            ),
        ),
    )


def _without_clusters() -> tuple[Tried, ...]:
    return (
        _shipped("example", EXAMPLE, ("vas",)),
        _shipped("template", ROOT / "trialkit" / "newtrial", ("symptoms",)),
        _shipped("three arms", THREE_ARMS, ("function", "improved")),
        _made_up(),
        _without_a_baseline(),
        _of_levels(),
        _too_few(),
        _separated(),
        _falls(),
        _returns(),
        _factorial(),
        _recurrences(),
    )


def _shipped(name: str, folder: Path, outcomes: tuple[str, ...]) -> Tried:
    protocol = load_protocol(folder)
    schemas = form_schemas(folder, protocol)
    snapshot = freeze(FolderSource(folder=folder), schemas, cut=None)
    return Tried(name, protocol, build_datasets(snapshot, schemas, protocol), outcomes)


def _made_up() -> Tried:
    """Three arms and three visits, of which some values lack, so that no arm is like another."""
    made = made_up_protocol(arms=3, visits=3)
    protocol = replace(
        made,
        characteristics=(
            Characteristic(form="demographics", item="age_years", label="Age, years"),
            Characteristic(form="demographics", item="sex", label="Sex"),
            Characteristic(form="demographics", item="side", label="Side"),
        ),
    )
    stopped = IntercurrentEvent(event="stopped", strategy=Strategy.TREATMENT_POLICY)
    estimand = replace(made.estimands[0], intercurrent_events=(stopped,))
    asked = IntercurrentEventAsked(code="stopped", label="Stopped the training")
    protocol = replace(protocol, intercurrent_events=(asked,), estimands=(estimand,))
    datasets = _with_gaps(made_up_datasets(made, per_arm=12))
    happened = pd.DataFrame(
        {
            "subject_id": ["A1-02", "A2-05"],
            "arm": ["A1", "A2"],
            "event": pd.Categorical(["stopped"] * 2, categories=["stopped"], ordered=True),
            "date": pd.Series(pd.NaT, index=[0, 1], dtype="datetime64[us]"),
            "visit": pd.Categorical(["V2"] * 2, categories=protocol.visit_codes, ordered=True),
            "maybe_from": pd.Categorical([None] * 2, categories=protocol.visit_codes, ordered=True),
        }
    )
    datasets = replace(datasets, intercurrent=happened)
    return Tried("made up", protocol, datasets, ("pain", "better"))


def _without_a_baseline() -> Tried:
    """The made-up trial, in which three were not measured at baseline."""
    made = _made_up()
    rows = made.datasets.measurements.copy()
    who = rows["subject_id"].isin(["A0-02", "A1-07", "A2-01"])
    rows.loc[who & (rows["visit"] == "V0"), "value"] = np.nan
    rows.loc[who & (rows["visit"] == "V0"), "missing_reason"] = "missed"
    rows.loc[who, ["baseline", "change"]] = np.nan
    datasets = replace(made.datasets, measurements=rows)
    return Tried("without a baseline", made.protocol, datasets, ("pain",))


def _of_levels() -> Tried:
    """The made-up trial with an ordinal outcome, whose levels follow from pain."""
    made = _made_up()
    rows = made.datasets.measurements
    own = rows[rows["outcome"] == "pain"]
    value, baseline = (
        pd.cut(own[name], [-np.inf, 35, 50, 60, np.inf], labels=False) + 1.0
        for name in ("value", "baseline")
    )
    levels = own.assign(
        outcome="effect", value=value, baseline=baseline, change=value - baseline
    ).assign(outcome="effect")
    both = pd.concat([own.assign(outcome="pain"), levels], ignore_index=True)
    names = pd.Categorical(both["outcome"], categories=["pain", "effect"], ordered=True)
    protocol = replace(made.protocol, outcomes=(*made.protocol.outcomes, effect("V2")))
    datasets = replace(
        made.datasets,
        measurements=both.assign(outcome=names),
        outcome_levels={"effect": LEVELS},
    )
    return Tried("levels", protocol, datasets, ("effect",))


def _too_few() -> Tried:
    """Fewer people than visits, so that not every covariance can be estimated."""
    protocol = made_up_protocol(arms=2, visits=6)
    return Tried("too few", protocol, made_up_datasets(protocol, per_arm=3), ("pain",))


def _separated() -> Tried:
    """Nobody of the reference arm has the event at the end, and not everybody of the others."""
    protocol = made_up_protocol(arms=3, visits=2)
    datasets = made_up_datasets(protocol, per_arm=12)
    rows = datasets.measurements
    own = (rows["outcome"] == "better") & (rows["arm"] == protocol.reference.code)
    without = rows.assign(value=rows["value"].mask(own, 0.0))
    return Tried("separated", protocol, replace(datasets, measurements=without), ("better",))


def _factorial() -> Tried:
    """Four arms that combine the levels of two factors, of whom some lack what an option needs."""
    with TemporaryDirectory() as folder:
        path = write_factorial(Path(folder) / "factorial", age="age_years")
        made = _shipped("factorial", path, ("pain", "better"))
    rows = made.datasets.measurements.copy()
    gone = (rows["subject_id"] == "P001") & (rows["visit"] == "V0")
    rows.loc[gone, "value"] = np.nan
    rows.loc[rows["subject_id"] == "P001", ["baseline", "change"]] = np.nan
    known = made.datasets.characteristics.copy()
    unknown = (known["subject_id"] == "P002") & (known["characteristic"] == AGE)
    known.loc[unknown, "value"] = np.nan
    return replace(made, datasets=replace(made.datasets, measurements=rows, characteristics=known))


def _falls() -> Tried:
    """How often people fall, of whom some were not observed for a while."""
    with TemporaryDirectory() as folder:
        made = write_falls(Path(folder) / "falls", age="age_years")
        return _shipped("falls", made, ("falls",))


def _returns() -> Tried:
    """When people return to sport, of whom some leave and some are operated on."""
    with TemporaryDirectory() as folder:
        made = write_return_to_sport(Path(folder) / "returns", age="age_years")
        return _shipped("returns", made, ("return",))


def _recurrences() -> Tried:
    """When the pain of people comes back, again and again."""
    with TemporaryDirectory() as folder:
        made = write_recurrences(Path(folder) / "recurrences", age="age_years")
        return _shipped("recurrences", made, ("pain_again",))


def _crossovers() -> tuple[Tried, ...]:
    """Two periods, and a Williams design of three; some values lack."""
    with TemporaryDirectory() as folder:
        two = write_crossover(Path(folder) / "two", age="age_years", change=_not_all_came)
        three = write_crossover(
            Path(folder) / "three",
            crossing=WILLIAMS,
            primary=MODEL,
            more="",
            events='method = "external"\nfile = "x.csv"\nprogram = "R"\ndescription = "x"\n'
            'scale = "odds_ratio"',
            age="age_years",
            change=_not_all_came,
        )
        return (
            _shipped("crossover", two, ("pain", "better")),
            _shipped("williams", three, ("pain",)),
        )


def _not_all_came(tables: Tables) -> None:
    """Two leave after the first period, and of one the start of the second was not measured."""
    gone = {("P003", "V3"), ("P008", "V3"), ("P005", "V2")}
    tables["assessment"] = [
        row for row in tables["assessment"] if (row["subject_id"], row["visit"]) not in gone
    ]


def _with_gaps(datasets: Datasets) -> Datasets:
    """Four participants without the last value, one of them without the middle one as well.

    One more has no age.
    """
    rows = datasets.measurements.copy()
    last = rows["subject_id"].isin(["A1-03", "A2-05", "A2-07", "A2-08"]) & (rows["visit"] == "V2")
    gone = last | ((rows["subject_id"] == "A2-08") & (rows["visit"] == "V1"))
    rows.loc[gone, ["value", "change"]] = np.nan
    rows.loc[gone, "missing_reason"] = "lost"
    known = datasets.characteristics
    known = known.assign(
        characteristic=known["characteristic"].astype("str").replace("demographics.age", AGE)
    )
    known.loc[(known["subject_id"] == "A0-11") & (known["characteristic"] == AGE), "value"] = np.nan
    sides = known[known["characteristic"] == SEX].assign(characteristic=SIDE)
    left = np.arange(len(sides)) % 3 > 0
    sides = sides.assign(category=np.where(left, "l", "r"))
    together = pd.concat([known, sides], ignore_index=True)
    age, sex = datasets.characteristic_kinds.values()
    side = replace(sex, labels={"r": "Right", "l": "Left"})
    return replace(
        datasets,
        measurements=rows,
        characteristics=together,
        characteristic_kinds={AGE: age, SEX: sex, SIDE: side},
    )
