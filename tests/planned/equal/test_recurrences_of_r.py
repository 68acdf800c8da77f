"""A public trial of recurrent infections, written as forms and a log, states the numbers of R."""

import csv
import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.analysis.survival.trials import REFERENCE
from tests.report.recurrences import write_recurrences
from tests.report.test_recurrences import planned
from tests.report.test_return_to_sport import ran
from trialkit.results.lookup import ResultIndex, Statistics
from trialkit.results.vocabulary import Stat

EXPECTED = json.loads((REFERENCE / "recurrent_survival_cgd.json").read_text(encoding="utf-8"))
ARMS = {"placebo": "CARE", "rIFN-g": "TRAIN"}
METHODS = {
    "breslow": 'method = "lwyy"\nties = "breslow"',
    "total": 'method = "pwp"',
    "gap": 'method = "pwp"\nclock = "gap"',
    "nb": 'method = "negative_binomial"',
    "poisson": 'method = "poisson"\nvariance = "model"',
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> ResultIndex:
    """The results of the trial of chronic granulomatous disease, its days counted from each randomisation."""
    sizes = tuple(EXPECTED["n_by_arm"][arm] for arm in ARMS)
    folder = write_recurrences(
        tmp_path_factory.mktemp("cgd") / "trial", per_arm=sizes, method='method = "lwyy"',
        more=planned(**METHODS), horizon="", rate="", cut="2027-12-31",
    )  # fmt: skip
    file = folder / "protocol.toml"
    file.write_text(file.read_text("utf-8").replace('unit = "weeks"', 'unit = "days"'), "utf-8")
    _write_cgd(folder)
    return ResultIndex(ran(folder)[2])


def _write_cgd(folder: Path) -> None:
    data = folder / "data"
    with (data / "randomisation.csv").open(encoding="utf-8") as rows:
        people = [*csv.DictReader(rows)]
    waiting = {arm: [each for each in people if each["arm"] == arm] for arm in ARMS.values()}
    ends, log = {}, ["subject_id,repeat,happened,what"]
    for _, own in pd.read_csv(REFERENCE / "survival_cgd.csv").groupby("id"):
        person = waiting[ARMS[own["arm"].iloc[0]]].pop()
        who, start = person["subject_id"], date.fromisoformat(person["randomisation_date"])
        ends[who] = str(start + timedelta(days=int(own["tstop"].max())))
        for number, days in enumerate(own.loc[own["status"] == 1, "tstop"], start=1):
            log.append(f"{who},{number},{start + timedelta(days=int(days))},pain")
    (data / "log.csv").write_text("\n".join(log) + "\n", "utf-8")
    file = data / "end_of_study.csv"
    with file.open(encoding="utf-8") as rows:
        cells = [*csv.DictReader(rows)]
    for each in cells:
        each |= {"completed": "yes", "end_reason": "", "end_date": ends[each["subject_id"]]}
    lines = [",".join(cells[0]), *(",".join(each.values()) for each in cells)]
    file.write_text("\n".join(lines) + "\n", "utf-8")


def found(index: ResultIndex, analysis: str) -> Statistics:
    return index.find(analysis, outcome="pain_again", visit="V3", term="TRAIN - CARE", arm="")


@pytest.mark.parametrize(
    ("analysis", "key"),
    [
        ("primary", "lwyy_efron"),
        ("breslow", "lwyy_breslow"),
        ("total", "pwp_total_time"),
        ("gap", "pwp_gap_time"),
    ],
)
def test_ratios_of_a_plan_are_those_of_coxph(analysis: str, key: str, index: ResultIndex) -> None:
    told = EXPECTED[key]
    expected = (told["coef"] if isinstance(told, dict) else told)[0]
    row = found(index, analysis)
    assert row[Stat.ESTIMATE].stat == pytest.approx(expected["exp(coef)"], rel=1e-8)
    assert row[Stat.SE].stat == pytest.approx(expected["robust se"], rel=1e-8)
    assert row[Stat.P_VALUE].stat == pytest.approx(expected["Pr(>|z|)"], rel=1e-7)
    if isinstance(told, dict):
        (limits,) = told["ci"]
        assert row[Stat.CONF_LOW].stat == pytest.approx(limits["lower .95"], rel=1e-8)
        assert row[Stat.CONF_HIGH].stat == pytest.approx(limits["upper .95"], rel=1e-8)


def test_rates_of_a_plan_are_those_of_glm_and_glm_nb(index: ResultIndex) -> None:
    for analysis, key in (("nb", "negative_binomial"), ("poisson", "poisson")):
        row, expected = found(index, analysis), EXPECTED[key]
        log = pd.Series([row[Stat.ESTIMATE].stat]).transform("log").item()
        assert log == pytest.approx(expected["coef"][1], rel=1e-6)
        assert row[Stat.SE].stat == pytest.approx(expected["se"][1], rel=1e-5)
    spread = index.find("nb", outcome="pain_again", visit="V3", term="dispersion", arm="")
    assert spread[Stat.THETA].stat == pytest.approx(
        EXPECTED["negative_binomial"]["theta"], rel=1e-5
    )


def test_events_and_follow_up_are_those_of_the_trial(index: ResultIndex) -> None:
    for arm, code in ARMS.items():
        row = index.find("descriptive", outcome="pain_again", visit="V3", term="", arm=code)
        counts = Counter({stat: each.stat for stat, each in row.items()})
        assert counts[Stat.N] == EXPECTED["n_by_arm"][arm]
        assert counts[Stat.N_EVENTS] == EXPECTED["events_by_arm"][arm]
        assert counts[Stat.EXPOSURE] == EXPECTED["followup_by_arm"][arm]
        rate = EXPECTED["events_by_arm"][arm] / EXPECTED["followup_by_arm"][arm]
        assert counts[Stat.RATE] == pytest.approx(rate, rel=1e-12)
        assert row[Stat.RATE].unit == "per day at risk"
