"""The methods of levels state what their estimators say of frames that are read from the CSV files here.

The trials are whole folders with an ordinal outcome; a second route (statsmodels, scipy, all pairs
counted) stands beside each estimator in ``tests/analysis/ordinal``, and beside some numbers here.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.miscmodels.ordinal_model import OrderedModel

from tests.line import line_of
from tests.planned.equal.cases import OF_LEVELS
from tests.report.kinds_of_trial import EFFECTS, KINDS, write_trial
from tests.variations import CARRIED_OUT
from trialkit.analysis.ordinal.pairwise_wins import RankedOutcome
from trialkit.analysis.ordinal.proportional_odds import proportional_odds
from trialkit.analysis.ordinal.van_elteren import van_elteren
from trialkit.analysis.ordinal.wins import compare_wins
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

ODDS, LOWER = "ordinal primary", "ordinal primary of three arms, lower is better"
EFFECT = ("estimate", "conf_low", "conf_high", "conf_level")
TEST = ("statistic", "df", "p_value")


@pytest.fixture(scope="module", params=[ODDS, LOWER])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> "Read":
    folder = write_trial(tmp_path_factory.mktemp("levels") / "trial", KINDS[request.param])
    return Read(request.param, folder, line_of(folder).results.rows)


class Read:
    """A trial whose values are read here, and the rows that it states."""

    def __init__(self, name: str, folder: Path, rows: tuple[Result, ...]) -> None:
        self.lower = KINDS[name].lower
        self.arms = list(KINDS[name].arms)
        self.time_point = KINDS[name].codes[-1]
        self.rows = rows
        codes = list(EFFECTS)[:: -1 if self.lower else 1]
        tables = {
            name: list(
                csv.DictReader((folder / "data" / f"{name}.csv").read_text("utf-8").splitlines())
            )
            for name in ("randomisation", "demographics", "perceived_effect", "assessment")
        }
        people = {row["subject_id"]: dict(row) for row in tables["randomisation"]}
        for row in tables["demographics"]:
            people[row["subject_id"]] |= {"age": float(row["age"]), "sex": row["sex"]}
        for row in tables["perceived_effect"]:
            if row["visit"] == self.time_point:
                people[row["subject_id"]]["y"] = 1.0 + codes.index(row["effect"])
        for row in tables["assessment"]:
            if row["visit"] == self.time_point:
                people[row["subject_id"]]["pain"] = float(row["pain_mm"])
        self.frame = pd.DataFrame(people.values())

    def pair(self, arm: str) -> pd.DataFrame:
        return self.frame[self.frame["arm"].isin([self.arms[0], arm])].reset_index(drop=True)

    def contrasts(self) -> Iterator[tuple[str, str]]:
        for arm in self.arms[1:]:
            yield arm, f"{arm} - {self.arms[0]}"

    def shares_told(self, analysis: str, term: str) -> list[tuple[str, float]]:
        """Of each outcome the percent of pairs that it is said to decide."""
        return [
            (row.term, float(row.stat))
            for row in self.rows
            if row.analysis_id == analysis
            and row.term.startswith(f"pairs decided: {term}: ")
            and row.stat is not None
        ]

    def stated(self, analysis: str, method: str, term: str) -> dict[str, float]:
        return {
            row.stat_name.value: float(row.stat)
            for row in self.rows
            if (row.analysis_id, row.method, row.term, row.arm) == (analysis, method, term, "")
            and row.stat is not None
        }


def same(stated: Mapping[str, float], found: Mapping[str, object], names: tuple[str, ...]) -> None:
    assert set(stated) == set(names)
    for name in names:
        assert stated[name] == pytest.approx(float(str(found[name])), rel=1e-9), name


def test_the_methods_of_levels_are_those_that_take_nothing_else() -> None:
    assert set(OF_LEVELS) == {
        method
        for method, kind in CARRIED_OUT.items()
        if {each for each in OutcomeType if kind.takes(method, each)} == {OutcomeType.ORDINAL}
    }


def test_proportional_odds(world: Read) -> None:
    order = {"arm": world.arms}
    covariates = [] if world.lower else ["age"]
    fit = proportional_odds(
        world.frame,
        outcome="y",
        arm="arm",
        reference=world.arms[0],
        covariates=covariates,
        order=order,
    )
    limits = "wald" if world.lower else "profile"
    rows = fit.contrasts(limits=limits).set_index("contrast")
    tests = fit.contrast_tests().set_index("contrast")
    for _, term in world.contrasts():
        stated = world.stated("primary", "proportional_odds", term)
        wald = ("statistic", "p_value")
        same(
            {name: stated[name] for name in EFFECT},
            rows.loc[term].to_dict(),
            EFFECT,
        )
        tested = {name: value for name, value in stated.items() if name not in EFFECT}
        source, names = (rows, wald) if world.lower else (tests, TEST)
        same(tested, source.loc[term].to_dict(), names)
    if world.lower:
        omnibus = fit.likelihood_ratio_test().iloc[0].to_dict()
        same(world.stated("primary", "proportional_odds", "group"), omnibus, TEST)
    nominal = fit.nominal_test().set_index("term")
    places = {"arm": "arm", **({} if world.lower else {"age": "Age, years"})}
    for name, place in places.items():
        stated = world.stated("primary", "proportional_odds", f"proportionality_of_odds: {place}")
        if np.isnan(nominal.loc[name, "p_value"]):
            assert stated == {}
        else:
            same(stated, nominal.loc[name].to_dict(), TEST)


def test_the_odds_ratio_is_that_of_statsmodels(world: Read) -> None:
    columns = [(world.frame["arm"] == arm).astype(float) for arm, _ in world.contrasts()]
    if not world.lower:
        columns.append(world.frame["age"].astype(float))
    model = OrderedModel(world.frame["y"].astype(int), np.column_stack(columns), distr="logit")
    near = model.fit(method="bfgs", disp=False, maxiter=500, gtol=1e-4)
    # from there Newton's steps end, where BFGS may say that it did not, by the processor's rounding
    fit = model.fit(start_params=near.params, method="newton", disp=False, maxiter=50)
    for number, (_, term) in enumerate(world.contrasts()):
        stated = world.stated("primary", "proportional_odds", term)["estimate"]
        assert np.log(stated) == pytest.approx(fit.params.iloc[number], abs=2e-4)


@pytest.mark.parametrize(("analysis", "own"), [("pairs", "win_odds"), ("ratio", "win_ratio")])
def test_pairs(world: Read, analysis: str, own: str) -> None:
    """The win ratio asks for pain where pairs are at one level; less is better."""
    outcomes = [RankedOutcome(column="y", higher_is_better=not world.lower)]
    if own == "win_ratio":
        outcomes.append(RankedOutcome(column="pain", higher_is_better=False, margin=5))
    compared = compare_wins(
        world.frame,
        outcomes=outcomes,
        arm="arm",
        reference=world.arms[0],
        order={"arm": world.arms},
    )
    found, shares = compared.to_frame(), compared.shares()
    names = {"probability_of_superiority": "win_probability"}
    for arm, term in world.contrasts():
        for row in found[found["contrast"] == term].to_dict("records"):
            method = names.get(row["measure"], row["measure"])
            wanted = (*EFFECT, *TEST) if method == own else EFFECT
            same(world.stated(analysis, method, term), row, wanted)
        x, y = (
            world.frame.loc[world.frame["arm"] == each, "y"].to_numpy()
            for each in (arm, world.arms[0])
        )
        sign = np.sign(x[:, None] - y[None, :]) * (-1 if world.lower else 1)
        if own == "win_ratio":
            one, other = (
                world.frame.loc[world.frame["arm"] == each, "pain"].to_numpy()
                for each in (arm, world.arms[0])
            )
            less = other[None, :] - one[:, None]
            by_pain = np.where(np.abs(less) > 5, np.sign(less), 0)
            decided = {"y": (sign != 0).mean(), "pain": ((sign == 0) & (by_pain != 0)).mean()}
            for label, column in (("perceived effect", "y"), ("Pain", "pain")):
                row = shares[(shares["contrast"] == term) & (shares["outcome"] == column)].iloc[0]
                assert row["win"] + row["loss"] == pytest.approx(decided[column])
                (told,) = (
                    each for name, each in world.shares_told(analysis, term) if label in name
                )
                assert told == pytest.approx(100 * decided[column])
            sign = np.where(sign == 0, by_pain, sign)
        stated = world.stated(analysis, "net_benefit", term)["estimate"]
        assert stated == pytest.approx(sign.mean(), abs=1e-12)
        p = stats.brunnermunzel(y, x).pvalue
        if own == "win_odds":
            assert world.stated(analysis, own, term)["p_value"] == pytest.approx(p, rel=1e-9)


def test_ranks_within_strata(world: Read) -> None:
    for arm, term in world.contrasts():
        found = van_elteren(
            world.pair(arm),
            outcome="y",
            arm="arm",
            reference=world.arms[0],
            strata=["sex"],
            order={"arm": [world.arms[0], arm]},
        ).to_frame()
        names = (
            "estimate", "se", "statistic", "p_value", "conf_low", "conf_high", "conf_level",
        )  # fmt: skip
        same(world.stated("strata", "van_elteren", term), found.iloc[0].to_dict(), names)


def test_everybody_is_at_a_level_and_the_middle_is_one_of_them(world: Read) -> None:
    labels = list(EFFECTS.values())[:: -1 if world.lower else 1]
    for arm in world.arms:
        y = world.frame.loc[world.frame["arm"] == arm, "y"]
        here = [
            row
            for row in world.rows
            if (row.analysis_id, row.outcome, row.visit, row.arm)
            == ("descriptive", "effect", world.time_point, arm)
        ]
        stats_of = {row.stat_name: row for row in here if not row.term}
        assert stats_of[Stat.N].stat == len(y)
        middle = stats_of[Stat.MEDIAN]
        assert middle.stat == float(np.median(y))
        below, above = int(np.floor(np.median(y))), int(np.ceil(np.median(y)))
        assert middle.note == " / ".join(dict.fromkeys(labels[each - 1] for each in (below, above)))
        counted = [row for row in here if row.stat_name is Stat.EVENTS]
        assert [row.term for row in counted] == [f"level: {label}" for label in labels]
        assert [row.stat for row in counted] == [int((y == place).sum()) for place in range(1, 6)]
