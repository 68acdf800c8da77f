"""A day that the time at risk is made of is one that a form asks of everybody."""

from dataclasses import replace

import pytest

from tests.datasets.followed import CALLS, ENDED, INJURIES, RETURN, SPORT
from tests.miniature import Miniature, dedented
from trialkit.protocol.trial.at_risk import Censoring, CompetingEvent, TimeAtRisk
from trialkit.schemas.reading.at_risk_needs import complain_of_time_at_risk


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    mine = Miniature()
    mine.forms |= {"sport": SPORT, "injuries": INJURIES, "calls": CALLS, "end_of_study": ENDED}
    mine.forms |= {name: dedented(text) for name, text in mine.forms.items()}
    mine.forms["calls"] = mine.forms["calls"].replace("expected", 'arms = ["A"]\nexpected')
    return mine.schemas(tmp_path_factory.mktemp("trial")).forms


def surgery(**changed):
    return CompetingEvent(**{"date": "sport.surgery", "code": "surgery", "label": "S"} | changed)


@pytest.mark.parametrize(
    ("risk", "key", "found", "expected"),
    [
        ({"origin": "sports.surgery"}, "origin", "of no form", "did you mean 'sport'"),
        ({"origin": "sport.surgeon"}, "origin", "sport.surgeon", "did you mean 'surgery'"),
        ({"origin": "screening.age_years"}, "origin", "of type integer", "date or date_time"),
        ({"last_known": "calls.called"}, "last_known", "asked of A alone", "every arm"),
        (
            {"censored_at": (Censoring(date="injuries.dey", reason="r"),)},
            "censored_at", "injuries.dey", "did you mean 'day'",
        ),
        ({"competing": (surgery(code="return"),)}, "competing", "that of the outcome", "its own"),
        (
            {"competing": (surgery(date="injuries.day", where={"where": ("neck",)}),)},
            "competing.where.where", "can never be", "knee",
        ),
        ({"competing": (surgery(where={"x": ("y",)}),)}, "competing.where", "one row", "no where"),
    ],
    ids=["form", "item", "type", "arms", "censored", "code", "where", "single"],
)  # fmt: skip
def test_each_day_is_complained_of_by_its_key(forms, risk, key, found, expected) -> None:
    (only,) = complain_of_time_at_risk(replace(RETURN, at_risk=TimeAtRisk(**risk)), forms)
    assert (only.file, only.table, only.key) == ("protocol.toml", "outcomes 'return'.at_risk", key)
    assert found in only.found
    assert expected in only.expected


def test_what_is_asked_is_not_complained_of(forms) -> None:
    risk = TimeAtRisk(
        origin="randomisation.randomisation_date",
        censored_at=(Censoring(date="end_of_study.end_date", reason="left"),),
        competing=(
            surgery(),
            surgery(code="knee", date="injuries.day", where={"where": ("knee",)}),
        ),
    )
    assert [*complain_of_time_at_risk(replace(RETURN, at_risk=risk), forms)] == []
    assert [*complain_of_time_at_risk(RETURN, forms)] == []
