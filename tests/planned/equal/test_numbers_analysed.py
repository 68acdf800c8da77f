"""The number analysed is the number that the fit used: of every method, read a second time.

The trial has somebody for each way to be left out: without a value, a baseline, a covariate or any
value after baseline, with a baseline of zero, alone in a stratum, or outside the population.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd
import pytest

from tests.line import Line
from tests.planned.equal.cases import AGE, RANKS_AND_MEANS, SEX
from tests.planned.equal.second_reading import SecondReading
from tests.planned.equal.test_methods import HERE
from tests.planned.equal.worlds import AT_W4, Edit, Planned, World, edited, world_of
from tests.report.factory import content_of
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.cluster_comparisons import (
    ClusterCovarianceModel,
    ClusterIntercepts,
    ClusterMeansComparison,
    PartiallyNested,
)
from trialkit.protocol.methods.cluster_models import ClusterGee, ClusterGlmm
from trialkit.protocol.methods.comparisons import MissingRank, MissingRule
from trialkit.protocol.methods.complier_effect import ComplierEffect
from trialkit.protocol.methods.constrained_longitudinal import ConstrainedLongitudinal
from trialkit.protocol.methods.gee import Gee
from trialkit.protocol.methods.glmm import Glmm
from trialkit.protocol.methods.imputation import DrawMethod
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.methods.log_binomial import LogBinomialRegression
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.modified_poisson import ModifiedPoisson
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.paired_proportion_comparison import PairedProportionComparison
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.quantile_difference import QuantileDifference
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.report.content.tables import Cell
from trialkit.results.effect import Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

SEXES = 'choices = [{ code = "1", label = "Female" }, { code = "2", label = "Male" }]'
MORE = '{ code = "2", label = "Male" }, { code = "3", label = "Other" }, { code = "4", label = "Both" }]'

LEFT_OUT: tuple[Edit, ...] = (
    ("protocol.toml", *AT_W4),
    ("protocol.toml", 'code = "W4"', 'code = "W4"\nbaseline = true'),
    ("forms/demographics.toml", SEXES, SEXES.replace('{ code = "2", label = "Male" }]', MORE)),
    # a stratum of one arm alone, and one without the third arm
    ("data/demographics.csv", "0108;2;", "0108;3;"),
    ("data/demographics.csv", "0126;1;", "0126;3;"),
    ("data/demographics.csv", "0101;2;", "0101;4;"),
    ("data/demographics.csv", "0103;1;", "0103;4;"),
    # no stratum, no covariate
    ("data/demographics.csv", "0202;1;67", "0202;UNK;67"),
    ("data/demographics.csv", "0133;1;49", "0133;1;UNK"),
    # no value at any visit after baseline, at the last, at one between, or at baseline
    ("data/assessment.csv", "0106;W8;21.04.2024;15:15;76,3;371;\n", ""),
    ("data/assessment.csv", "0106;W12;18.05.2024;08:45;95,0;411;\n", ""),
    ("data/assessment.csv", "0113;W12;15.07.2024;12:40;40,1;", "0113;W12;15.07.2024;12:40;;"),
    ("data/assessment.csv", "0128;W8;13.10.2024;12:45;61,0;", "0128;W8;13.10.2024;12:45;ND;"),
    ("data/assessment.csv", "0115;W4;04.06.2024;11:50;42,3;", "0115;W4;04.06.2024;11:50;MF;"),
    ("data/global_rating.csv", "0224;W12;yes", "0224;W12;UNK"),
    ("data/global_rating.csv", "0103;W4;no", "0103;W4;REF"),
    # of a baseline of zero there is no share, and of a final zero no logarithm
    ("data/assessment.csv", "0116;W4;19.06.2024;16:00;65,7;", "0116;W4;19.06.2024;16:00;0,0;"),
    ("data/assessment.csv", "0111;W12;27.06.2024;12:05;REF;345", "0111;W12;27.06.2024;12:05;REF;0"),
)  # fmt: skip

Left = Callable[[pd.DataFrame], pd.Series]
"""Which of those with all values the fit cannot use, from a row a participant."""


def nobody(rows: pd.DataFrame) -> pd.Series:
    return pd.Series(data=False, index=rows.index)


def without_a_share(rows: pd.DataFrame) -> pd.Series:
    """Of whom the baseline is zero, so that no share of it is an improvement."""
    return rows["W4"] == 0


def alone(rows: pd.DataFrame) -> pd.Series:
    """Who has nobody of the other arm in the stratum, in any of the comparisons."""
    arms = rows.groupby(SEX)["arm"].agg(set)
    here = rows[SEX].map(arms)
    own = rows["arm"] != "CTRL"
    lone = [
        "CTRL" not in there if compared else there == {"CTRL"}
        for there, compared in zip(here, own, strict=True)
    ]
    return pd.Series(lone, index=rows.index)


def in_no_class(rows: pd.DataFrame) -> pd.Series:
    """Of whom nobody said to which class they go."""
    return pd.Series([int(who) % 9 == 0 for who in rows.index], index=rows.index)


def in_no_class_of_an_experimental_arm(rows: pd.DataFrame) -> pd.Series:
    """The same in arms that have classes."""
    return in_no_class(rows) & (rows["arm"] != "CTRL")


def in_a_lesser_level(rows: pd.DataFrame) -> pd.Series:
    """Whose level lacks one of the arms."""
    return rows[SEX].map(rows.groupby(SEX)["arm"].nunique()) < 3


POPULATIONS = ("itt", "safety", "per_protocol")


@dataclass(frozen=True, kw_only=True)
class Case:
    """An analysis, and by hand what a participant must have to be in its fit."""

    specification: Specification
    outcome: str = "function"
    visits: tuple[str, ...] = ("W4", "W12")
    any_of: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    left: Left = nobody
    fits: bool = True
    """Whether the data allow it at all."""
    populations: tuple[str, ...] = POPULATIONS


def cases() -> Iterator[Case]:
    """Every method."""
    final, change = Response.FINAL, Response.CHANGE
    for method in RANKS_AND_MEANS:
        yield Case(specification=MeanComparison(method=method, response=change))
        yield Case(specification=MeanComparison(method=method, response=final), visits=("W12",))
    for method in (Method.NON_INFERIORITY, Method.EQUIVALENCE):
        yield Case(specification=MarginComparison(method=method, margin=9))
        last = MarginComparison(method=method, margin=9, response=final)
        yield Case(specification=last, visits=("W12",))
        risk = MarginComparison(method=method, margin=0.3)
        yield Case(specification=risk, outcome="improved", visits=("W12",))
    yield Case(specification=Ancova())
    yield Case(specification=Ancova(covariates=(AGE, SEX)), visits=("W12",), items=(AGE, SEX))
    logs = Ancova(scale=OutcomeScale.LOG)
    yield Case(specification=logs, outcome="walk", fits=False)
    # classes are of the arms that were allocated, and no cluster is compared with itself
    yield Case(
        specification=ClusterMeansComparison(), visits=("W12",), left=in_no_class,
        populations=("itt", "per_protocol"),
    )  # fmt: skip
    by_class = ClusterCovarianceModel(covariates=("baseline", AGE))
    yield Case(specification=by_class, items=(AGE,), left=in_no_class)
    yield Case(specification=ClusterIntercepts(), left=in_no_class)
    for events in (ClusterGee(covariates=(SEX,)), ClusterGlmm(covariates=(SEX,))):
        yield Case(
            specification=events,
            outcome="improved",
            visits=("W12",),
            items=(SEX,),
            left=in_no_class,
        )
    yield Case(specification=PartiallyNested(), left=in_no_class_of_an_experimental_arm)
    yield Case(specification=MixedAnova(), visits=("W4", "W8", "W12"))
    yield Case(specification=Mmrm(), visits=("W4",), any_of=("W8", "W12"))
    bare = Mmrm(response=final, covariates=(), weights=AGE)
    yield Case(specification=bare, visits=(), any_of=("W8", "W12"), items=(AGE,))
    shared = ConstrainedLongitudinal(covariates=(AGE,))
    yield Case(specification=shared, visits=(), any_of=("W4", "W8", "W12"), items=(AGE,))
    imputed = MultipleImputation(covariates=(AGE,))
    yield Case(specification=imputed, visits=("W4",), items=(AGE,))
    events = MultipleImputation(
        draws=DrawMethod.APPROXIMATE_BAYES, samples=3, seed=1, covariates=(SEX,)
    )
    yield Case(specification=events, outcome="improved", visits=(), items=(SEX,))
    by_sex = Subgroups(by=SEX, covariates=("baseline", AGE))
    yield Case(specification=by_sex, items=(AGE, SEX), left=in_a_lesser_level)
    risks = Subgroups(by=SEX)
    yield Case(
        specification=risks, outcome="improved", visits=("W12",), items=(SEX,),
        left=in_a_lesser_level,
    )  # fmt: skip
    strata = StratifiedProportions(strata=SEX)
    yield Case(
        specification=strata, outcome="improved", visits=("W12",), items=(SEX,), left=alone
    )  # fmt: skip
    yield Case(specification=ProportionComparison(), outcome="improved", visits=("W12",))
    for each in (
        Logistic(covariates=(SEX,)),
        Logistic(covariates=("baseline", SEX)),
        StandardisedRiskComparison(covariates=(SEX,)),
        ModifiedPoisson(covariates=(SEX,)),
        LogBinomialRegression(covariates=(SEX,)),
    ):
        own = ("W4", "W12") if "baseline" in each.covariates else ("W12",)
        yield Case(specification=each, outcome="improved", visits=own, items=(SEX,))
    over_visits = Gee(covariates=(SEX,))
    yield Case(
        specification=over_visits, outcome="improved", visits=(), any_of=("W8", "W12"), items=(SEX,)
    )  # fmt: skip
    with_first = Glmm(covariates=("baseline",))
    yield Case(
        specification=with_first, outcome="improved", visits=("W4",), any_of=("W8", "W12")
    )  # fmt: skip
    for test in (Method.MCNEMAR, Method.MCNEMAR_EXACT):
        yield Case(specification=PairedProportionComparison(method=test), outcome="improved")
    for test in (Method.PAIRED_T, Method.SIGNED_RANK):
        yield Case(specification=WithinArms(method=test))
    complying = ComplierEffect(covariates=("baseline", AGE))
    yield Case(specification=complying, items=(AGE,), populations=("itt", "per_protocol"))
    yield Case(specification=QuantileDifference(), visits=("W12",))
    beside = QuantileDifference(covariates=("baseline", AGE))
    yield Case(specification=beside, items=(AGE,))
    yield Case(specification=TrimmedMean(replicates=999), visits=("W4",))
    yield Case(specification=TrimmedMean(replicates=999, response=final), visits=())
    ranked = TrimmedMean(replicates=999, missing=MissingRank.LEFT_OUT)
    yield Case(specification=ranked)
    yield Case(specification=Bootstrap(replicates=999))
    yield Case(specification=Bootstrap(replicates=999, response=final), visits=("W12",))
    shuffled = Rerandomisation(replicates=999, covariates=("baseline", AGE))
    yield Case(specification=shuffled, items=(AGE,))
    for rule, visits in (
        (MissingRule.OBSERVED_ONLY, ("W4", "W12")),
        (MissingRule.NON_RESPONDER, ()),
    ):
        yield Case(specification=ResponderComparison(missing=rule), visits=visits)
        share = ResponderComparison(missing=rule, improved_by_share=0.1)
        left = nobody if rule is MissingRule.NON_RESPONDER else without_a_share
        yield Case(specification=share, visits=visits, left=left)


CASES = {
    f"{number}-{each.specification.method.value}-{population}": (each, population)
    for number, each in enumerate(cases())
    for population in each.populations
}
AT_ONCE = {
    name
    for number, each in enumerate(cases())
    for name, (case, population) in CASES.items()
    if name.startswith(f"{number}-")
    and (
        population == each.populations[number % len(each.populations)]
        or case.specification.method is Method.COCHRAN_MANTEL_HAENSZEL
    )
}
"""Each case in one population, which take turns; one method in all of them."""
NAMES = [
    name if name in AT_ONCE else pytest.param(name, marks=pytest.mark.further) for name in CASES
]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], World]:
    """The trial with the cases that are run at once, or with the others."""

    @cache
    def made(at_once: bool) -> World:
        trial = SecondReading(edited(tmp_path_factory.mktemp("left out"), LEFT_OUT))
        return world_of(
            trial,
            {
                name: Planned(
                    specification=each.specification, outcome=each.outcome, population=population
                )
                for name, (each, population) in CASES.items()
                if (name in AT_ONCE) is at_once
            },
        )

    return made


@pytest.fixture(scope="module")
def printed() -> Callable[[World], Mapping[str, list[Cell]]]:
    """The cells that each result is printed in."""
    return cache(_cells_by_result)


def _cells_by_result(world: World) -> Mapping[str, list[Cell]]:
    line = Line(
        folder=world.trial.folder,
        protocol=world.protocol,
        schemas=None,  # type: ignore[arg-type]
        snapshot=None,  # type: ignore[arg-type]
        datasets=world.datasets,
        results=world.results,
    )
    found = defaultdict[str, list[Cell]](list)
    for table in content_of(line).tables:
        for group in table.groups:
            for row in group.rows:
                for cell in row.cells:
                    for result_id in cell.results:
                        found[result_id].append(cell)
    return found


@cache
def read_once(
    trial: SecondReading, outcome: str, population: str, items: tuple[str, ...]
) -> pd.DataFrame:
    return trial.frame(outcome, population, covariates=items)


def analysed(world: World, case: Case, population: str) -> Counter[str]:
    """How many of each arm have all that the fit needs, counted in a table of the trial's values."""
    long = read_once(world.trial, case.outcome, population, case.items)
    kept = ["subject", "arm", *case.items]
    people = long[kept].astype(object).drop_duplicates("subject").set_index("subject")
    values = long.set_index(["subject", "visit"])["value"].unstack("visit")  # noqa: PD010 (unique)
    rows = people.join(values.astype(float))
    complete = rows[[*case.visits, *case.items]].notna().all(axis=1)
    if case.any_of:
        complete &= rows[list(case.any_of)].notna().any(axis=1)
    whole = rows[complete]
    return Counter(whole.loc[~case.left(whole), "arm"])


