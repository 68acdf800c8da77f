"""Recurrent events of a plan are what the estimators, and other routes, say of days that the test reads."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.planned.equal.planned import with_the_plan
from tests.planned.equal.test_methods import OF_RATES, OF_RECURRENCES
from tests.report.recurrences import write_recurrences
from tests.variations import CARRIED_OUT
from trialkit.analysis.counts.exact_rates import exact_rate_ratio
from trialkit.analysis.counts.negative_binomial import negative_binomial_regression
from trialkit.analysis.counts.poisson import poisson_regression
from trialkit.analysis.recurrent.mean_cumulative import mean_cumulative
from trialkit.analysis.recurrent.recurrent_models import lwyy_regression, pwp_regression
from trialkit.planned.carrying_out import carry_out
from trialkit.planned.methods.lwyy import LWYY
from trialkit.planned.methods.mean_cumulative import MEAN_CUMULATIVE
from trialkit.planned.methods.pwp import PWP
from trialkit.planned.methods.recurrent_models import state_lwyy, state_pwp
from trialkit.protocol.methods.exact_rates import ExactRateComparison
from trialkit.protocol.methods.lwyy import Lwyy
from trialkit.protocol.methods.mean_cumulative import MeanCumulativeComparison, MeanNumbers
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.protocol.methods.poisson import PoissonComparison
from trialkit.protocol.methods.pwp import Pwp
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.time_to_event import CurveLimits, RecurrentClock, TiedEvents
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat

AGE, SEX = "demographics.age", "demographics.sex"
BRESLOW = TiedEvents.BRESLOW
PLANNED: dict[str, Specification] = {
    "lwyy": Lwyy(),
    "lwyy breslow": Lwyy(ties=BRESLOW),
    "lwyy adjusted": Lwyy(covariates=(AGE,), strata=(SEX,)),
    "pwp total": Pwp(),
    "pwp gap": Pwp(clock=RecurrentClock.GAP, last_stratum=3, covariates=(AGE,), ties=BRESLOW),
    "difference": MeanCumulativeComparison(),
    "difference at 8": MeanCumulativeComparison(at=8.0, limits=CurveLimits.PLAIN),
    "ratio": MeanCumulativeComparison(compare=MeanNumbers.RATIO),
    "nb": NegativeBinomialComparison(covariates=(AGE,)),
    "poisson": PoissonComparison(),
    "exact": ExactRateComparison(),
}
STATS = (
    Stat.ESTIMATE, Stat.SE, Stat.STATISTIC, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH,
    Stat.CONF_LEVEL,
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("recurrences") / "trial"
    return write_recurrences(made, competing=True)


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    return carry_out(*with_the_plan(folder, PLANNED, lambda _: "pain_again"))


@pytest.fixture(scope="module")
def people(folder: Path) -> pd.DataFrame:
    """Weeks at risk, what ended them, and the days of the events, straight from the files."""
    data = folder / "data"

    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(data / f"{name}.csv").set_index("subject_id")

    found = read("randomisation").join(read("surgery")).join(read("end_of_study")["end_date"])
    found = found.join(read("demographics")[["age", "sex"]].set_axis([AGE, SEX], axis=1))
    start = pd.to_datetime(found["randomisation_date"])
    operated, ended = (
        (pd.to_datetime(found[name]) - start).dt.days for name in ("operated", "end_date")
    )
    last = pd.concat([ended.clip(upper=84), operated], axis=1).min(axis=1)
    found = found.assign(
        days=last,
        surgery=operated <= last,
        arm=pd.Categorical(found["arm"], ["CARE", "TRAIN"], ordered=True),
        **{SEX: pd.Categorical(found[SEX], ["f", "m"], ordered=True)},
    )
    log = read("log").query("what == 'pain'").join(start)
    log = log.assign(
        day=(pd.to_datetime(log["happened"]) - pd.to_datetime(log["randomisation_date"])).dt.days
    )
    log = log.join(last.rename("last"))
    inside = log[log["day"] <= log["last"]]
    days = inside.groupby("subject_id")["day"].agg(sorted)
    found = found.assign(happened=days)
    found["happened"] = found["happened"].map(lambda each: each if isinstance(each, list) else [])
    return found[found["days"] > 0].reset_index()


@pytest.fixture(scope="module")
def rows(people: pd.DataFrame) -> pd.DataFrame:
    """An interval for each event and for what is left, written out by hand."""
    found = []
    for one in people.to_dict("records"):
        begin, placed = 0.0, []
        for day in sorted(set(one["happened"])):
            size = one["happened"].count(day)
            before = placed[-1] if placed else 0.0
            room = min(1.0, day - before)
            placed += [day - room * left / size for left in range(size - 1, -1, -1)]
        who = {name: one[name] for name in ("subject_id", "arm", AGE, SEX)}
        for day in placed:
            found.append({**who, "start": begin / 7, "stop": day / 7, "event": True})
            begin = day
        if begin < one["days"]:
            found.append({**who, "start": begin / 7, "stop": one["days"] / 7, "event": False})
    frame = pd.DataFrame(found)
    for name in ("arm", SEX):
        frame[name] = pd.Categorical(frame[name], people[name].cat.categories, ordered=True)
    return frame


def stated(results: Results, analysis: str, **where: str) -> dict[Stat, float]:
    about = {"term": "", "arm": ""} | where
    return {
        row.stat_name: row.stat
        for row in results.rows
        if (row.analysis_id, row.outcome) == (analysis, "pain_again")
        and all(getattr(row, name) == said for name, said in about.items())
        and row.stat is not None
    }


def test_every_method_of_recurrences_is_planned() -> None:
    assert {each.method for each in PLANNED.values()} == OF_RECURRENCES
    # those that allow for clusters, or impute visit by visit, take counts alone
    of_counts = {
        each for each in OF_RATES if CARRIED_OUT[each].READS_CLUSTERS or CARRIED_OUT[each].IMPUTES
    }
    assert set(OF_RATES) - of_counts <= OF_RECURRENCES
    assert (LWYY.carry_out, PWP.carry_out) == (state_lwyy, state_pwp)
    assert {card.specification for card in (LWYY, PWP, MEAN_CUMULATIVE)} == {
        Lwyy, Pwp, MeanCumulativeComparison,
    }  # fmt: skip


@pytest.mark.parametrize("name", PLANNED)
def test_a_plan_states_what_its_estimator_says(
    name: str, results: Results, people: pd.DataFrame, rows: pd.DataFrame
) -> None:
    asked = PLANNED[name]
    who = {
        "subject": "subject_id", "start": "start", "stop": "stop", "event": "event",
        "arm": "arm", "reference": "CARE",
    }  # fmt: skip
    totals = people.assign(events=people["happened"].map(len), weeks=people["days"] / 7)
    of = {"outcome": "events", "arm": "arm", "reference": "CARE", "exposure": "weeks"}
    match asked:
        case Lwyy():
            fit = lwyy_regression(
                rows, **who, covariates=asked.covariates, strata=asked.strata, ties=asked.ties
            )
            row = fit.ratios().iloc[0]
        case Pwp():
            row = (
                pwp_regression(
                    rows, **who, clock=asked.clock, covariates=asked.covariates,
                    last_stratum=asked.last_stratum, ties=asked.ties,
                )
                .ratios()
                .iloc[0]
            )  # fmt: skip
        case MeanCumulativeComparison():
            curves = mean_cumulative(rows, **who, limits=asked.limits)
            when = asked.at or 12.0
            ratio = asked.compare is MeanNumbers.RATIO
            compared = curves.ratios if ratio else curves.differences
            row = compared([when], reference="CARE").iloc[0]
            for mean in curves.at([when]).to_dict("records"):
                own = stated(results, name, term="mean number of events", arm=mean["arm"])
                assert own[Stat.ESTIMATE] == pytest.approx(mean["mean"], rel=1e-9)
                for stat in (Stat.CONF_LOW, Stat.CONF_HIGH):
                    assert own[stat] == pytest.approx(mean[stat.value], rel=1e-9)
        case NegativeBinomialComparison():
            row = negative_binomial_regression(totals, **of, covariates=(AGE,)).contrasts().iloc[0]
        case PoissonComparison():
            fit = poisson_regression(totals, **of, variance=asked.variance)
            row = fit.contrasts().iloc[0]
        case _:
            row = exact_rate_ratio(totals, **of).to_frame().iloc[0]
    found = stated(results, name, term="TRAIN - CARE")
    for stat in STATS:
        if stat.value in row:
            assert found[stat] == pytest.approx(row[stat.value], rel=1e-8), stat
    for arm, own in people.groupby("arm", observed=True):
        counted = stated(results, name, arm=str(arm))
        assert counted[Stat.N] == len(own)
        if isinstance(asked, Lwyy | Pwp | MeanCumulativeComparison):
            sizes = own["happened"].map(len)
            assert counted[Stat.N_EVENTS] == sizes.sum()
            assert counted[Stat.EVENTS] == (sizes > 0).sum()


def test_statsmodels_finds_the_same_rate_ratio(results: Results, rows: pd.DataFrame) -> None:
    """Andersen and Gill's model: counting-process rows of one Cox regression.

    statsmodels counts who enters at the time of an event as at risk of it, so that rows enter a little
    after it there.
    """
    train = (rows["arm"] == "TRAIN").to_numpy(dtype=float)[:, None]
    for name, ties in (("lwyy", "efron"), ("lwyy breslow", "breslow")):
        model = sm.PHReg(
            rows["stop"], train, status=rows["event"], entry=rows["start"] + 1e-7, ties=ties
        )
        found = stated(results, name, term="TRAIN - CARE")
        assert found[Stat.ESTIMATE] == pytest.approx(np.exp(model.fit().params[0]), rel=1e-6)


def test_mean_numbers_are_added_up_by_hand(results: Results, people: pd.DataFrame) -> None:
    """Nelson's sum over days, and Lawless and Nadeau's variance person by person."""
    means = {}
    for arm, own in people.groupby("arm", observed=True):
        days = sorted({day for each in own["happened"] for day in each})
        more = np.zeros(len(own))
        mean = 0.0
        for day in days:
            watched = (own["days"] >= day).to_numpy()
            events = own["happened"].map(lambda each, day=day: each.count(day)).to_numpy()
            step = events.sum() / watched.sum()
            mean += step
            more += (events - step) * watched / watched.sum()
        means[str(arm)] = (mean, np.sqrt(np.square(more).sum()))
        told = stated(results, "descriptive", arm=str(arm), term="mean number of events")
        assert told[Stat.ESTIMATE] == pytest.approx(
            mean, rel=0.02
        )  # ties of a person are set apart
    (care, se_care), (train, se_train) = means["CARE"], means["TRAIN"]
    found = stated(results, "difference", term="TRAIN - CARE")
    assert found[Stat.ESTIMATE] == pytest.approx(train - care, abs=0.02)
    assert found[Stat.SE] == pytest.approx(np.hypot(se_care, se_train), rel=0.02)
    found = stated(results, "ratio", term="TRAIN - CARE")
    assert found[Stat.SE] == pytest.approx(np.hypot(se_care / care, se_train / train), rel=0.02)


def test_the_description_is_of_what_was_entered(results: Results, people: pd.DataFrame) -> None:
    for arm, own in people.groupby("arm", observed=True):
        found = stated(results, "descriptive", arm=str(arm))
        events, weeks = own["happened"].map(len), own["days"] / 7
        expected = {
            Stat.N: len(own),
            Stat.N_EVENTS: events.sum(),
            Stat.EVENTS: (events > 0).sum(),
            Stat.PERCENT: 100 * (events > 0).mean(),
            Stat.EXPOSURE: weeks.sum(),
            Stat.RATE: events.sum() / weeks.sum() * 52.1775,
            Stat.N_COMPETING: own["surgery"].sum(),
            Stat.N_CENSORED: (~own["surgery"]).sum(),
        }
        for stat, number in expected.items():
            assert found[stat] == pytest.approx(number, rel=1e-9), stat
        reverse = sm.SurvfuncRight(weeks, ~own["surgery"])
        middle = stated(results, "descriptive", arm=str(arm), term="follow-up")
        assert middle[Stat.ESTIMATE] == pytest.approx(reverse.quantile(0.5), rel=1e-9)
