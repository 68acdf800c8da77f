"""What the plan's comparisons of rates state besides numbers: units, tests, notes, kernels."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.line import Line, line_of
from tests.report.falls_trial import write_falls
from trialkit.planned.methods.exact_rates import EXACT_RATE_RATIO
from trialkit.planned.methods.methods import card_of
from trialkit.planned.methods.negative_binomial import NEGATIVE_BINOMIAL
from trialkit.planned.methods.poisson import POISSON
from trialkit.planned.methods.rate_kernel import refuse_profile
from trialkit.planned.task.rates import exposure_of, with_exposure
from trialkit.planned.task.task import tasks
from trialkit.protocol.methods.exact_rates import ExactRateComparison
from trialkit.protocol.methods.generalised_models import CountVariance, RatioLimits
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.poisson import PoissonComparison
from trialkit.report.words.en.rates import exposure_words, rate_unit
from trialkit.results.effect import Scale


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    folder: Path = tmp_path_factory.mktemp("falls") / "trial"
    return line_of(write_falls(folder))


def test_each_specification_has_its_card() -> None:
    assert card_of(PoissonComparison()) is POISSON
    assert card_of(NegativeBinomialComparison()) is NEGATIVE_BINOMIAL
    assert card_of(ExactRateComparison()) is EXACT_RATE_RATIO
    assert EXACT_RATE_RATIO.kernel is None
    assert refuse_profile(PoissonComparison()) == ""


def test_the_effect_is_a_rate_ratio_whose_p_may_be_of_another_kind() -> None:
    held = NegativeBinomialComparison(limits=RatioLimits.PROFILE_DISPERSION_HELD)
    for specification, agrees in (
        (PoissonComparison(), True),
        (NegativeBinomialComparison(limits=RatioLimits.PROFILE), True),
        (held, False),
        (ExactRateComparison(), False),
        (ExactRateComparison(limits="mid_p"), True),
    ):
        effect = specification.effect(OutcomeType.COUNT, 2)
        assert effect is not None
        assert (effect.scale, effect.agrees) == (Scale.RATE_RATIO, agrees)
    assert ExactRateComparison().takes_events_as_independent
    assert PoissonComparison(variance=CountVariance.MODEL).takes_events_as_independent
    assert not PoissonComparison().takes_events_as_independent
    assert not held.takes_events_as_independent


def test_each_participant_is_analysed_with_the_own_exposure(line: Line) -> None:
    task = next(
        each for each in tasks(line.protocol, line.datasets) if each.analysis.id == "primary"
    )
    frame = with_exposure(task.at_time_point(), task)
    days = pd.read_csv(line.folder / "data" / "diary.csv").groupby("subject_id")["days"].sum()
    assert exposure_of(task) == "exposure"
    np.testing.assert_array_equal(frame["exposure"], days.loc[frame["subject_id"]])
    pain = next(each for each in tasks(line.protocol, line.datasets) if each.outcome.code == "pain")
    assert exposure_of(pain) is None
    assert with_exposure(pain.at_time_point(), pain).equals(pain.at_time_point())


def test_a_rate_is_told_with_its_unit_and_where_the_exposure_is_from(line: Line) -> None:
    falls, pain = line.protocol.outcome("falls"), line.protocol.outcome("pain")
    assert rate_unit(falls) == "person-year"
    assert "the exposure is diary.days (days)" in exposure_words(falls)
    assert "without an exposure" in exposure_words(pain)


def test_a_ratio_has_no_unit_and_says_what_its_p_is_of(line: Line) -> None:
    rows = [row for row in line.results.rows if row.analysis_id == "primary" and row.scale]
    assert {row.unit for row in rows} == {""}
    assert {row.interval_kind.kind.value for row in rows if row.interval_kind} == {"pointwise"}
