"""The book of a participant is in the order in which its forms are filled in."""

from tests.conftest import EXAMPLE
from trialkit.pages.book_order import in_order
from trialkit.pages.codebook import describe
from trialkit.steps.opening import open_trial


def test_forms_lie_in_the_order_of_visits_and_logs_come_last() -> None:
    trial = open_trial(EXAMPLE)
    sheets = in_order(describe(trial.protocol, trial.schemas))
    assert [(each.page.id, each.visit) for each in sheets] == [
        ("screening", ""), ("demographics", ""),
        *((each, "Baseline") for each in ("balance", "hamstring", "pain", "trunk")),
        ("randomisation", ""),
        *((each, "After 6 weeks") for each in ("balance", "hamstring", "pain", "trunk")),
        ("sessions", ""), ("adverse_events", ""), ("concomitant_care", ""), ("end_of_study", ""),
    ]  # fmt: skip


def test_every_form_is_in_the_book_once_for_each_visit() -> None:
    trial = open_trial(EXAMPLE)
    sheets = in_order(describe(trial.protocol, trial.schemas))
    expected = [(form.id, max(1, len(form.visits))) for form in trial.schemas.forms]
    counted = {form: sum(each.page.id == form for each in sheets) for form, _ in expected}
    assert counted == dict(expected)
