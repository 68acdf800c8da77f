"""How far the history of a file is that of a log, and what can be done where they have parted."""

import pytest

from trialkit.checks.queries.queries import Event, Happening, Queries
from trialkit.checks.queries.two_histories import TwoHistories

OPENED = Event(on="2026-03-02", event=Happening.OPENED, query_key="q1", asked="v1")
SAID = Event(on="2026-03-03", event=Happening.COMMENTED, query_key="q1", reason="by phone")
ELSE = Event(on="2026-03-03", event=Happening.COMMENTED, query_key="q1", reason="by letter")
GONE = Event(on="2026-03-03", event=Happening.CLOSED, query_key="q1", note="row gone")


def held(file, log) -> TwoHistories:
    return TwoHistories(file=Queries().followed_by(file), log=Queries().followed_by(log))


@pytest.mark.parametrize(
    ("file", "log", "shared", "more", "parted"),
    [
        ([], [OPENED], 0, 0, False),
        ([OPENED], [], 0, 1, False),
        ([OPENED], [OPENED, SAID], 1, 0, False),
        ([OPENED, SAID], [OPENED], 1, 1, False),
        ([OPENED, SAID], [OPENED, ELSE], 1, 1, True),
        ([SAID], [OPENED], 0, 1, True),
    ],
)
def test_one_goes_on_with_the_other_or_they_have_parted(file, log, shared, more, parted):
    both = held(file, log)
    assert (both.shared, len(both.only_in_file), both.have_parted) == (shared, more, parted)


def test_way_on_counts_and_names_what_people_said_in_the_file_alone():
    said = held([OPENED, SAID, SAID, GONE], [OPENED, ELSE]).way_on
    assert "since line 1 of the history" in said
    assert "(2 lines 'commented', of q1): trialkit store query TRIAL answer" in said


def test_what_a_validation_finds_again_is_not_to_be_entered():
    assert "nobody said anything in it" in held([OPENED, GONE], [OPENED, SAID]).way_on


def test_many_queries_are_counted():
    said = [Event(on="", event=Happening.COMMENTED, query_key=f"q{each}") for each in range(8)]
    assert "q0, q1, q2, q3, q4 and 3 more" in held(said, [OPENED]).way_on
