"""An intercurrent event names the item that records it, or none."""

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked


def asked(**keys) -> IntercurrentEventAsked:
    return IntercurrentEventAsked(**{"code": "stopped", "label": "Stopped"} | keys)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"date": "f.day", "item": "f.yes", "codes": ("yes",)}, "not both"),
        ({"date": "day"}, "date names an item as 'form.item', got 'day'"),
        ({"item": "yes", "codes": ("yes",)}, "item names an item as 'form.item'"),
        ({"where": {"a": ("b",)}}, "there is no date"),
        ({"item": "f.yes", "codes": ("yes",), "where": {"a": ("b",)}}, "there is no date"),
        ({"item": "f.yes"}, "item and codes belong together"),
        ({"codes": ("yes",)}, "item and codes belong together"),
        ({"code": "missing"}, "give the event another code"),
    ],
)
def test_what_cannot_be_read_is_refused(keys, message) -> None:
    with pytest.raises(ProtocolError, match=message):
        asked(**keys)


def test_an_event_knows_its_form_and_what_picks_its_rows() -> None:
    of_day = asked(date="end.day", where={"why": ("wish",)})
    assert (of_day.form, of_day.asked, of_day.picks) == ("end", "day", {"why": ("wish",)})
    assert of_day.day is not None
    assert (of_day.day.date, of_day.day.where) == ("end.day", of_day.where)
    at_visits = asked(item="check.rescue", codes=("yes",))
    assert (at_visits.form, at_visits.asked) == ("check", "rescue")
    assert at_visits.picks == {"rescue": ("yes",)}
    assert at_visits.day is None
    assert (asked().recorded_by, asked().form, asked().picks) == ("", "", {})
