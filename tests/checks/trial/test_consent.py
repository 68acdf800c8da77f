"""Somebody who was randomised, and of whom no consent is recorded."""

from tests.monitored.looking import looked_at, said, setting
from trialkit.checks.trial.consent import check_consent


def found(hand, so_far=()):
    return said(check_consent(hand.schemas, people=hand.people, cells=hand.cells, found=so_far))


def test_whoever_was_randomised_has_a_date_of_consent():
    spoil = setting("screening", {"subject_id": "N-005"}, consented="")

    frame = found(looked_at(spoil))

    assert frame["subject_id"].tolist() == ["N-005"]
    assert frame["message"].iloc[0] == (
        "Date of consent: nothing was entered, but the participant was randomised. Enter the date, or "
        "report that there is no consent."
    )


def test_a_missing_code_is_no_consent():
    frame = found(looked_at(setting("screening", {"subject_id": "N-005"}, consented="NK")))

    assert frame["message"].iloc[0].startswith("Date of consent: NK was entered, but")


def test_a_date_that_cannot_be_read_has_its_own_finding():
    assert found(looked_at(setting("screening", {"subject_id": "N-005"}, consented="soon"))).empty


def test_whoever_was_not_randomised_needs_none():
    assert found(looked_at()).empty


def test_a_blank_that_was_found_already_is_not_found_twice():
    hand = looked_at(setting("screening", {"subject_id": "N-005"}, consented=""))
    first = check_consent(hand.schemas, people=hand.people, cells=hand.cells, found=())

    assert found(hand, first).empty