def counts(world: World, name: str) -> dict[tuple[str, Stat], Result]:
    """What the results say of an analysis: how many of each arm, and how many not."""
    rows = [row for row in world.rows(name) if row.arm and not row.term]
    return {(row.arm, row.stat_name): row for row in rows}


def test_every_method_is_counted() -> None:
    assert {each.specification.method for each, _ in CASES.values()} == HERE


def test_somebody_is_left_out_by_every_fit(planned: Callable[[bool], World]) -> None:
    """Else the test below could not see a wrong number."""
    world = planned(True)
    for name, (case, population) in CASES.items():
        members = Counter(world.trial.population(population).arms.values())
        asks_nothing = not case.visits and case.left is nobody and not case.any_of
        assert analysed(world, case, population) != members or asks_nothing, name


@pytest.mark.parametrize("name", NAMES)
def test_the_number_analysed_is_the_number_that_the_fit_used(
    name: str, planned: Callable[[bool], World]
) -> None:
    world = planned(name in AT_ONCE)
    case, population = CASES[name]
    stated, expected = counts(world, name), analysed(world, case, population)
    members = world.trial.population(population)
    numbers = [row for row in world.rows(name) if row.stat_name is Stat.ESTIMATE and not row.arm]
    if not case.fits:
        assert {row.status for row in numbers} == {Status.NOT_ESTIMABLE}
    for arm in world.trial.arms:
        n, left_out = stated[arm, Stat.N], stated[arm, Stat.N_EXCLUDED]
        assert n.stat == expected[arm]
        inside = Counter(members.arms.values())[arm]
        outside = sum(world.trial.people[who].arm == arm for who in members.outside)
        assert left_out.stat == inside - expected[arm] + outside
        assert left_out.stat == sum(reasons(left_out).values())
        named = {why: k for why, k in reasons(left_out).items() if "not in the population" in why}
        assert sum(named.values()) == outside


