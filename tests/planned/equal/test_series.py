"""What figures draw equals what is worked out on the second reading."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests

from tests.planned.equal.by_scipy import complete, design
from tests.planned.equal.directly import Asked, Stated
from tests.planned.equal.worlds import World
from trialkit.analysis.repeated.fit import mmrm
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.results.series import Point, Series, SeriesKind
from trialkit.results.vocabulary import Stat

CLOSE = {"rel": 1e-9, "abs": 1e-9}


def primary(world: World) -> Iterator[tuple[str, Asked]]:
    """The primary analyses of continuous outcomes, with their ids."""
    for analysis in world.protocol.plan.analyses:
        if analysis.role is AnalysisRole.PRIMARY:
            for outcome in analysis.outcomes:
                yield (
                    analysis.id,
                    Asked(
                        trial=world.trial,
                        specification=analysis.specification,
                        outcome=outcome,
                        population=analysis.population,
                    ),
                )


def series(world: World, kind: SeriesKind) -> dict[tuple[str, str], Series]:
    return {(s.analysis_id, s.outcome): s for s in world.results.series if s.kind is kind}


def assert_points(found: tuple[Point, ...], wanted: list[Point]) -> None:
    """The same points in the same order, numbers up to rounding error."""
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert (one.arm, one.visit, one.label, one.n) == (
            other.arm,
            other.visit,
            other.label,
            other.n,
        )
        for name in ("x", "y", "low", "high"):
            here, there = getattr(one, name), getattr(other, name)
            assert (here is None) == (there is None), (name, one, other)
            assert here is None or here == pytest.approx(there, **CLOSE), (name, one, other)


def test_means_have_students_interval_at_the_level_of_the_plan(world: World) -> None:
    found = series(world, SeriesKind.MEANS)
    described = next(primary(world))[1].population
    members = world.trial.population(described).arms
    for name, asked in primary(world):
        wanted = []
        for arm in world.trial.arms:
            people = [each for each, own in members.items() if own == arm]
            for visit in world.trial.asked(asked.outcome):
                values = np.array([world.trial.value(asked.outcome, p, visit) for p in people])
                known = values[~np.isnan(values)]
                mean, error = known.mean(), stats.sem(known)
                reach = stats.t.ppf((1 + world.trial.level) / 2, len(known) - 1) * error
                limits = {"low": mean - reach, "high": mean + reach}
                wanted.append(Point(arm=arm, visit=visit, y=mean, n=len(known), **limits))
        assert_points(found.pop((name, asked.outcome)).points, wanted)
    assert not found


def test_courses_are_those_of_the_population_in_the_order_of_their_values(world: World) -> None:
    found = series(world, SeriesKind.COURSES)
    for name, asked in primary(world):
        members = world.trial.population(asked.population).arms
        visits = world.trial.asked(asked.outcome)
        wanted = []
        for arm in world.trial.arms:
            frame = pd.DataFrame(
                [
                    [world.trial.value(asked.outcome, person, visit) for visit in visits]
                    for person, own in members.items()
                    if own == arm
                ],
                columns=visits,
            ).sort_values(visits, na_position="last")
            for place, row in enumerate(frame.to_numpy()):
                for visit, y in zip(visits, row, strict=True):
                    known = None if np.isnan(y) else float(y)
                    wanted.append(Point(arm=arm, visit=visit, x=float(place), y=known))
        assert_points(found.pop((name, asked.outcome)).points, wanted)
    assert not found


def test_changes_and_shares_of_improved_turn_with_the_direction(world: World) -> None:
    changes = series(world, SeriesKind.CHANGES)
    shares = series(world, SeriesKind.RESPONDER_SHARES)
    for name, asked in primary(world):
        trial = world.trial
        least = trial.outcomes[asked.outcome].get("minimal_important_change", 0.0)
        sign = 1 if asked.direction == "higher" else -1
        frame = asked.at_end(trial.frame(asked.outcome, asked.population))
        bars, curve = [], []
        for arm in trial.arms:
            better = sign * frame.loc[frame["arm"] == arm, "change"].dropna().to_numpy()
            better = np.sort(better)
            for place, amount in enumerate(better):
                label = "reached" if amount >= least - 1e-9 else ""
                bars.append(Point(arm=arm, x=float(place), y=sign * amount, label=label))
            for amount in np.unique(better):
                reached = int((better >= amount).sum())
                share = 100 * reached / len(better)
                curve.append(Point(arm=arm, x=float(amount), y=share, n=reached))
            reached = int((better >= least - 1e-9).sum())
            mark = {"arm": arm, "n": reached, "y": 100 * reached / len(better)}
            bars.append(Point(x=sign * least, label="threshold", **mark))
            curve.append(Point(x=least, label="threshold", **mark))
        assert_points(changes.pop((name, asked.outcome)).points, bars)
        assert_points(shares.pop((name, asked.outcome)).points, curve)
    assert not changes
    assert not shares


def test_patterns_of_missing_values_are_those_of_all_as_allocated(world: World) -> None:
    found = series(world, SeriesKind.MISSING_PATTERNS)
    trial = world.trial
    for code, outcome in trial.outcomes.items():
        visits, cells = trial.asked(code), trial.cells(code)
        lacks = any(np.isnan(value) for value, _, _ in cells.values())
        if outcome["role"] != "primary" or not lacks:
            continue
        points = found.pop(("missing", code)).points
        for arm in trial.arms:
            wanted = Counter(
                tuple(cells[name, visit][1] for visit in visits)
                for name, person in trial.randomised.items()
                if person.arm == arm
            )
            own = [point for point in points if point.arm == arm]
            rows = [own[i : i + len(visits)] for i in range(0, len(own), len(visits))]
            assert all([point.visit for point in row] == visits for row in rows)
            assert [{point.x for point in row} for row in rows] == [
                {float(place)} for place in range(len(rows))
            ]
            patterns = [tuple(point.label for point in row) for row in rows]
            assert {p: row[0].n for p, row in zip(patterns, rows, strict=True)} == wanted
            assert all(len({point.n for point in row}) == 1 for row in rows)
            # complete ones first, then by how early a value lacks
            lacking = [[bool(reason) for reason in pattern] for pattern in patterns]
            assert lacking == sorted(lacking)
    assert not found


def fitted(asked: Asked) -> tuple[pd.Series, np.ndarray, np.ndarray]:
    """Arm, fitted value and residual of each row that a primary analysis uses."""
    plan, trial = asked.specification, asked.trial
    if plan.method is Method.MIXED_ANOVA:
        frame = asked.complete(asked.from_baseline, Stated())
        frame = frame[frame["visit"].isin(asked.from_baseline)]
        means = frame.groupby(["arm", "visit"], observed=True)["value"].transform("mean")
        return frame["arm"], means.to_numpy(), (frame["value"] - means).to_numpy()
    if plan.method is Method.WELCH_T:
        frame = complete(asked, asked.needed())
        y, matrix = frame[asked.column].to_numpy(), design(asked, frame, ())
    elif plan.method is Method.ANCOVA:
        items = tuple(each for each in plan.covariates if each != "baseline")
        frame = complete(asked, asked.needed(plan.covariates), *items)
        y, matrix = frame[asked.column].to_numpy(), design(asked, frame, plan.covariates)
    else:
        return of_mmrm(asked)
    fit = sm.OLS(y, matrix).fit()
    assert trial.arms[0] == frame["arm"].cat.categories[0]
    return frame["arm"], fit.fittedvalues, fit.resid


def of_mmrm(asked: Asked) -> tuple[pd.Series, np.ndarray, np.ndarray]:
    plan, later = asked.specification, asked.from_baseline[1:]
    frame = asked.complete((), Stated(), items=plan.covariates, any_of=later)
    frame = frame[frame["visit"].isin(later) & frame[asked.column].notna()]
    frame = frame.reset_index(drop=True)
    frame["visit"] = frame["visit"].cat.remove_unused_categories()
    fit = mmrm(
        frame,
        outcome=asked.column,
        subject="subject",
        visit="visit",
        arm="arm",
        reference=asked.trial.reference,
        covariates=plan.covariates,
    )
    left = fit.residuals().astype({"subject": str, "visit": str})
    left = left.set_index(["subject", "visit"])["residual"]
    own = np.array([left[row.subject, row.visit] for row in frame.itertuples()])
    return frame["arm"], frame[asked.column].to_numpy() - own, own


def test_residuals_are_those_of_the_models_of_primary_analyses(world: World) -> None:
    found = series(world, SeriesKind.RESIDUALS)
    quantiles = series(world, SeriesKind.QUANTILES)
    for name, asked in primary(world):
        arm, model, left = fitted(asked)
        n = len(left)
        spread = [Point(y=float(np.std(left, ddof=1)), n=n, label="standard deviation")]
        *points, mark = found.pop((name, asked.outcome)).points
        assert_points((mark,), spread)
        wanted = sorted(zip(np.round(left, 7), arm, np.round(model, 7), strict=True))
        stated = sorted((round(p.y, 7), p.arm, round(p.x, 7)) for p in points)
        assert stated == [(pytest.approx(y), a, pytest.approx(x)) for y, a, x in wanted]
        assert all(one.y <= other.y for one, other in pairwise(points))
        *line, mark = quantiles.pop((name, asked.outcome)).points
        assert_points((mark,), spread)
        assert [(p.arm, p.y) for p in line] == [(p.arm, p.y) for p in points]
        scores = stats.norm.ppf((np.arange(1, n + 1) - 3 / 8) / (n + 1 / 4))
        assert [p.x for p in line] == pytest.approx(list(scores))
    assert not found
    assert not quantiles


def test_main_comparisons_are_adjusted_together_whatever_their_families_say(world: World) -> None:
    main = {
        analysis.id
        for analysis in world.protocol.plan.analyses
        if analysis.role in {AnalysisRole.PRIMARY, AnalysisRole.SECONDARY}
    }
    rows = {
        row.result_id: row.stat
        for row in world.results.rows
        if row.analysis_id in main
        and row.stat_name is Stat.P_VALUE
        and row.visit == world.trial.outcomes[row.outcome]["time_point"]
        and " - " in row.term
    }
    found = series(world, SeriesKind.TOGETHER)
    assert found.keys() == {("holm", ""), ("hochberg", "")}
    for method, name in (("holm", "holm"), ("hochberg", "simes-hochberg")):
        adjusted = multipletests(list(rows.values()), method=name)[1]
        wanted = {
            each: (p, pytest.approx(q)) for (each, p), q in zip(rows.items(), adjusted, strict=True)
        }
        stated = {point.label: (point.x, point.y) for point in found[method, ""].points}
        assert stated == wanted
