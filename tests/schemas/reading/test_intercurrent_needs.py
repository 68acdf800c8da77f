"""An intercurrent event is recorded by an item that some form has, and that can say that it happened."""

from dataclasses import replace

import pytest

from tests.datasets.stopped import DRUG, LOG_FORM, RESCUE, STOPPED, STOPPED_FORM, UNASKED
from tests.miniature import Miniature, dedented
from trialkit.schemas.reading.intercurrent_needs import complain_of_intercurrent_events


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    mine = Miniature()
    mine.forms |= {"stopped": dedented(STOPPED_FORM), "rescue": dedented(LOG_FORM)}
    return mine.schemas(tmp_path_factory.mktemp("trial")).forms


def complaints(forms, event):
    protocol = replace(Miniature().protocol, intercurrent_events=(event,))
    return [*complain_of_intercurrent_events(forms, protocol)]


@pytest.mark.parametrize(
    ("event", "key", "found", "expected"),
    [
        (replace(STOPPED, date="stoped.day"), "date", "of no form", "did you mean 'stopped'"),
        (replace(STOPPED, date="stopped.daye"), "date", "stopped.daye", "did you mean 'day'"),
        (replace(RESCUE, date="screening.age_years"), "date", "type integer", "date or date_time"),
        (replace(STOPPED, where={"wy": ("wish",)}), "where", "unknown item 'wy'", "mean 'why'"),
        (replace(STOPPED, where={"why": ("wished",)}), "where", "can never be", "mean 'wish'"),
        (replace(STOPPED, where={"why": ()}), "where", "no code", "at least one"),
        (replace(STOPPED, where={"day": ("x",)}), "where", "of type partial_date", "yes_no"),
        (replace(DRUG, codes=("maybe",)), "codes", "can never be", "yes"),
        (replace(DRUG, codes=("yes", "yes")), "codes", "twice", "once"),
        (replace(DRUG, item="pain.drag"), "item", "pain.drag", "did you mean 'drug'"),
        (
            replace(DRUG, item="screening.eligible", codes=("no",)),
            "item", "not filled in at visits", "date",
        ),
    ],
)  # fmt: skip
def test_each_is_complained_of_by_its_key(forms, event, key, found, expected) -> None:
    (only,) = complaints(forms, event)
    assert (only.file, only.key) == ("protocol.toml", key)
    assert only.table == f"intercurrent_events {event.code!r}"
    assert found in only.found
    assert expected in only.expected


@pytest.mark.parametrize("event", [STOPPED, RESCUE, DRUG, UNASKED])
def test_what_is_recorded_is_not_complained_of(forms, event) -> None:
    assert complaints(forms, event) == []