@pytest.mark.parametrize("population", POPULATIONS)
def test_a_contrast_over_strata_says_how_many_they_hold(
    population: str, planned: Callable[[bool], World]
) -> None:
    world = planned(True)
    name = next(each for each in CASES if f"cochran_mantel_haenszel-{population}" in each)
    people = world.trial.frame("improved", population, covariates=(SEX,)).astype({SEX: object})
    people = people[people["visit"] == "W12"].dropna(subset=["value", SEX])
    total = analysed(world, CASES[name][0], population)
    for arm, differs in (("HIGH", False), ("LOW", True)):
        pair = people[people["arm"].isin([arm, "CTRL"])]
        together = pair.groupby(SEX)["arm"].transform("nunique") == 2
        strata, used = pair.loc[together, SEX].nunique(), int(together.sum())
        whole = total[arm] + total["CTRL"]
        assert (used != whole) is differs
        note = f"over {strata} strata of Sex"
        note += f" with {used} of the {whole} analysed in both arms" if differs else ""
        rows = [row for row in world.rows(name) if row.term == f"{arm} - CTRL"]
        assert note in {row.note for row in rows if row.stat_name is Stat.P_VALUE}


def reasons(row: Result) -> dict[str, int]:
    """Each reason of a note with its number."""
    parts = (each.rpartition(": ") for each in row.note.split("; ") if each)
    return {why: int(number) for why, _, number in parts}


@pytest.mark.parametrize("name", NAMES)
def test_the_page_prints_the_number_analysed_with_the_reasons(
    name: str,
    planned: Callable[[bool], World],
    printed: Callable[[World], Mapping[str, list[Cell]]],
) -> None:
    world = planned(name in AT_ONCE)
    for (_, stat), row in counts(world, name).items():
        if stat is Stat.N:
            cells = printed(world)[row.result_id]
            assert cells
            assert all(str(row.stat) in each.text.split(" / ") for each in cells)
            why = counts(world, name)[row.arm, Stat.N_EXCLUDED].note
            assert all(why in each.note for each in cells)
