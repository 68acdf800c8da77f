"""What every analysis has, whatever its method, changes the results that it should, and no others.

Levels, families and headings of the plan, and what the protocol says of outcomes, populations, arms
and visits: each field of them is here by introspection. The lines read as those of
``test_options_are_felt.py``; what stands before them is an analysis and, after a colon, its part.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from tests.conftest import THREE_ARMS, few_at_once
from tests.planned.feeling import Felt, Key, Row, differences, keyed, part_of, stat_of
from trialkit.datasets.building import build_datasets
from trialkit.datasets.model import Datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import Adjustment, MissingRule
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import (
    Analysis,
    AnalysisHeading,
    AnalysisRole,
    Family,
    Plan,
)
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.repeated import CovarianceStructure
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.kinds import Reporter, Side
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.people import Grouping, PopulationRule
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.reading.loading import form_schemas
from trialkit.store.freezing import freeze
from trialkit.store.snapshot import Snapshot
from trialkit.store.sources.folder_source import FolderSource


def analysis(
    code: str,
    specification: Specification,
    *,
    outcome: str = "function",
    role: AnalysisRole = AnalysisRole.SENSITIVITY,
    population: str = "itt",
    family: str = "",
) -> Analysis:
    return Analysis(
        id=code,
        role=role,
        outcomes=(outcome,),
        population=population,
        estimand="E1",
        family=family,
        specification=specification,
    )


SECONDARY = AnalysisRole.SECONDARY
ANALYSES = (
    analysis("ancova", Ancova(), role=AnalysisRole.PRIMARY),
    analysis(
        "welch", MeanComparison(method=Method.WELCH_T), outcome="walk", role=SECONDARY, family="one"
    ),
    analysis(
        "student",
        MeanComparison(method=Method.STUDENT_T, response=Response.FINAL),
        outcome="walk",
        role=SECONDARY,
        family="two",
    ),
    analysis("shares", ProportionComparison(), outcome="improved", role=SECONDARY, family="two"),
    analysis("mixed", MixedAnova()),
    analysis("mmrm", Mmrm(covariance=CovarianceStructure.SPATIAL_EXPONENTIAL)),
    analysis("responders", ResponderComparison(missing=MissingRule.NON_RESPONDER)),
    analysis("margin", MarginComparison(method=Method.NON_INFERIORITY, margin=3)),
    analysis(
        "margin of shares",
        MarginComparison(method=Method.NON_INFERIORITY, margin=0.05),
        outcome="improved",
    ),
    analysis("per protocol", Ancova(), population="per_protocol"),
    analysis("treated", Ancova(), population="treated"),
)
FAMILIES = (
    Family(code="one", label="One", adjustment=Adjustment.HOLM),
    Family(code="two", label="Two", adjustment=Adjustment.HOLM),
)


@dataclass(frozen=True, eq=False)
class Made:
    """A protocol with what is made of it."""

    protocol: Protocol
    schemas: Schemas
    snapshot: Snapshot
    datasets: Datasets
    rows: dict[Key, Row]


@cache
def made() -> Made:
    loaded = load_protocol(THREE_ARMS)
    treated = PopulationRule(
        code="treated", label="Treated", definition="Made up", received_any=True
    )
    protocol = replace(
        loaded,
        plan=replace(loaded.plan, families=FAMILIES, analyses=ANALYSES),
        populations=(*loaded.populations, treated),
    )
    schemas = form_schemas(THREE_ARMS, protocol)
    snapshot = freeze(FolderSource(folder=THREE_ARMS), schemas, cut=None)
    datasets = build_datasets(snapshot, schemas, protocol)
    return Made(protocol, schemas, snapshot, datasets, rows_of(protocol, datasets))


@cache
def rows_of(protocol: Protocol, datasets: Datasets) -> dict[Key, Row]:
    results = carry_out(protocol, datasets)
    return keyed(iter((*results.rows, *results.series)))


Change = Callable[[Protocol], Protocol]


def rows_after(change: Change, *, derived: bool) -> dict[Key, Row]:
    """The rows of the changed protocol, of the same datasets or of those that are derived anew."""
    base = made()
    protocol = change(base.protocol)
    datasets = base.datasets
    if derived:
        datasets = build_datasets(base.snapshot, base.schemas, protocol)
    return rows_of(protocol, datasets)


def of_plan(**values: Any) -> Change:
    return lambda protocol: replace(protocol, plan=replace(protocol.plan, **values))


def of_family(code: str, **values: Any) -> Change:
    def changed(protocol: Protocol) -> Protocol:
        families = [
            replace(each, **values) if each.code == code else each
            for each in protocol.plan.families
        ]
        return of_plan(families=tuple(families))(protocol)

    return changed


def of_analysis(code: str, **values: Any) -> Change:
    def changed(protocol: Protocol) -> Protocol:
        analyses = [
            replace(each, **values) if each.id == code else each for each in protocol.plan.analyses
        ]
        return of_plan(analyses=tuple(analyses))(protocol)

    return changed


def of_one(table: str, code: str, **values: Any) -> Change:
    """One outcome, population, arm or visit changed."""

    def changed(protocol: Protocol) -> Protocol:
        nouns = [
            replace(each, **values) if each.code == code else each
            for each in getattr(protocol, table)
        ]
        return replace(protocol, **{table: tuple(nouns)})

    return changed


def both(one: Change, other: Change) -> Change:
    return lambda protocol: other(one(protocol))


@dataclass(frozen=True)
class FeltField(Felt):
    """What a change of a field of a noun changes."""

    change: Change
    derived: bool = False
    """Whether the datasets are derived anew."""


OTHER_ROWS = "[other]"
LEVEL = "conf_low[value?] conf_high[value?] conf_level"
LIMITS = "conf_low conf_high"
G = "hedges_g hedges_g_conf_low hedges_g_conf_high"
T_TEST = "estimate se df statistic p_value conf_low conf_high"
ANCOVA = {
    "means": "estimate se df[value?] conf_low conf_high",
    "contrasts": "estimate se df[value?] statistic p_value conf_low conf_high",
    "check normality_of_residuals": "statistic p_value",
    "check homogeneity_of_variance": "statistic df_den[value?] p_value",
    "check homogeneity_of_slopes": "statistic df_den[value?] p_value",
    "check influential_subject": "statistic[value?,note?,other?]",
}
MMRM = {
    "fit": "log_likelihood aic bic",
    "covariance": "covariance correlation[value?]",
    "means": "estimate se df conf_low conf_high",
    "contrasts": "estimate se df statistic p_value conf_low conf_high",
    **dict.fromkeys(("baseline", "arm", "visit", "arm:visit"), "statistic p_value df_den"),
}
TOGETHER = {"holm:residuals": "together", "hochberg:residuals": "together"}
WHO = "n[value?] n_excluded[value?,note?]"
FROM_MEASURES = ("risk_difference", "risk_ratio", "odds_ratio")
RESPONDERS = {
    "responders": "n[note?] events[value?,note?] percent[value?,note?]",
    **dict.fromkeys(
        FROM_MEASURES,
        "estimate[value?,note?,status?] conf_low[value?,note?,status?] "
        "conf_high[value?,note?,status?] conf_level[note?,status?]",
    ),
    "test": "statistic p_value",
}
RESPONSES = {"ancova:residuals": "responder_shares changes"}
"""The figures of the primary outcome that know which way is better, and by how much."""
MARGIN = (
    "estimate[note?] statistic[value,note?] p_value[value,note?] conf_low[note?] conf_high[note?] "
    "conf_level[note?] margin[note?]"
)


def of(code: str, parts: dict[str, str]) -> dict[str, str]:
    """The parts of one analysis."""
    return {f"{code}:{part}": said for part, said in parts.items()}


def said(field: str) -> dict[str, str]:
    """Every row of the analysis of the walk says another field, whatever its number."""
    stats = f"{T_TEST} conf_level p_adjusted {G} n n_excluded".split()
    every = " ".join(f"{stat}[{field}]" for stat in stats)
    return of("welch", dict.fromkeys(("numbers", "contrasts", "g"), every))


def adjusted(method: Adjustment) -> FeltField:
    """Another adjustment of a family is beside its p values, and nowhere else."""
    beside = "p_adjusted[other]" if method is Adjustment.NONE else "p_adjusted[value?,note]"
    return FeltField(
        Family,
        "adjustment",
        {"student:contrasts": beside, "shares:test": beside},
        of_family("two", adjustment=method),
    )


TABLE = (
    # a margin has its own alpha, and tests no limits
    FeltField(
        Plan,
        "confidence_level",
        {
            **of("ancova", {"means": LIMITS, "contrasts": f"{LIMITS} conf_level"}),
            **of("per protocol", {"means": LIMITS, "contrasts": f"{LIMITS} conf_level"}),
            **of("treated", {"means": LIMITS, "contrasts": f"{LIMITS} conf_level"}),
            **of("mmrm", {"means": LIMITS, "contrasts": f"{LIMITS} conf_level"}),
            **{
                f"{code}:{part}": stats
                for code in ("mixed", "welch", "student")
                for part, stats in (
                    ("contrasts", f"{LIMITS} conf_level"),
                    ("g", "hedges_g_conf_low hedges_g_conf_high"),
                )
            },
            **of("shares", dict.fromkeys(FROM_MEASURES, f"{LIMITS} conf_level")),
            **of("responders", dict.fromkeys(FROM_MEASURES, LEVEL)),
            "harms": LEVEL,
            "missing": LEVEL,
        },
        of_plan(confidence_level=0.9),
    ),
    *(adjusted(each) for each in Adjustment if each is not Adjustment.HOLM),
    FeltField(
        Family,
        "after",
        {
            "student:contrasts": "p_adjusted[value?,note]",
            "shares:test": "p_adjusted[value?,note]",
        },
        of_family("two", after="one"),
    ),
    FeltField(
        AnalysisHeading,
        "id",
        {"welch": OTHER_ROWS, "other": OTHER_ROWS, **TOGETHER},
        of_analysis("welch", id="other"),
    ),
    FeltField(
        AnalysisHeading,
        "role",
        {**said("role"), **TOGETHER},
        of_analysis("welch", role=AnalysisRole.EXPLORATORY),
    ),
    FeltField(
        AnalysisHeading,
        "outcomes",
        {"welch": OTHER_ROWS, **TOGETHER},
        of_analysis("welch", outcomes=("function",)),
    ),
    FeltField(
        AnalysisHeading,
        "population",
        {
            name: stats.replace("[population]", "[value?,note?,population]")
            for name, stats in said("population").items()
        }
        | TOGETHER,
        of_analysis("welch", population="per_protocol"),
    ),
    FeltField(AnalysisHeading, "estimand", said("estimand"), of_analysis("welch", estimand="E2")),
    FeltField(
        AnalysisHeading,
        "family",
        {
            **said("family"),
            "welch:contrasts": said("family")["welch:contrasts"].replace(
                "p_adjusted[family]", "p_adjusted[value?,note,family]"
            ),
            "student:contrasts": "p_adjusted[value?,note]",
            "shares:test": "p_adjusted[value?,note]",
        },
        of_analysis("welch", family="two"),
    ),
    FeltField(
        Outcome,
        "item",
        {
            **of("welch", {"numbers": WHO, "contrasts": f"{T_TEST} p_adjusted", "g": G}),
            **of("student", {"numbers": WHO, "contrasts": f"{T_TEST} p_adjusted", "g": G}),
            "shares:test": "p_adjusted[value?]",
            "descriptive": "?",
            "missing": "?",
            **TOGETHER,
        },
        of_one("outcomes", "walk", item="function_score"),
        derived=True,
    ),
    # rows name the visit; a model of all visits is as it was
    FeltField(
        Outcome,
        "time_point",
        {
            **{
                f"{code}:{part}": stats
                for code in ("ancova", "per protocol", "treated")
                for part, stats in (
                    ANCOVA | dict.fromkeys(("means", "contrasts"), OTHER_ROWS)
                ).items()
            },
            **dict.fromkeys(
                (f"{each.id}:numbers" for each in ANALYSES if each.outcomes == ("function",)),
                OTHER_ROWS,
            ),
            "mixed:g": OTHER_ROWS,
            "responders": OTHER_ROWS,
            "margin": OTHER_ROWS,
            "flow": "?",
            "missing": "?",
            "ancova:residuals": "residuals quantiles responder_shares changes",
            **TOGETHER,
        },
        of_one("outcomes", "function", time_point="W8"),
        derived=True,
    ),
    FeltField(
        Outcome,
        "direction",
        {**of("responders", RESPONDERS), "margin:contrasts": MARGIN, **RESPONSES},
        of_one("outcomes", "function", direction=Direction.LOWER),
        derived=True,
    ),
    FeltField(
        Outcome,
        "direction",
        {"margin of shares:contrasts": MARGIN},
        of_one("outcomes", "improved", direction=Direction.LOWER),
        derived=True,
    ),
    FeltField(
        Outcome,
        "unit",
        {
            "descriptive": "mean[unit?] sd[unit?] median[unit?] q1[unit?] q3[unit?] min[unit?] "
            "max[unit?]",
            "welch:contrasts": "estimate[unit] se[unit] conf_low[unit] conf_high[unit]",
            "student:contrasts": "estimate[unit] se[unit] conf_low[unit] conf_high[unit]",
        },
        of_one("outcomes", "walk", unit="km"),
        derived=True,
    ),
    FeltField(
        Outcome,
        "minimal_important_change",
        {**of("responders", RESPONDERS), **RESPONSES},
        of_one("outcomes", "function", minimal_important_change=3.0),
        derived=True,
    ),
    FeltField(
        PopulationRule,
        "group_by",
        {
            **of("treated", ANCOVA),
            "treated:numbers": "n[value?] n_excluded[value?,note?]",
            "populations": "?",
        },
        of_one("populations", "treated", group_by=Grouping.RECEIVED),
        derived=True,
    ),
    FeltField(
        PopulationRule,
        "received_any",
        {"treated:numbers": WHO, "populations": "?"},
        of_one("populations", "treated", received_any=False),
        derived=True,
    ),
    FeltField(
        PopulationRule,
        "completed",
        {**of("treated", dict.fromkeys(ANCOVA, "?")), "treated:numbers": WHO, "populations": "?"},
        of_one("populations", "treated", completed=True),
        derived=True,
    ),
    FeltField(
        PopulationRule,
        "received_allocated",
        {**of("treated", dict.fromkeys(ANCOVA, "?")), "treated:numbers": WHO, "populations": "?"},
        of_one("populations", "treated", received_allocated=True),
        derived=True,
    ),
    FeltField(
        PopulationRule,
        "minimum_attendance_percent",
        {**of("per protocol", ANCOVA), "per protocol:numbers": WHO, "populations": "?"},
        of_one("populations", "per_protocol", minimum_attendance_percent=90.0),
        derived=True,
    ),
    # contrasts go by other names; means, terms and numbers are of arms, whichever is the reference
    FeltField(
        Arm,
        "reference",
        {
            **{
                f"{each.id}:contrasts": OTHER_ROWS
                for each in ANALYSES
                if each.id not in {"shares", "responders"}  # these go by their measures
            },
            **{f"{code}:g": OTHER_ROWS for code in ("welch", "student", "mixed")},
            **of("shares", dict.fromkeys((*FROM_MEASURES, "test"), OTHER_ROWS)),
            **of("responders", dict.fromkeys((*FROM_MEASURES, "test"), OTHER_ROWS)),
            "mixed:check pairwise_test": OTHER_ROWS,
            "harms": "estimate[other] conf_low[other?] conf_high[other?] conf_level[other]",
            "missing": "estimate[other] conf_low[other] conf_high[other] conf_level[other]",
            **TOGETHER,
        },
        both(of_one("arms", "CTRL", reference=False), of_one("arms", "LOW", reference=True)),
        derived=True,
    ),
    FeltField(
        Visit,
        "baseline",
        {
            **of("ancova", ANCOVA),
            **of("per protocol", ANCOVA),
            **of("treated", ANCOVA),
            **dict.fromkeys(
                (
                    f"{each.id}:numbers"
                    for each in ANALYSES
                    if each.id not in {"student", "shares", "margin of shares"}
                ),
                WHO,
            ),
            "ancova:residuals": "residuals quantiles responder_shares changes",
            "welch:contrasts": f"{T_TEST} p_adjusted",
            "welch:g": G,
            "mixed": "?",
            "mmrm": "?",
            **of("responders", RESPONDERS),
            "margin:contrasts": "estimate[value,note?] statistic[value,note?] p_value[value,note?] "
            "conf_low[value,note?] conf_high[value,note?] conf_level[note?] margin[note?]",
            "descriptive:change": "?",
            **TOGETHER,
        },
        both(of_one("visits", "BL", baseline=False), of_one("visits", "W4", baseline=True)),
        derived=True,
    ),
    # who is left out is told with the name of the visit
    FeltField(
        Visit,
        "label",
        {
            f"{each.id}:numbers": "n_excluded[note?]"
            for each in ANALYSES
            if each.id not in {"mmrm", "responders"}  # these need no value at that visit
        },
        of_one("visits", "W12", label="The end"),
        derived=True,
    ),
    # days are the distances of a spatial covariance, and what windows are counted from
    FeltField(
        Visit,
        "target_day",
        {**of("mmrm", MMRM), "deviations": "?"},
        of_one("visits", "W12", target_day=90),
        derived=True,
    ),
    FeltField(
        Visit,
        "window",
        {"deviations": "?"},
        of_one("visits", "W12", window=Window(early=0, late=0)),
        derived=True,
    ),
)

WORDS_ALONE: tuple[tuple[type[Any], str, Change], ...] = (
    (Plan, "alpha", of_plan(alpha=0.01)),
    (Family, "label", of_family("one", label="Other")),
    (AnalysisHeading, "reason", of_analysis("welch", reason="Asked for")),
    *(
        (Outcome, name, of_one("outcomes", "walk", **{name: value}))
        for name, value in {
            "label": "Other",
            "role": OutcomeRole.EXPLORATORY,
            "metric": "other",
            "aggregation": "other",
            "digits": 5,
            "minimal_important_change_source": "Other",
            "important_difference_source": "Other",
            "assumed": "Other",
            "reported_by": Reporter.ASSESSOR,
            "side": Side.LEFT,
            "measure": "Other",
            "prespecified": False,
        }.items()
    ),
    (PopulationRule, "label", of_one("populations", "itt", label="Other")),
    (PopulationRule, "definition", of_one("populations", "itt", definition="Other")),
    (Arm, "label", of_one("arms", "LOW", label="Other")),
    (Arm, "ratio", of_one("arms", "LOW", ratio=9)),
)
"""What the report says, and no result counts."""

NAMES = {
    **{
        (
            Outcome,
            name,
        ): "rows are picked in a form that repeats: tests/datasets/test_picked_rows.py"
        for name in ("where", "combine", "at_least")
    },
    **{
        (Outcome, name): "of counts: tests/datasets/test_exposures.py, tests/report/test_falls.py"
        for name in ("exposure", "exposure_unit", "per", "per_unit")
    },
    (AnalysisHeading, "time_point"): "another visit: tests/protocol/test_analysis_times.py",
    (Arm, "treatments"): "of sequences: tests/planned/methods/test_crossover_comparisons.py",
    (Arm, "levels"): "of cells: tests/planned/methods/test_factorial.py",
    (Visit, "target_hour"): "the order of one day: tests/protocol/trial/test_shared_days.py",
    (Plan, "families"): "its families are nouns of their own",
    (Plan, "analyses"): "its analyses are nouns of their own",
    (Family, "code"): "a name, which analyses give",
    (Outcome, "code"): "a name, which analyses give",
    (Outcome, "type"): "another kind of values, for other methods",
    (Outcome, "important_difference"): "where it tips: tests/planned/methods/test_tipping_point.py",
    (Outcome, "at_risk"): "of an event in time: tests/datasets/test_at_risk.py",
    (Outcome, "form"): "where the item stands",
    (PopulationRule, "code"): "a name, which analyses give",
    (Arm, "code"): "a name, which the data give",
    (Arm, "intervention"): "what is told of an arm; its sessions are counted by attendance",
    (Visit, "code"): "a name, which the data give",
}
"""What is not varied here, and why."""


def test_every_field_that_an_analysis_reads_is_here() -> None:
    nouns = (Plan, Family, AnalysisHeading, Outcome, PopulationRule, Arm, Visit)
    every = {(noun, each.name) for noun in nouns for each in fields(noun)}
    felt = {(each.of, each.field) for each in TABLE}
    words = {(noun, name) for noun, name, _ in WORDS_ALONE}
    assert felt | words | set(NAMES) == every
    assert len(felt) + len(words) + len(NAMES) == len(every)


@pytest.mark.parametrize(
    "felt",
    few_at_once(TABLE, 3),
    ids=[f"{number}-{each.of.__name__}.{each.field}" for number, each in enumerate(TABLE)],
)
def test_a_field_changes_what_it_should_and_nothing_else(felt: FeltField) -> None:
    before, after = made().rows, rows_after(felt.change, derived=felt.derived)
    assert felt.surprises(before, after) == []
    assert felt.named() <= felt.there(before, after), "no such part"


def test_what_the_report_says_alone_changes_no_result() -> None:
    def all_of_it(protocol: Protocol) -> Protocol:
        for _, _, change in WORDS_ALONE:
            other = change(protocol)
            assert other != protocol
            protocol = other
        return protocol

    after = rows_after(all_of_it, derived=True)
    in_words = {"note"}  # a comparison with a margin is concluded in labels and in the unit
    assert [
        key
        for key, _, differs in differences(made().rows, after)
        if differs and not (key[0].startswith("margin") and differs == in_words)
    ] == []


def test_limits_stand_as_far_as_the_level_says() -> None:
    base = made()
    protocol = of_plan(confidence_level=0.9)(base.protocol)
    at_90 = rows_of(protocol, base.datasets)
    for code in ("ancova", "welch", "student", "mixed", "mmrm"):
        for key, row in base.rows.items():
            if key[0] == code and part_of(row) == "contrasts" and stat_of(row) == "estimate":
                df, se, *high = (
                    rows[(*key[:-1], stat)].stat
                    for rows, stat in (
                        (base.rows, "df"),
                        (base.rows, "se"),
                        (base.rows, "conf_high"),
                        (at_90, "conf_high"),
                    )
                )
                expect = row.stat + se * stats.t.ppf([0.975, 0.95], df)
                assert high == pytest.approx(list(expect), rel=1e-9)


@pytest.mark.parametrize(
    ("adjustment", "name"),
    few_at_once(
        [
            (Adjustment.BONFERRONI, "bonferroni"),
            (Adjustment.HOLM, "holm"),
            (Adjustment.HOCHBERG, "simes-hochberg"),
            (Adjustment.HOMMEL, "hommel"),
            (Adjustment.BENJAMINI_HOCHBERG, "fdr_bh"),
            (Adjustment.BENJAMINI_YEKUTIELI, "fdr_by"),
        ],
        3,
    ),
)
def test_a_family_is_adjusted_as_statsmodels_adjusts_it(adjustment: Adjustment, name: str) -> None:
    """Both contrasts of both analyses of the second family together."""
    base = made()
    rows = rows_of(of_family("two", adjustment=adjustment)(base.protocol), base.datasets)
    raw, adjusted = (
        [
            row.stat
            for key, row in rows.items()
            if key[0] in {"student", "shares"} and key[-1] == stat
        ]
        for stat in ("p_value", "p_adjusted")
    )
    assert len(raw) == 4
    assert adjusted == pytest.approx(list(multipletests(raw, method=name)[1]), rel=1e-9)


def test_in_a_fixed_sequence_no_p_value_is_below_one_before_it() -> None:
    base = made()
    change = of_family("two", adjustment=Adjustment.FIXED_SEQUENCE)
    rows = rows_of(change(base.protocol), base.datasets)
    family = [key for key in rows if key[0] in {"student", "shares"}]
    raw = [rows[key].stat for key in family if key[-1] == "p_value"]
    adjusted = [rows[key].stat for key in family if key[-1] == "p_adjusted"]
    assert adjusted == pytest.approx(list(np.maximum.accumulate(raw)))


def test_a_family_waits_for_the_largest_p_value_of_the_one_before_it() -> None:
    base = made()
    reversed_order = of_plan(families=(FAMILIES[1], replace(FAMILIES[0], after="two")))
    rows = rows_of(reversed_order(base.protocol), base.datasets)

    def adjusted(found: dict[Key, Row], *codes: str) -> list[float]:
        return [
            row.stat for key, row in found.items() if key[0] in codes and key[-1] == "p_adjusted"
        ]

    largest = max(adjusted(base.rows, "student", "shares"))
    own = adjusted(base.rows, "welch")
    assert min(own) < largest
    assert adjusted(rows, "welch") == [max(each, largest) for each in own]


@pytest.mark.parametrize(
    ("code", "outcome"), [("margin", "function"), ("margin of shares", "improved")]
)
def test_what_is_better_may_be_counted_from_either_side(code: str, outcome: str) -> None:
    """Pain instead of comfort, failures instead of successes: the same answer, of another sign."""
    base = made()
    rows = base.datasets.measurements.copy()
    own = rows["outcome"] == outcome
    end = 1.0 if outcome == "improved" else 100.0
    rows.loc[own, ["value", "baseline"]] = end - rows.loc[own, ["value", "baseline"]]
    rows.loc[own, "change"] = -rows.loc[own, "change"]
    turned = of_one("outcomes", outcome, direction=Direction.LOWER)(base.protocol)
    after = rows_of(turned, replace(base.datasets, measurements=rows))
    keys = [key for key in base.rows if key[0] == code and part_of(base.rows[key]) == "contrasts"]
    assert len(keys) == 2 * 7
    for key in keys:
        before, now = base.rows[key], after[key]
        assert before.note.split(":")[0] == now.note.split(":")[0]  # what was shown
        sign = -1 if key[-1] in {"estimate", "statistic", "conf_low", "conf_high"} else 1
        other = {"conf_low": "conf_high", "conf_high": "conf_low"}.get(key[-1], key[-1])
        assert after[(*key[:-1], other)].stat == pytest.approx(sign * before.stat, rel=1e-6)
