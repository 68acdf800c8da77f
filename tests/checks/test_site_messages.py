"""What a site may read is one list, which an eye has read; no message changes unseen."""

import re

import pytest

from tests.checks.site_messages import (
    LIST,
    TO_COORDINATORS,
    TO_SITES,
    listed_rules,
    messages,
    pieces,
)
from trialkit.schemas.forms.built_in import BuiltIn

_NOTES = {
    BuiltIn.OUTLIER.value,
    BuiltIn.DIGIT_PREFERENCE.value,
    BuiltIn.IDENTICAL_ROWS.value,
    BuiltIn.NARROW_SITE.value,
}


@pytest.mark.slow
def test_every_message_that_a_site_may_read_is_in_the_list() -> None:
    assert messages() == LIST.read_text(encoding="utf-8"), (
        "read what changed as a site would, then run python -m tests.checks.site_messages"
    )


def test_every_built_in_rule_is_told_to_sites_or_to_the_coordinator_alone() -> None:
    to_sites, to_coordinators = listed_rules(TO_SITES), listed_rules(TO_COORDINATORS)
    assert {rule.value for rule in BuiltIn} <= {*to_sites, *to_coordinators}
    assert set(to_coordinators) == {
        *_NOTES,
        # what shows an arm
        BuiltIn.UNKNOWN_ARM.value,
        BuiltIn.OTHER_ARM_RECEIVED.value,
        # what names another participant, or another's words: sites are told without the name
        BuiltIn.LOOKALIKE_SUBJECT.value,
        BuiltIn.LOOKALIKE_TERM.value,
        BuiltIn.UNKNOWN_SUBJECT.value,
    }


def test_every_way_to_put_a_rule_is_in_the_list() -> None:
    told = LIST.read_text(encoding="utf-8")
    assert len(pieces()) > 150
    assert sorted(piece for piece in pieces() if piece not in told) == []


@pytest.mark.parametrize(
    ("what", "sign"),
    [
        ("an arm", r"\barm [A-Z]\b|randomised to [A-Z]"),
        ("a quartile", "middle half|quartile"),
        ("the source of a rule", r" = | <> |IS NULL|\b(AND|OR|TRUE|FALSE)\b|__"),
        ("one that is many", r"\b1 (rows|lines|questions|sessions|sites|more values)\b"),
        ("many that are one", r"\b([2-9]|\d\d+) (row|line|question|session|site)\b|line \d+, "),
    ],
)
def test_no_message_shows(what: str, sign: str) -> None:
    asked = LIST.read_text(encoding="utf-8").partition("\n\n")[0].splitlines()[1:]
    assert len(asked) > 30
    assert [line for line in asked if re.search(sign, line)] == [], what
