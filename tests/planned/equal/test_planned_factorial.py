"""A factorial plan states what R printed, what its estimators say, and what statsmodels makes of the files."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.conftest import ROOT
from tests.planned.equal.planned import with_the_plan
from tests.planned.equal.test_methods import OF_FACTORS
from tests.report.factorial_trial import CELLS, write_factorial
from trialkit.analysis.factorial.factorial_means import factorial_means
from trialkit.analysis.factorial.factorial_risks import factorial_risks
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.factorial import FactorialComparison, FactorialRiskComparison
from trialkit.protocol.methods.generalised_models import RiskVariance
from trialkit.protocol.methods.linear_models import RobustCovariance
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.specification import Specification
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat

EXPECTED = json.loads(
    (ROOT / "tests" / "reference" / "factorial" / "factorial_simulated.json").read_text("utf-8")
)
AGE = "demographics.age"
FACTORS = ("exercise", "education")
OUTCOMES = {FactorialComparison: "pain", FactorialRiskComparison: "better"}
PLANNED: dict[str, Specification] = {
    "means": FactorialComparison(),
    "change": FactorialComparison(covariates=(), response=Response.CHANGE),
    "robust": FactorialComparison(covariates=("baseline", AGE), robust=RobustCovariance.HC3),
    "risks": FactorialRiskComparison(),
    "risks adjusted": FactorialRiskComparison(covariates=(AGE,)),
    "risks HC0": FactorialRiskComparison(covariates=(AGE,), variance=RiskVariance.HC0),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_factorial(tmp_path_factory.mktemp("factorial") / "trial")


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    return carry_out(*with_the_plan(folder, PLANNED, lambda each: OUTCOMES[type(each)]))


@pytest.fixture(scope="module")
def frame(folder: Path) -> pd.DataFrame:
    """Everybody with a value at the end, straight from the files."""
    data = folder / "data"
    rows = pd.read_csv(data / "assessment.csv").set_index("subject_id")
    first, last = rows[rows["visit"] == "V0"], rows[rows["visit"] == "V1"]
    found = pd.DataFrame(
        {
            "value": last["pain_mm"],
            "baseline": first["pain_mm"],
            "better": last["better"].map({"yes": True, "no": False}),
            "arm": pd.read_csv(data / "randomisation.csv").set_index("subject_id")["arm"],
            AGE: pd.read_csv(data / "demographics.csv").set_index("subject_id")["age"],
        }
    )
    found["change"] = found["value"] - found["baseline"]
    for place, name in enumerate(FACTORS):
        found[name] = found["arm"].map({arm: cell[place] for arm, cell in CELLS.items()})
    return found[found["value"].notna()].reset_index()


def stated(
    results: Results, analysis: str, term: str, *, arm: str = "", method: str = ""
) -> dict[Stat, float]:
    return {
        row.stat_name: row.stat
        for row in results.rows
        if (row.analysis_id, row.term, row.arm) == (analysis, term, arm)
        and (not method or row.method == method)
        and row.stat is not None
    }


def test_every_method_of_factors_is_planned() -> None:
    assert {each.method for each in PLANNED.values()} == OF_FACTORS


R_TERMS = {
    "exercise: yes - no": ("margins", "exerciseyes", 2),
    "education: yes - no": ("margins", "educationyes", 3),
    "exercise: yes - no where education = no": ("interaction", "exerciseyes", 2),
    "education: yes - no where exercise = no": ("interaction", "educationyes", 3),
    "exercise x education: (yes - no) x (yes - no)": ("interaction", "exerciseyes:educationyes", 4),
}


@pytest.mark.parametrize("term", R_TERMS)
def test_the_effects_are_those_of_r(term: str, results: Results) -> None:
    model, name, place = R_TERMS[term]
    wanted = next(each for each in EXPECTED[model]["coef"] if each["_row"] == name)
    found = stated(results, "means", term)
    assert found[Stat.ESTIMATE] == pytest.approx(wanted["Estimate"], rel=1e-8)
    assert found[Stat.SE] == pytest.approx(wanted["Std. Error"], rel=1e-8)
    assert found[Stat.P_VALUE] == pytest.approx(wanted["Pr(>|t|)"], rel=1e-7)
    limits = [found[Stat.CONF_LOW], found[Stat.CONF_HIGH]]
    assert limits == pytest.approx(EXPECTED[model]["ci"][place], rel=1e-8)


def test_cells_simple_and_averaged_effects_are_those_of_emmeans(results: Results) -> None:
    arms = {cell: arm for arm, cell in CELLS.items()}
    for each in EXPECTED["cell_means"]:
        found = stated(
            results, "means", "adjusted mean", arm=arms[each["exercise"], each["education"]]
        )
        assert found[Stat.ESTIMATE] == pytest.approx(each["emmean"], rel=1e-8)
        assert found[Stat.SE] == pytest.approx(each["SE"], rel=1e-8)
        assert found[Stat.CONF_LOW] == pytest.approx(each["lower.CL"], rel=1e-8)
    for own, other in (FACTORS, FACTORS[::-1]):
        for each in EXPECTED[f"simple_effects_{own}"]:
            found = stated(results, "means", f"{own}: yes - no where {other} = {each[other]}")
            assert found[Stat.ESTIMATE] == pytest.approx(each["estimate"], rel=1e-8)
            assert found[Stat.P_VALUE] == pytest.approx(each["p.value"], rel=1e-7)
            assert found[Stat.CONF_HIGH] == pytest.approx(each["upper.CL"], rel=1e-8)
    (averaged,) = EXPECTED["equal_weight_main"]
    found = stated(results, "means", "exercise: yes - no averaged")
    assert found[Stat.ESTIMATE] == pytest.approx(averaged["estimate"], rel=1e-8)
    assert found[Stat.SE] == pytest.approx(averaged["SE"], rel=1e-8)


@pytest.mark.parametrize("name", ["means", "change", "robust"])
def test_a_plan_states_what_its_estimator_says_of_means(
    name: str, results: Results, frame: pd.DataFrame
) -> None:
    asked = PLANNED[name]
    direct = factorial_means(
        frame,
        outcome="change" if asked.response is Response.CHANGE else "value",
        factors=FACTORS,
        reference=dict.fromkeys(FACTORS, "no"),
        covariates=asked.covariates,
        robust=asked.robust,
    )
    effects = direct.effects()
    assert len(effects) == 9
    for row in effects.to_dict("records"):
        where = {"averaged inside": " averaged", "inside the table": f" where {row['held']}"}
        term = f"{row['factor']}: {row['contrast']}{where.get(row['effect'], '')}"
        found = stated(results, name, term)
        assert found[Stat.CONF_LEVEL] == 0.95
        for stat in (Stat.ESTIMATE, Stat.SE, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH):
            assert found[stat] == pytest.approx(row[stat.value], rel=1e-9), (term, stat)
    column = direct.outcome
    for factor in FACTORS:
        for level in ("no", "yes"):
            own = frame.loc[frame[factor] == level, column]
            found = stated(results, name, f"{factor} = {level}")
            assert found[Stat.N] == len(own)
            assert found[Stat.MEAN] == pytest.approx(own.mean())
            assert found[Stat.SD] == pytest.approx(own.std())


@pytest.mark.parametrize("name", ["risks", "risks adjusted", "risks HC0"])
def test_a_plan_states_what_its_estimator_says_of_risks(
    name: str, results: Results, frame: pd.DataFrame
) -> None:
    asked = PLANNED[name]
    direct = factorial_risks(
        frame,
        outcome="better",
        factors=FACTORS,
        reference=dict.fromkeys(FACTORS, "no"),
        covariates=asked.covariates,
        variance=asked.variance,
    )
    for row in direct.effects().to_dict("records"):
        where = {"averaged inside": " averaged", "inside the table": f" where {row['held']}"}
        term = f"{row['factor']}: {row['contrast']}{where.get(row['effect'], '')}"
        found = stated(results, name, term, method=row["measure"])
        for stat in (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH):
            assert found[stat] == pytest.approx(row[stat.value], rel=1e-9), (term, stat)
        if row["measure"] == "risk_difference":
            assert found[Stat.P_VALUE] == pytest.approx(row["p_value"], rel=1e-9)
        else:
            assert Stat.P_VALUE not in found
    arms = {cell: arm for arm, cell in CELLS.items()}
    for row in direct.cell_risks().to_dict("records"):
        found = stated(
            results, name, "standardised risk", arm=arms[row["exercise"], row["education"]]
        )
        assert found[Stat.ESTIMATE] == pytest.approx(row["estimate"], rel=1e-9)
        assert found[Stat.SE] == pytest.approx(row["se"], rel=1e-9)


def test_statsmodels_makes_the_same_of_the_files(results: Results, frame: pd.DataFrame) -> None:
    one, other = ((frame[name] == "yes").to_numpy(dtype=float) for name in FACTORS)
    pain = sm.OLS(
        frame["value"],
        np.column_stack([np.ones(len(one)), frame["baseline"], frame[AGE], one, other]),
    ).fit(cov_type="HC3", use_t=True)
    found = stated(results, "robust", "exercise: yes - no")
    assert found[Stat.ESTIMATE] == pytest.approx(pain.params.iloc[3], rel=1e-9)
    assert found[Stat.P_VALUE] == pytest.approx(pain.pvalues.iloc[3], rel=1e-7)
    design = np.column_stack([np.ones(len(one)), frame[AGE], one, other, one * other])
    risks = sm.Logit(frame["better"].astype(float), design).fit(disp=False, tol=1e-12)
    found = stated(
        results,
        "risks adjusted",
        "exercise x education: (yes - no) x (yes - no)",
        method="odds_ratio",
    )
    assert found[Stat.ESTIMATE] == pytest.approx(np.exp(risks.params.iloc[4]), rel=1e-7)
    low, high = np.exp(risks.conf_int().iloc[4])
    assert [found[Stat.CONF_LOW], found[Stat.CONF_HIGH]] == pytest.approx([low, high], rel=1e-6)
    without = sm.Logit(frame["better"].astype(float), design[:, :4]).fit(disp=False, tol=1e-12)
    risk = [
        without.predict(np.column_stack([design[:, :2], np.full(len(one), level), other])).mean()
        for level in (0.0, 1.0)
    ]
    found = stated(results, "risks adjusted", "exercise: yes - no", method="risk_difference")
    assert found[Stat.ESTIMATE] == pytest.approx(risk[1] - risk[0], rel=1e-7)
