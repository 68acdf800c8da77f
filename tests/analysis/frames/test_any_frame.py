"""Every estimator gives the same of a polars frame, and of any that gives an Arrow stream."""

import inspect
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import trialkit
from trialkit import analysis
from trialkit.analysis.frames.any_frame import as_pandas
from trialkit.errors import AnalysisError

N = 48


def wide() -> pl.DataFrame:
    """A row a subject, in two arms and twelve clusters, with an outcome of every kind."""
    rng = np.random.default_rng(20)
    arm = np.repeat(["CG", "EG"], N // 2)
    first = rng.normal(40, 8, N).round(1)
    return pl.DataFrame(
        {
            "id": [f"P{each:02}" for each in range(N)],
            "arm": pl.Series(arm, dtype=pl.Enum(["CG", "EG"])),
            "other": pl.Series(["A", "B"] * (N // 2), dtype=pl.Enum(["A", "B"])),
            "cluster": [f"C{each // 4:02}" for each in range(N)],
            "site": pl.Series(["Ulm", "Bern", "Graz"] * (N // 3), dtype=pl.Enum(["Ulm", "Bern", "Graz"])),
            "first": first,
            "last": pl.Series(
                [None if each == 5 else float(value) for each, value in enumerate(
                    (first - 4 * (arm == "EG") + rng.normal(0, 6, N)).round(1)
                )]
            ),
            "falls": pl.Series([None if each == 3 else int(n) for each, n in enumerate(rng.poisson(2, N))]),
            "days": rng.integers(60, 180, N),
            "well": pl.Series([None if each == 7 else bool(yes) for each, yes in enumerate(rng.random(N) < 0.5)]),
            "before": rng.random(N) < 0.4,
            "feels": pl.Series(
                rng.choice(["worse", "same", "better"], N), dtype=pl.Enum(["worse", "same", "better"])
            ),
            "died": rng.random(N) < 0.6,
            "ended": rng.choice([0, 1, 2], N),
            "got": np.where(arm == "EG", rng.random(N) < 0.8, rng.random(N) < 0.1),
            "sessions": rng.integers(0, 12, N),
            "planned": np.full(N, 12),
        }
    )  # fmt: skip


def long() -> pl.DataFrame:
    """A row a subject and visit; one of them without a value."""
    rng = np.random.default_rng(4)
    people = wide().select("id", "arm", "first")
    parts = [
        people.with_columns(
            visit=pl.lit(name, dtype=pl.Enum(["W4", "W8", "W12"])),
            score=people["first"] - 2 * each + rng.normal(0, 5, N).round(2),
            fell=pl.Series(rng.random(N) < 0.4),
        )
        for each, name in enumerate(["W4", "W8", "W12"])
    ]
    every = pl.concat(parts)
    return every.with_columns(
        score=pl.when((pl.col("id") == "P09") & (pl.col("visit") == "W12")).then(None).otherwise("score")
    )  # fmt: skip


def two_visits() -> pl.DataFrame:
    return long().filter(pl.col("visit") != "W8").with_columns(
        pl.col("visit").cast(pl.String).cast(pl.Enum(["W4", "W12"]))
    )  # fmt: skip


def with_baseline() -> pl.DataFrame:
    """The values before treatment as a visit of their own."""
    visits = pl.Enum(["BL", "W4", "W8", "W12"])
    before = wide().select("id", "arm", visit=pl.lit("BL", dtype=visits), score="first")
    after = long().select("id", "arm", pl.col("visit").cast(pl.String).cast(visits), "score")
    return pl.concat([before, after])


def crossed() -> pl.DataFrame:
    """Two treatments in two periods."""
    rng = np.random.default_rng(8)
    rows = [
        (f"P{who:02}", f"{period}", "AB"[(who + period) % 2], float(rng.normal(10, 2)), bool(rng.random() < 0.5))
        for who in range(24)
        for period in (1, 2)
    ]  # fmt: skip
    names = {"id": pl.String, "period": pl.Enum(["1", "2"]), "given": pl.Enum(["A", "B"])}
    return pl.DataFrame(
        rows, schema=names | {"score": pl.Float64, "event": pl.Boolean}, orient="row"
    )


def watched() -> pl.DataFrame:
    """Intervals between the events of each subject."""
    people = wide().select("id", "arm", "first", until=pl.col("days").cast(pl.Float64))
    rows = trialkit.intervals_of_events(people, events(), subject="id", until="until", time="day")
    return pl.DataFrame(rows.to_dict("list"), schema_overrides={"arm": pl.Enum(["CG", "EG"])})


def events() -> pl.DataFrame:
    rng = np.random.default_rng(9)
    who = rng.integers(0, N, 60)
    return pl.DataFrame(
        {
            "id": [f"P{each:02}" for each in who],
            "day": rng.integers(1, 60, 60).astype(float) + np.arange(60) / 100,
            "term": rng.choice(["pain", "fall"], 60),
        }
    )


def people() -> pl.DataFrame:
    return wide().select("id", "arm", until=pl.col("days").cast(pl.Float64))


ARMS = {"arm": "arm", "reference": "CG"}
LAST = {"outcome": "last", **ARMS}
WELL = {"outcome": "well", **ARMS}
FALLS = {"outcome": "falls", **ARMS}
VISITS = {"outcome": "score", "subject": "id", "visit": "visit", **ARMS}
DEATH = {"time": "days", "event": "died", **ARMS}
ENDS = {"time": "days", "event": "ended", "censored": 0, **ARMS}
AGAIN = {"subject": "id", "start": "start", "stop": "stop", "event": "event", **ARMS}
PERIODS = {"subject": "id", "period": "period", "treatment": "given", "reference": "A"}
FACTORS = {"factors": ("arm", "other"), "reference": {"arm": "CG", "other": "A"}}
MARGIN = {"question": "non_inferiority", "margin": 5.0, "direction": "lower"}

CALLS: dict[str, tuple[Callable[[], pl.DataFrame], dict[str, Any]]] = {
    "ancova": (wide, {**LAST, "covariates": ("first", "site"), "subject": "id"}),
    "bootstrap_difference": (wide, {**LAST, "replicates": 200}),
    "cluster_regression": (wide, {**LAST, "cluster": "cluster", "covariates": ("first",)}),
    "cochran_mantel_haenszel": (wide, {**WELL, "strata": "site"}),
    "compare_cluster_summaries": (wide, {**LAST, "cluster": "cluster"}),
    "compare_means": (wide, LAST),
    "compare_means_with_margin": (wide, {**LAST, **MARGIN}),
    "compare_medians": (wide, LAST),
    "compare_paired": (two_visits, {"outcome": "score", "subject": "id", "within": "visit", "reference": "W4", "arm": "arm", "incomplete": "exclude"}),
    "compare_paired_proportions": (wide, {"first": "before", "second": "well"}),
    "compare_proportions": (wide, WELL),
    "compare_proportions_in_subgroups": (wide, {**WELL, "subgroup": "site"}),
    "compare_proportions_with_margin": (wide, {**WELL, "question": "non_inferiority", "margin": 0.3, "direction": "higher"}),
    "compare_responders": (wide, {**ARMS, "baseline": "first", "final": "last", "rule": analysis.ImprovedBy(amount=4.0), "direction": "lower", "missing": "observed_only"}),
    "compare_trimmed_means": (wide, {**LAST, "direction": "lower", "replicates": 99}),
    "compare_wins": (wide, {**ARMS, "outcomes": (analysis.RankedOutcome(column="feels"),)}),
    "complier_effect": (wide, {**LAST, "received": "got"}),
    "constrained_longitudinal": (with_baseline, {**VISITS, "baseline": "BL", "covariance": "compound-symmetry"}),
    "cox_regression": (wide, {**DEATH, "covariates": ("first",)}),
    "crossover_events": (crossed, {**PERIODS, "outcome": "event"}),
    "crossover_means": (crossed, {**PERIODS, "outcome": "score"}),
    "crossover_mixed_model": (crossed, {**PERIODS, "outcome": "score"}),
    "cumulative_incidence": (wide, ENDS),
    "describe": (wide, {"outcome": "last", "arm": "arm"}),
    "describe_categories": (wide, {"outcome": "feels", "arm": "arm"}),
    "dose_response": (wide, {**LAST, "dose": "sessions"}),
    "exact_rate_ratio": (wide, {**FALLS, "exposure": "days"}),
    "factorial_means": (wide, {**FACTORS, "outcome": "last"}),
    "factorial_risks": (wide, {**FACTORS, "outcome": "well"}),
    "fine_gray": (wide, {**ENDS, "cause": 1}),
    "fill_baseline": (wide, {"subject": "id", "covariates": ("last",)}),
    "generalised_estimating_equations": (long, {**VISITS, "outcome": "fell", "family": "binomial"}),
    "gray_test": (wide, {**ENDS, "cause": 1}),
    "imputation_model": (long, {**VISITS, "covariates": ("first",)}),
    "intracluster_correlation": (wide, {"outcome": "last", "cluster": "cluster"}),
    "kaplan_meier": (wide, DEATH),
    "log_binomial": (wide, WELL),
    "log_rank": (wide, {**DEATH, "strata": ("site",)}),
    "logistic_regression": (wide, {**WELL, "covariates": ("first",), "categories": ("site",)}),
    "lwyy_regression": (watched, AGAIN),
    "mean_cumulative": (watched, AGAIN),
    "mixed_anova": (long, {"outcome": "score", "subject": "id", "between": "arm", "within": "visit"}),
    "mmrm": (long, {**VISITS, "covariates": ("first",)}),
    "modified_poisson": (wide, WELL),
    "negative_binomial_regression": (wide, {**FALLS, "exposure": "days"}),
    "partially_nested": (wide, {**LAST, "cluster": "cluster", "clustered_arms": ("EG",)}),
    "poisson_regression": (wide, {**FALLS, "exposure": "days"}),
    "proportional_odds": (wide, {**ARMS, "outcome": "feels"}),
    "pwp_regression": (watched, {**AGAIN, "last_stratum": 2}),
    "quantile_regression": (wide, LAST),
    "random_intercept_model": (long, {**VISITS, "outcome": "fell", "family": "binomial"}),
    "random_intercepts": (wide, {**LAST, "cluster": "cluster"}),
    "rerandomisation_test": (wide, {**LAST, "replicates": 99, "covariates": ("first",)}),
    "restricted_mean": (wide, {**DEATH, "horizon": 90.0}),
    "sequential_imputations": (long, {**VISITS, "outcome": "fell", "family": "logistic", "draws": 2, "seed": 1}),
    "standardised_risks": (wide, {**WELL, "covariates": ("first",)}),
    "subgroup_effects": (wide, {**LAST, "subgroup": "site"}),
    "summarise_adherence": (wide, {"arm": "arm", "prescribed": "planned", "attended": "sessions"}),
    "van_elteren": (wide, {**ARMS, "outcome": "feels", "strata": ("site",)}),
}  # fmt: skip
"""The frame and the call of each estimator that takes one frame."""
DRAWING_LOTS = ("bootstrap_difference", "compare_trimmed_means", "rerandomisation_test")


def in_pandas(given: pl.DataFrame) -> pd.DataFrame:
    """The frame as somebody writes it in pandas, by way of Python's own values."""
    read = pd.DataFrame(given.to_dict(as_series=False))
    for each in given.get_columns():
        if isinstance(each.dtype, pl.Enum):
            read[each.name] = pd.Categorical(
                read[each.name], each.dtype.categories.to_list(), ordered=True
            )
        if each.null_count() and each.dtype == pl.Boolean:
            read[each.name] = read[each.name].astype("boolean")
    return read  # fmt: skip


def told(name: str, frame: object, options: dict[str, Any]) -> pd.DataFrame:
    lots = {"rng": np.random.default_rng(1)} if name in DRAWING_LOTS else {}
    return getattr(trialkit, name)(frame, **options, **lots).to_frame()


@pytest.mark.parametrize("name", CALLS)
def test_an_estimator_gives_the_same_of_polars_and_of_pandas(name: str) -> None:
    make, options = CALLS[name]
    given = make()
    expected = told(name, in_pandas(given), options)
    assert len(expected)
    pd.testing.assert_frame_equal(told(name, given, options), expected, rtol=1e-12)


class OfAnotherLibrary:
    """A frame that has nothing but its Arrow stream."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def test_what_gives_an_arrow_stream_is_a_frame() -> None:
    own, other = (
        trialkit.ancova(frame, **LAST).contrasts() for frame in (wide(), OfAnotherLibrary(wide()))
    )
    pd.testing.assert_frame_equal(own, other)


def test_two_frames_may_both_be_polars() -> None:
    options = {"subject": "id", **ARMS, "term": "term"}
    ours = trialkit.summarise_harms(events(), participants=people(), **options)
    theirs = trialkit.summarise_harms(
        in_pandas(events()), participants=in_pandas(people()), **options
    )
    pd.testing.assert_frame_equal(ours.to_frame(), theirs.to_frame())
    assert ours.to_frame()["events"].sum() > 60  # each under its term, and under any event


def test_events_and_deltas_may_be_polars() -> None:
    event = pl.DataFrame({"id": ["P09"], "visit": ["W12"], "strategy": ["jump-to-reference"]})
    added = pl.DataFrame({"id": ["P09"], "visit": ["W12"], "delta": [2.5]})
    found = []
    for turned in (lambda each: each, in_pandas):
        model = trialkit.imputation_model(
            long(), **VISITS, covariates=("first",), events=turned(event)
        )
        imputations = trialkit.impute(trialkit.imputation_draws(model))
        analysis = trialkit.ImputedAncova(covariates=("first",), visits=("W12",))
        analyses = trialkit.analyse_imputations(imputations, analysis, deltas=turned(added))
        grid = trialkit.tipping_point(
            imputations, analysis, arm="CG", deltas=[0, 1], unit=turned(added)
        )
        found.append((analyses.to_frame(), grid.to_frame()))
    for ours, theirs in zip(*found, strict=True):
        pd.testing.assert_frame_equal(ours, theirs)


def test_rows_of_a_model_may_be_polars() -> None:
    table = trialkit.ancova(wide(), **LAST).contrasts()
    options = {"scale": "difference", **MARGIN}
    ours = trialkit.compare_estimates_with_margin(
        pl.DataFrame(table.to_dict(orient="list")), **options
    )
    theirs = trialkit.compare_estimates_with_margin(table, **options)
    pd.testing.assert_frame_equal(ours.to_frame(), theirs.to_frame())


def test_every_estimator_that_takes_a_frame_is_tried() -> None:
    taking = {
        name
        for name in analysis.__all__
        if inspect.isfunction(getattr(analysis, name))
        and any(
            "ArrowFrame" in str(each.annotation) or each.annotation is pd.DataFrame
            for each in inspect.signature(getattr(analysis, name)).parameters.values()
        )
    }
    with_more = {"intervals_of_events", "summarise_harms", "compare_estimates_with_margin"}
    of_deltas = {"analyse_imputations", "tipping_point"}
    assert taking - of_deltas == CALLS.keys() | with_more


def test_columns_keep_what_they_are() -> None:
    read = as_pandas(
        pl.DataFrame(
            {
                "whole": [1, None, 2**60 + 1],
                "full": [1, 2, 3],
                "small": pl.Series([1, None, 255], dtype=pl.UInt8),
                "number": [0.5, None, float("nan")],
                "yes": [True, None, False],
                "sure": [True, False, True],
                "text": ["b", None, "a"],
                "stated": pl.Series(["b", None, "a"], dtype=pl.Enum(["b", "c", "a"])),
                "unstated": pl.Series(["b", None, "a"], dtype=pl.Categorical),
                "nothing": [None, None, None],
                "price": [Decimal("1.50"), None, Decimal("2.25")],
                "day": [date(2025, 3, 1), None, date(2025, 3, 2)],
                "moment": pl.Series(["2025-03-01 08:30", None, None]).str.to_datetime(
                    "%Y-%m-%d %H:%M"
                ),
                "at": [datetime(2025, 3, 1, 8, tzinfo=UTC), None, None],
                "length": [timedelta(hours=4), None, timedelta(minutes=30)],
                "list": [[1], None, []],
            },
            schema_overrides={"at": pl.Datetime("us", "Europe/Vienna")},
        )
    )
    kinds = {name: str(kind) for name, kind in read.dtypes.items()}
    assert kinds == {
        "whole": "Int64", "full": "int64", "small": "UInt8", "number": "float64", "yes": "boolean",
        "sure": "bool", "text": "str", "stated": "category", "unstated": "category", "nothing": "float64",
        "price": "float64", "day": "datetime64[s]", "moment": "datetime64[us]",
        "at": "datetime64[us, Europe/Vienna]", "length": "timedelta64[us]", "list": "object",
    }  # fmt: skip
    assert read["whole"][2] == 2**60 + 1
    assert read["stated"].cat.ordered
    assert list(read["stated"].cat.categories) == ["b", "c", "a"]
    assert not read["unstated"].cat.ordered
    assert list(read["unstated"].cat.categories) == ["b", "a"]
    assert list(read["text"].isna()) == [False, True, False]
    assert read["price"].tolist()[0] == 1.5
    assert read["day"][0] == pd.Timestamp("2025-03-01")
    assert read["at"][0] == pd.Timestamp("2025-03-01 08:00", tz="UTC")
    assert read["length"][2] == pd.Timedelta(minutes=30)
    assert read["list"][0] == [1]
    assert read["yes"][0]
    assert read["yes"].isna().tolist() == [False, True, False]


def test_the_order_of_a_categorical_is_asked_for() -> None:
    frame = wide().with_columns(pl.col("site").cast(pl.String).cast(pl.Categorical))
    with pytest.raises(AnalysisError, match="nobody stated the order of the levels"):
        trialkit.subgroup_effects(frame, **LAST, subgroup="site")


def test_a_pandas_frame_is_not_copied() -> None:
    frame = pd.DataFrame({"a": [1.0]})
    assert as_pandas(frame) is frame


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([1, 2], "got list"),
        (pd.Series([1.0]), "got Series"),
        (wide().lazy(), r"got LazyFrame; collect\(\) it first"),
        (None, "got NoneType"),
    ],
    ids=["list", "series", "lazy", "none"],
)
def test_what_is_no_frame_is_refused(given: object, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        trialkit.ancova(given, **LAST)  # type: ignore[arg-type]


@pytest.mark.slow
def test_polars_is_not_loaded_for_a_pandas_frame() -> None:
    code = (
        "import sys, pandas as pd, trialkit;"
        "trialkit.compare_means(pd.DataFrame({'y': [1., 2, 3, 5], 'a': [0, 0, 1, 1]}), outcome='y', arm='a', reference=0);"
        "print('polars' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
