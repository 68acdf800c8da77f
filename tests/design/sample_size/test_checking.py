"""The protocol's sample size is recomputed, and a mismatch is a sentence."""

import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.line import Line
from tests.report.return_to_sport import write_return_to_sport
from trialkit.design.sample_size import check_sample_size, recomputed
from trialkit.design.sample_size.catalogue import SITUATIONS, situation_of
from trialkit.design.sample_size.checking import size_check
from trialkit.errors import ProtocolError
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.sizing.design import SampleSizeMethod
from trialkit.protocol.sizing.means import TwoSampleT
from trialkit.protocol.sizing.mmrm import Mmrm
from trialkit.protocol.sizing.survival import LogRank
from trialkit.protocol.trial.conduct import SampleSize
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.size_check import SizeCheck


def sized(line: Line, **more: object) -> Protocol:
    size = SampleSize(
        **{
            "planned": 274,
            "method": SampleSizeMethod.TWO_SAMPLE_T,
            "power": 0.9,
            "dropout": 0.1,
            "specification": TwoSampleT(difference=10, sd=24),
        }
        | more
    )
    return replace(line.protocol, sample_size=size)


def test_the_right_number_is_no_message(example: Line) -> None:
    assert check_sample_size(sized(example)) is None


def test_a_protocol_without_a_calculation_is_no_message(example: Line, three_arms: Line) -> None:
    assert check_sample_size(replace(example.protocol, sample_size=None)) is None
    assert check_sample_size(three_arms.protocol) is None
    assert recomputed(SampleSize(planned=34)) is None


@pytest.mark.parametrize(("planned", "than"), [(200, "fewer"), (300, "more")])
def test_another_number_is_said_with_the_right_one(example: Line, planned: int, than: str) -> None:
    message = check_sample_size(sized(example, planned=planned))
    assert message is not None
    assert f"plans {planned} participants, {than} than the 274" in message
    assert "137 reference and 137 experimental" in message


def test_an_allocation_that_is_not_the_arms_is_said(example: Line) -> None:
    specification = TwoSampleT(difference=10, sd=24, allocation=(1, 2))
    message = check_sample_size(sized(example, specification=specification))
    assert message is not None
    assert "allocation of 1:2, the arms have 1:1" in message


def test_events_without_participants_are_said(example: Line) -> None:
    message = check_sample_size(sized(example, specification=LogRank(hazard_ratio=0.7)))
    assert message is not None
    assert "events, not how many" in message


def test_a_trial_of_hazards_is_sized_by_events(example: Line, tmp_path: Path) -> None:
    message = check_sample_size(sized(example, specification=LogRank(hazard_ratio=0.7)))
    assert message is not None
    assert "sizes the trial by log_rank, and no primary analysis is of a hazard ratio" in message
    protocol = load_protocol(write_return_to_sport(tmp_path / "trial"))
    size = sized(example).sample_size
    message = check_sample_size(replace(protocol, sample_size=size))
    assert message is not None
    assert "by two_sample_t, and the primary analysis is of a hazard ratio" in message
    events = LogRank(hazard_ratio=1.9, median_reference=11, follow_up=12)
    planned = SampleSize(
        planned=situation_of(events).solve_n(0.8).n_randomised,
        method=SampleSizeMethod.LOG_RANK, power=0.8, specification=events,
    )  # fmt: skip
    assert check_sample_size(replace(protocol, sample_size=planned)) is None


def test_a_size_that_cannot_be_computed_is_said(example: Line) -> None:
    specification = Mmrm(difference=0.5, correlation=0.2, retention=(1, 0.8))
    message = check_sample_size(sized(example, specification=specification))
    assert message is not None
    assert "cannot be recomputed" in message
    assert "retention" in message


@pytest.mark.parametrize(
    "wrong",
    [
        {"planned": 0},
        {"planned": 10, "power": 1.0, "method": SampleSizeMethod.TWO_SAMPLE_T},
        {"planned": 10, "power": 0.8},
        {"planned": 10, "method": SampleSizeMethod.TWO_SAMPLE_T},
        {"planned": 10, "dropout": 1.0},
    ],
)
def test_a_heading_that_contradicts_itself_is_refused(wrong: dict) -> None:
    with pytest.raises(ProtocolError):
        SampleSize(**wrong)


def test_a_check_has_every_assumption_and_where_the_method_comes_from(example: Line) -> None:
    check = size_check(sized(example))
    assert check.assumptions == (
        ("difference", "10"), ("sd", "24"), ("alpha", "0.05"), ("sides", "2"),
        ("allocation", "1, 1"), ("power", "0.9"), ("dropout", "0.1"),
    )  # fmt: skip
    assert check.reference.startswith("Cohen J. Statistical power analysis")
    assert size_check(replace(example.protocol, sample_size=None)) == SizeCheck()


@pytest.mark.parametrize("method", SampleSizeMethod)
def test_every_method_names_its_source_with_a_year(method: SampleSizeMethod) -> None:
    reference = inspect.getdoc(SITUATIONS[method])
    assert reference is not None
    assert re.search(r"\nReference\n +[A-Z].*(19|20)[0-9]{2}", reference, re.DOTALL)
