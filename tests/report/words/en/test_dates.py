from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.line import Line
from trialkit.protocol.trial.registered import Registration
from trialkit.report.words.en.dates import (
    TrialDates,
    registration_number,
    registration_timing,
    trial_dates,
)

REGISTERED = date(2024, 5, 28)


def dates(began: date | None, *, end: date | None = None) -> TrialDates:
    return TrialDates(
        first_screened=began,
        first_randomised=None,
        last_randomised=None,
        last_followed=None,
        start=None,
        end=end,
    )


def registered(on: date = REGISTERED) -> Registration:
    return Registration(registry="ISRCTN", id="ISRCTN14488937", date=on)


def test_the_example_was_registered_after_it_had_ended(example: Line) -> None:
    found = trial_dates(example.protocol, example.results.conduct)
    assert example.protocol.registration is not None
    text = registration_timing(example.protocol.registration, found).replace("\u00a0", " ")
    assert "retrospectively: at least 940 days after enrolment began (October 2021)" in text
    assert "at least 606 days after the trial ended (September 2022)" in text


def test_the_data_say_when_people_were_recruited_and_followed(three_arms: Line) -> None:
    found = trial_dates(three_arms.protocol, three_arms.results.conduct)
    subjects = three_arms.datasets.subjects
    assert found.first_randomised == subjects["randomisation_date"].min().date()
    assert found.last_followed == subjects["end_date"].max().date()


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (-1, "prospectively, 1 day before"),
        (-38, "prospectively, 38 days before"),
        (0, "prospectively, on the day of"),
        (1, "retrospectively: 1 day after"),
    ],
)
def test_a_day_decides(late: int, words: str) -> None:
    text = registration_timing(registered(), dates(REGISTERED - timedelta(days=late)))
    assert words in text


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(-4000, 4000))
def test_prospective_is_not_after_enrolment(began: date, late: int) -> None:
    on = began + timedelta(days=late)
    text = registration_timing(registered(on), dates(began))
    assert ("prospectively" in text) == (late <= 0)


def test_without_dates_nothing_is_claimed() -> None:
    assert "cannot be judged" in registration_timing(registered(), dates(None))


def test_the_earliest_known_date_counts() -> None:
    known = replace(dates(date(2022, 3, 1)), start=date(2022, 2, 1))
    assert known.enrolment_began == date(2022, 2, 1)


def test_the_registry_is_not_said_twice() -> None:
    assert registration_number(registered()) == "ISRCTN14488937"
    other = Registration(registry="DRKS", id="00012345", date=REGISTERED)
    assert registration_number(other) == "DRKS 00012345"


def test_where_only_months_are_known_the_delay_is_the_least_it_can_have_been() -> None:
    dates = TrialDates(
        first_screened=date(2021, 10, 12),
        first_randomised=date(2021, 10, 18),
        last_randomised=None,
        last_followed=None,
        start=date(2021, 10, 1),
        end=date(2022, 9, 1),
        months_only=True,
    )
    registration = Registration(registry="ISRCTN", id="ISRCTN14488937", date=date(2024, 5, 28))
    said = registration_timing(registration, dates).replace("\u00a0", " ")
    assert "at least 940 days after enrolment began (October 2021)" in said
    assert "at least 606 days after the trial ended (September 2022)" in said


def test_the_stated_start_of_a_trial_is_no_first_enrolment() -> None:
    started = date(2024, 1, 8)
    record = Registration(registry="REG", id="REG1", date=date(2024, 1, 1))
    nobody = {"first_randomised": None, "last_randomised": None, "last_followed": None, "end": None}
    stated = TrialDates(first_screened=None, start=started, **nobody)
    assert "7 days before the stated start of the trial" in registration_timing(record, stated)
    seen = TrialDates(first_screened=started, start=started, **nobody)
    assert "7 days before first enrolment" in registration_timing(record, seen)
