"""Nobody vouches for what they may not read, and each kind of review is of one role."""

from dataclasses import replace

import polars as pl
import pytest

from tests.evidence.contents.test_half_sight import FIRST, filled
from tests.evidence.world_of_people import ANN, BEN, CLEO, DAN, FAY, by, logged_in
from trialkit.errors import EvidenceError
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.review_kinds import DONE_AS, ReviewKind
from trialkit.evidence.people.sight import sight_of
from trialkit.evidence.standing.left_out import (
    is_left_out,
    left_out_of,
    said_left_out,
    told_left_out,
)
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.granting import grant
from trialkit.evidence.writing.review_marks import left_out_by, mark, marks, unmarked, withdraw
from trialkit.protocol.trial.roles import TrialRole

MONITOR = replace(BEN, role="monitor", site="")
UNBLINDED = replace(CLEO, role="monitor", site="")
MANAGER = replace(FAY, role="data manager")
WITHHELD = (
    ("diary", ""), ("end_of_study", "arm_received"), ("not_done.withheld", ""), ("pain", "dose"),
    ("pain", "half"), ("randomisation", "arm"),
    ("randomisation", "block"),
)  # fmt: skip


@pytest.fixture
def reviewed(kept, tmp_path):
    """A trial with arms in it, a monitor who reads none and one who does, and an investigator."""
    filled(kept, tmp_path / "trial", FIRST)
    for minute, (who, role, reads) in enumerate(
        ((BEN, TrialRole.MONITOR, False), (CLEO, TrialRole.MONITOR, True),
         (DAN, TrialRole.INVESTIGATOR, False)), start=20,
    ):  # fmt: skip
        grant(kept.store, who.person, by(ANN, minute), printed_name=who.printed_name, role=role,
              arms=reads)  # fmt: skip
    return kept


def lacking(kept, kind=ReviewKind.SOURCE):
    """What the line of the checklist lists, to who reads arms."""
    store = logged_in(kept, "cleo")
    rows = unmarked(store, [each for each in marks(store) if each.kind is kind])
    return {*rows.filter(subject_id="S1")["form"]}


def test_mark_of_a_blinded_monitor_leaves_out_what_is_withheld(reviewed):
    ben = logged_in(reviewed, "ben")
    mark(ben, Reach(subject_id="S1"), ReviewKind.SOURCE, by(MONITOR, 30))

    (made,) = marks(ben)
    assert made.left_out == WITHHELD == left_out_by(ben, Reach(subject_id="S1"))
    assert f"(but for {told_left_out(WITHHELD)}): source data verified" in made.told
    assert lacking(reviewed) == {"diary", "end_of_study", "pain", "randomisation"}

    cleo = logged_in(reviewed, "cleo")
    assert left_out_by(cleo, Reach(subject_id="S1")) == ()
    mark(cleo, Reach(form="randomisation"), ReviewKind.SOURCE, by(UNBLINDED, 31))
    assert lacking(reviewed) == {"diary", "end_of_study", "pain"}
    mark(cleo, Reach(subject_id="S1"), ReviewKind.SOURCE, by(UNBLINDED, 32))
    assert lacking(reviewed) == set()


def test_nobody_marks_an_answer_that_is_withheld(reviewed):
    refused = []
    for subject in ("S1", "S2"):
        reach = Reach(subject_id=subject, form="pain", visit="W6", item="dose")
        with pytest.raises(EvidenceError, match="is withheld from ben, and nobody marks") as found:
            mark(logged_in(reviewed, "ben"), reach, ReviewKind.SOURCE, by(MONITOR, 30))
        refused.append(str(found.value).replace(subject, ""))

    assert refused[0] == refused[1]
    vas = Reach(subject_id="S1", form="pain", visit="W6", item="vas_mm")
    mark(logged_in(reviewed, "ben"), vas, ReviewKind.SOURCE, by(MONITOR, 30))
    assert marks(logged_in(reviewed, "ben"))[0].left_out == ()


def test_change_of_what_was_left_out_breaks_no_mark(reviewed):
    ben, cleo = logged_in(reviewed, "ben"), logged_in(reviewed, "cleo")
    mark(ben, Reach(subject_id="S1"), ReviewKind.SOURCE, by(MONITOR, 30))
    mark(cleo, Reach(subject_id="S1"), ReviewKind.SOURCE, by(UNBLINDED, 30))
    grant(reviewed.store, "fay", by(ANN, 31), printed_name="Fay Lund",
          role=TrialRole.DATA_MANAGER, arms=True)  # fmt: skip
    place = {"form": "randomisation", "subject_id": "S1", "item": "block", "reason": "x"}
    changed = [{"action": EventAction.CHANGED, **place, "old": "1", "new": "2"}]
    append(logged_in(reviewed, "fay"), entries(changed), by(MANAGER, 32))

    assert [each.is_valid for each in marks(cleo)] == [True, False]
    assert [each.is_valid for each in marks(ben)] == [True, False]
    grant(reviewed.store, "ann", by(FAY, 70), printed_name="Ann Miller",
          role=TrialRole.DATA_MANAGER, arms=True)  # fmt: skip
    assert verify(logged_in(reviewed, "ann")).problems == ()


AS = {"ben": MONITOR, "fay": MANAGER, "dan": replace(DAN, role="investigator")}


@pytest.mark.parametrize("kind", ReviewKind)
@pytest.mark.parametrize("person", AS)
def test_each_kind_of_mark_is_made_and_taken_back_in_one_role(reviewed, kind, person):
    store, reach, at = logged_in(reviewed, person), Reach(subject_id="S1"), by(AS[person], 30)
    if DONE_AS[kind] == AS[person].role:
        made = mark(store, reach, kind, at)
        for other in {*AS} - {person}:
            with pytest.raises(
                EvidenceError, match=f"{kind}: is said in the role {DONE_AS[kind]}, and"
            ):
                withdraw(logged_in(reviewed, other), made.seq, by(AS[other], 31), reason="x")
        withdraw(store, made.seq, by(AS[person], 32), reason="x")
    else:
        with pytest.raises(
            EvidenceError, match=f"{kind}: is said in the role {DONE_AS[kind]}, and"
        ):
            mark(store, reach, kind, at)
    assert marks(store) == ()


def test_places_are_told_and_found_by_form_and_item():
    cells = pl.DataFrame(
        [("diary", "note"), ("pain", "dose"), ("pain", ""), ("pain", "vas_mm")],
        schema=["form", "item"], orient="row",
    )  # fmt: skip

    assert cells.filter(is_left_out(WITHHELD)).rows() == [("diary", "note"), ("pain", "dose")]
    assert cells.filter(is_left_out(())).is_empty()
    assert told_left_out(WITHHELD[:2]) == "diary, end_of_study.arm_received"
    assert said_left_out({"left_out": [["diary", ""]]}) == (("diary", ""),)
    assert said_left_out({}) == ()


def test_who_has_the_file_itself_leaves_nothing_out(reviewed):
    with reviewed.store.reading() as connection:
        assert left_out_of(Reach(subject_id="S1"), sight_of(connection, "")) == ()
