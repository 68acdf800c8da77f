"""Visits of one day are told apart, and ordered, by their hour."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import THREE_ARMS
from trialkit.errors import ProtocolError
from trialkit.pages.book_order import in_order
from trialkit.pages.codebook import describe
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.visits import Visit, Window, hours_in_words
from trialkit.report.figures.slope_figure import is_true_to_time
from trialkit.report.plan.schedule import days_of
from trialkit.steps.opening import open_trial


def visit(code: str, day: int, hour: float = 0) -> Visit:
    return Visit(
        code=code, label=code, target_day=day, target_hour=hour, window=Window(early=0, late=0)
    )


def with_hour(folder: Path, text: str) -> Path:
    trial = folder / "trial"
    shutil.copytree(THREE_ARMS, trial, ignore=shutil.ignore_patterns("output", "*.py"))
    place = trial / "protocol.toml"
    written = place.read_text(encoding="utf-8").replace("target_day = 56\n", text)
    place.write_text(written, encoding="utf-8")
    return trial


def test_visits_of_one_day_rise_by_the_hour(tmp_path: Path) -> None:
    protocol = load_protocol(with_hour(tmp_path, "target_day = 28\ntarget_hour = 4\n"))
    assert [each.moment for each in protocol.visits] == [0, 28, 28 + 4 / 24, 84]
    assert [days_of(each) for each in protocol.visits][1:3] == [
        "day 28 (23 to 33)",
        "day 28, 4 h (23 to 33)",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("target_day = 28\n", "days that rise from visit to visit"),
        ("target_day = 28\ntarget_hour = 0\n", "the hours of one day"),
        ("target_day = 27\ntarget_hour = 4\n", "days that rise from visit to visit"),
        ("target_day = 28\ntarget_hour = 24\n", "from 0 to below 24, got 24"),
        ("target_day = 28\ntarget_hour = -1\n", "from 0 to below 24, got -1"),
        ("target_day = 28\ntarget_hour = 'noon'\n", "target_hour"),
    ],
    ids=["same", "no hour", "earlier day", "next day", "before", "text"],
)
def test_an_order_that_cannot_be_is_a_complaint(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match=said):
        load_protocol(with_hour(tmp_path, text))


def test_hours_of_the_day_of_randomisation_are_after_it() -> None:
    assert visit("BL", 0).is_before_randomisation
    assert not visit("BL", 0).is_after_randomisation
    assert visit("M30", 0, 0.5).is_after_randomisation
    assert not visit("M30", 0, 0.5).is_before_randomisation


def test_the_words_of_an_hour() -> None:
    assert [hours_in_words(each) for each in (0.5, 4, 1.5)] == ["30 min", "4 h", "1.5 h"]


def test_axes_are_true_to_the_hours_where_these_have_room() -> None:
    assert is_true_to_time([visit("BL", 0), visit("H4", 0, 4), visit("H8", 0, 8)])
    assert not is_true_to_time([visit("BL", 0), visit("H4", 0, 4), visit("W6", 42)])


def test_codebook_and_blank_forms_name_the_hour(tmp_path: Path) -> None:
    opened = open_trial(with_hour(tmp_path, "target_day = 28\ntarget_hour = 0.5\n"))
    codebook = describe(opened.protocol, opened.schemas)
    labels = {each.code: each.label for each in codebook.visits}
    assert labels["W8"].endswith(" (day 28, 30 min after)")
    assert "after" not in labels["W4"]
    assert labels["W8"] in {each.visit for each in in_order(codebook)}
