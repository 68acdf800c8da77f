"""Who received what and how it ended is asked about where nobody says it, and once."""

from pathlib import Path

import pytest

from tests.checks.at_hand import at_hand, messages, said
from tests.checks.examination import Examined
from tests.conftest import few_at_once
from tests.datasets.small import TEXT, YES_NO, form
from trialkit.checks.judging.hits import Hits
from trialkit.checks.judging.judge import judge
from trialkit.checks.judging.others import Rows
from trialkit.checks.trial.unanswered import check_unanswered

HIDDEN = "shown_when = \"got = 'A'\"\n"
END = (
    TEXT.format("got", "arm_received"),
    TEXT.format("not_got", "not_received_reason"),
    YES_NO.format("stopped", "discontinued"),
    YES_NO.format("completed", "completed"),
)


def found(folder: Path, *rows: str, items: tuple[str, ...] = END, marks: str = "") -> list[Hits]:
    trial = Examined()
    trial.forms["end_of_study"] = form("end_of_study", *items)
    trial.data["end_of_study"] = "\n".join(["subject_id,got,not_got,stopped,completed", *rows, ""])
    if marks:
        trial.data["not_done"] = f"subject_id,visit,form,reason\n{marks}\n"
    hand = at_hand(trial, folder)
    form_of_end = hand.schemas.form("end_of_study")
    mine = Rows(
        data=hand.snapshot["end_of_study"],
        usable=hand.shape.forms["end_of_study"].usable,
        shared=None,
    )
    judged = judge(form_of_end, mine, hand.others)
    before = [*judged.of_cells, *judged.of_rules]
    return list(check_unanswered(hand.schemas, hand.others, people=hand.people, found=before))


@pytest.mark.parametrize("nothing", few_at_once(["", "NA", "ND", "WD", "UNK"], 2))
@pytest.mark.parametrize(
    ("row", "item"),
    [("{},,no,yes", "got"), ("A,,{},yes", "stopped"), ("A,,no,{}", "completed")],
)
def test_an_answer_that_nobody_gives_is_asked_for(
    nothing: str, row: str, item: str, tmp_path: Path
) -> None:
    hits = found(tmp_path, "S1," + row.format(nothing), "S2,P,,no,yes")
    assert [each[:5] for each in said(hits)] == [("end_of_study", item, "unanswered", "soft", "S1")]
    assert messages(hits)[0].startswith(
        f"{item}: {nothing or 'nothing'} was entered, so that nobody"
    )


def test_a_reason_for_not_receiving_it_answers(tmp_path: Path) -> None:
    assert found(tmp_path, "S1,NA,never came,no,yes") == []
    assert len(found(tmp_path / "coded", "S1,NA,ND,no,yes")) == 1


def test_who_was_not_randomised_is_not_asked_about(tmp_path: Path) -> None:
    assert found(tmp_path, "S4,,,,") == []


def test_what_was_found_already_or_was_not_to_be_asked_is_not_asked_again(tmp_path: Path) -> None:
    needed = END[2] + "required = true\n"
    assert found(tmp_path, "S1,A,,,yes", items=(END[0], END[1], needed, END[3])) == []
    assert found(tmp_path / "b", "S1,A,,perhaps,yes") == []
    hidden = (END[0], END[1], END[2] + HIDDEN, END[3])
    assert found(tmp_path / "c", "S2,P,,,yes", items=hidden) == []
    assert len(found(tmp_path / "d", "S1,A,,,yes", items=hidden)) == 1


def test_of_a_form_that_was_marked_as_not_done_nobody_is_asked(tmp_path: Path) -> None:
    assert found(tmp_path, marks="S1,,end_of_study,LTFU") == []
