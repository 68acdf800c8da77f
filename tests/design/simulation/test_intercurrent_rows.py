"""A rehearsal has intercurrent events wherever a form asks for them: of who leaves, and of some who stay."""

from datetime import date

import numpy as np
import pytest

from tests.datasets.stopped import DRUG, LOG_FORM, RESCUE, STOPPED, STOPPED_FORM, three_visits
from tests.miniature import Miniature, dedented
from trialkit.design.simulation.intercurrent_rows import (
    drawn_answer,
    drawn_stop,
    event_at_visits,
    event_logged,
)
from trialkit.design.simulation.people import Person

PROTOCOL = three_visits(STOPPED, RESCUE, DRUG)


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    mine = Miniature(protocol=PROTOCOL)
    mine.forms |= {"stopped": dedented(STOPPED_FORM), "rescue": dedented(LOG_FORM)}
    mine.forms["pain"] = mine.forms["pain"].replace('["BL", "W6"]', '["BL", "W3", "W6"]')
    return {form.id: form for form in mine.schemas(tmp_path_factory.mktemp("trial")).forms}


def person(*, left: bool) -> Person:
    return Person(
        subject_id="S1", screened=date(2025, 1, 1), known={}, arm="A",
        randomised=date(2025, 1, 10), visits={}, left=left, end=date(2025, 2, 9),
    )  # fmt: skip


def test_a_form_that_asks_for_the_day_as_needed_has_the_event(forms) -> None:
    assert event_logged(forms["stopped"], PROTOCOL) is STOPPED
    assert event_logged(forms["rescue"], PROTOCOL) is RESCUE
    assert event_logged(forms["pain"], PROTOCOL) is None
    assert event_at_visits(forms["pain"], "drug", PROTOCOL) is DRUG
    assert event_at_visits(forms["pain"], "side", PROTOCOL) is None


def test_who_leaves_had_the_event_and_a_share_of_who_stays(forms) -> None:
    rng = np.random.default_rng(1)
    gone = [drawn_stop(STOPPED, forms["stopped"], person(left=True), 0.2, rng) for _ in range(50)]
    days = [each.days for each in gone if each is not None]
    assert len(days) == 50
    assert min(days) >= 0
    assert max(days) < 30
    assert {each.picks["why"] for each in gone if each is not None} == {"wish", "pain"}
    stays = [
        drawn_stop(STOPPED, forms["stopped"], person(left=False), 0.2, rng) for _ in range(500)
    ]
    assert 60 < sum(each is not None for each in stays) < 140


def test_an_answer_at_a_visit_says_so_as_often_as_the_share(forms) -> None:
    rng = np.random.default_rng(2)
    said = [drawn_answer(DRUG, forms["pain"], 0.1, rng) for _ in range(500)]
    assert set(said) == {True, False}
    assert 25 < sum(map(bool, said)) < 80
