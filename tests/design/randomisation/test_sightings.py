"""Where a damaged trail says a subject's slot, and whether its name can have been another's."""

from dataclasses import replace

import pytest

from tests.design.randomisation.conftest import START
from trialkit.design.randomisation.audit import Action, Entry, Line, Unreadable, next_entry
from trialkit.design.randomisation.sightings import may_be_renamed, sighting_of

LOST = Unreadable(text="\x00\x00", why="is not JSON")


def trail(*acts: str) -> list[Line]:
    """Allocations, as ``P1``, and corrections of names, as ``P1 Q``."""
    lines: list[Entry] = []
    slot = 0
    for act in acts:
        subject, _, new = act.partition(" ")
        slot += not new
        lines.append(
            next_entry(
                lines,
                now=START,
                person="Ann",
                action=Action.CORRECTED if new else Action.ALLOCATED,
                subject=subject,
                stratum={"site": "N"},
                slot=slot,
                field="subject_id" if new else "",
                old=subject if new else "",
                new=new,
                reason="typed" if new else "",
            )
        )
    return list(lines)


def seen(lines: list[Line], subject: str) -> tuple[int, bool] | None:
    """The slot, and whether it is sure."""
    found = sighting_of(lines, subject)
    return (found.slot, found.is_sure) if found else None


def test_a_name_is_followed_through_its_corrections() -> None:
    lines = trail("P1", "P2", "P1 X", "P2 P1", "X P2")
    assert (seen(lines, "P1"), seen(lines, "P2"), seen(lines, "X")) == ((2, True), (1, True), None)
    lines = trail("P1", "P1 Q", "P1")
    assert (seen(lines, "Q"), seen(lines, "P1")) == ((1, True), (2, True))


def test_a_correction_that_was_changed_makes_both_names_possible_and_neither_sure() -> None:
    """The line was of P1, who is Q since; one digit made it a line of P2."""
    lines = trail("P1", "P2", "P1 Q")
    correction = lines[2]
    assert isinstance(correction, Entry)
    lines[2] = replace(correction, subject="P2", old="P2")
    assert (seen(lines, "Q"), seen(lines, "P2")) == ((2, False), (2, False))
    assert seen(lines, "P1") == (1, True)  # whom nobody asks for: it is no name any more


@pytest.mark.parametrize(
    ("damage", "is_doubtful"),
    [
        (lambda lines: lines, False),
        (lambda lines: [*lines[:2], LOST, *lines[3:]], False),
        (lambda lines: [*lines[:2], *lines[3:]], False),
        (lambda lines: [*lines[:2], LOST, LOST, *lines[4:]], True),
        (lambda lines: [*lines[:2], LOST, *lines[4:]], True),
        (lambda lines: [*lines[:2], *lines[4:]], True),
        (lambda lines: [*lines[:2], LOST, LOST], True),
        (lambda lines: [*lines[2:3], *lines[:2], *lines[3:]], False),
    ],
    ids=[
        "sound", "one lost", "one taken out", "two lost", "one lost, one out", "two taken out",
        "the end lost", "exchanged",
    ],
)  # fmt: skip
def test_people_can_have_exchanged_names_where_two_lines_are_lost(damage, is_doubtful) -> None:
    lines = damage(trail("P1", "P2", "P1 X", "P2 P1", "P3"))
    found = sighting_of(lines, "P2") or sighting_of(lines, "P1")
    assert found is not None
    assert may_be_renamed(lines, found) == is_doubtful
