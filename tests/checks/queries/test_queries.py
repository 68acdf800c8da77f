"""A query lives through validations and answers: never asked twice, never forgotten."""

import csv
import shutil
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import polars as pl
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.checks.query_trial import FORM, SCHEMAS, QueryTrial, key_of
from tests.conftest import examples
from tests.miniature import Miniature
from trialkit.checks.queries.answer_files import AnswerRow
from trialkit.checks.queries.answering import record_answers
from trialkit.checks.queries.grounds import Entered
from trialkit.checks.queries.queries import Happening, Queries, QueryAnswer, QueryState
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.checks.queries.reconciling import reconcile
from trialkit.checks.trial.checking import check
from trialkit.errors import DataFileError
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.reading.conditions import compiled
from trialkit.store.freezing import freeze
from trialkit.store.snapshot import FormData, Snapshot
from trialkit.store.sources.folder_source import FolderSource


def odd() -> QueryTrial:
    """Two people, one of whom has an odd value."""
    severities = {"97": "soft", "98": "soft", "400": "hard", "401": "hard", "1": "note"}
    return QueryTrial(values={"S1": "97", "S2": "40"}, severities=severities)


def say(trial: QueryTrial, answer: str, *, subject="S1", severity="soft", reason="as measured"):
    """An answer about what the data held at the last validation."""
    key = key_of(subject, severity)
    row = AnswerRow(
        place="row 2", query_key=key, asked=trial.queries.by_key[key].asked, trial="T",
        answer=answer, reason=reason, answered_by="Ana", turn=trial.queries.by_key[key].turn,
    )  # fmt: skip
    trial.queries = record_answers([row], trial.queries, trial="T", schemas=SCHEMAS).queries


def state(trial: QueryTrial, severity="soft", subject="S1") -> str:
    return trial.queries.by_key[key_of(subject, severity)].state.value


def happened(trial: QueryTrial) -> list[str]:
    return [each.event.value for each in trial.queries.history if each.event != Happening.CUT]


def test_a_finding_opens_a_query_once():
    trial = odd()
    first = trial.validate()
    assert trial.validate() is first
    assert state(trial) == "open"
    assert happened(trial) == ["opened"]


def test_a_note_is_never_asked_about():
    trial = odd()
    trial.values = {"S1": "1"}
    assert not trial.validate().by_key
    assert not trial.queries.history


def test_a_fixed_value_closes_its_query_by_itself_and_says_what_it_is_now():
    trial = odd()
    trial.validate()
    trial.values["S1"] = "60"
    trial.validate(later=3)
    assert state(trial) == "closed"
    last = trial.queries.history[-1]
    assert (last.event, last.note, last.value, last.on) == (
        Happening.CLOSED, "data changed", "60", "2025-03-04",
    )  # fmt: skip


def test_a_confirmed_and_unchanged_value_is_never_asked_again():
    trial = odd()
    trial.validate()
    say(trial, "confirmed")
    for _ in range(3):
        trial.validate(later=1)
        assert state(trial) == "closed"
    assert happened(trial) == ["opened", "answered"]


def test_a_confirmed_value_that_changes_and_fails_again_reopens_the_same_query():
    trial = odd()
    trial.validate()
    say(trial, "confirmed")
    trial.values["S1"] = "98"
    trial.validate(later=1)
    query = trial.queries.by_key[key_of("S1")]
    assert (query.state, query.value, query.answer) == (QueryState.OPEN, "98", "")
    assert (query.opened_on, query.asked_on) == ("2025-03-01", "2025-03-02")
    assert happened(trial) == ["opened", "answered", "reopened"]


def test_a_confirmation_ends_when_what_else_the_rule_reads_changes():
    trial = odd()
    trial.validate()
    assert trial.queries.by_key[key_of("S1")].grounds == "pain.before=50"
    say(trial, "confirmed")
    trial.before["S1"] = "20"
    trial.validate()
    assert state(trial) == "open"


def test_a_value_that_was_right_for_a_while_is_asked_about_again():
    trial = odd()
    trial.validate()
    say(trial, "confirmed")
    for value in ("60", "97"):
        trial.values["S1"] = value
        trial.validate(later=1)
    assert state(trial) == "open"


def test_a_confirmation_stands_when_its_row_or_its_rule_was_away_for_a_while():
    trial = odd()
    trial.validate()
    say(trial, "confirmed")
    del trial.values["S1"]
    trial.validate(later=1)
    assert trial.queries.by_key[key_of("S1")].resolution == "row gone"
    trial.values["S1"] = "97"
    trial.validate(later=1)
    assert state(trial) == "closed"
    trial.severities["97"] = ""
    trial.validate(later=1)
    trial.severities["97"] = "soft"
    trial.validate(later=1)
    assert state(trial) == "closed"
    assert happened(trial)[-4:] == ["closed", "returned", "closed", "returned"]


def test_an_open_query_whose_value_changes_is_the_same_question_and_keeps_its_age():
    trial = odd()
    trial.validate()
    trial.values["S1"] = "98"
    trial.validate(later=5)
    query = trial.queries.by_key[key_of("S1")]
    assert (query.state, query.age(trial.queries.cut)) == (QueryState.OPEN, 5)
    assert happened(trial) == ["opened", "changed"]


@pytest.mark.parametrize("answer", list(QueryAnswer))
def test_no_answer_closes_a_hard_query(answer):
    trial = odd()
    trial.values = {"S1": "400"}
    trial.validate()
    say(trial, answer.value, severity="hard")
    assert state(trial, "hard") == "answered"
    trial.validate(later=1)
    assert state(trial, "hard") == "answered"
    trial.values = {"S1": "40"}
    trial.validate(later=1)
    assert state(trial, "hard") == "closed"


def test_corrected_waits_for_the_data():
    trial = odd()
    trial.validate()
    say(trial, "corrected", reason="")
    assert state(trial) == "answered"
    trial.values["S1"] = "98"
    trial.validate()
    assert state(trial) == "open"


def test_a_rule_that_becomes_hard_takes_a_confirmation_for_an_answer_and_no_more():
    trial = odd()
    trial.validate()
    say(trial, "confirmed")
    frame = trial.findings()
    trial.findings = lambda: type(frame)(frame=frame.frame.assign(severity="hard"))
    trial.validate()
    assert state(trial) == "answered"
    assert trial.validate() is trial.queries
    assert happened(trial)[-1] == "revised"


def test_an_answer_about_an_earlier_value_is_kept_and_settles_nothing():
    trial = odd()
    trial.validate()
    key = key_of("S1")
    old = trial.queries.by_key[key].asked
    trial.values["S1"] = "98"
    trial.validate()
    row = AnswerRow(
        place="row 7", query_key=key, asked=old, trial="", answer="confirmed", reason="right",
        answered_by="Ana",
    )  # fmt: skip
    done = record_answers([row], trial.queries, trial="T", schemas=SCHEMAS)
    assert done.outdated == ("row 7",)
    assert done.queries.by_key[key].state is QueryState.OPEN
    assert done.queries.history[-1].answer == "confirmed"
    assert record_answers([row], done.queries, trial="T", schemas=SCHEMAS).known == 1


def test_data_without_a_date_have_queries_without_an_age():
    trial = odd()
    trial.cut = None
    trial.validate()
    assert trial.queries.by_key[key_of("S1")].age(trial.queries.cut) is None


# --- the files


def test_the_queries_come_back_from_their_files_as_they_were(tmp_path):
    trial = odd()
    trial.values["S2"] = ' =HYPERLINK("x")\n'
    trial.severities[trial.values["S2"]] = "hard"
    trial.validate()
    folder = QueryFolder(trial=tmp_path)
    folder.write(trial.queries, before=folder.read())
    assert folder.read() == trial.queries
    cells = [cell for row in csv.reader(StringIO(folder.state.read_text())) for cell in row]
    assert '\'=HYPERLINK("x")' in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    say(trial, "confirmed", reason="=1+1")
    before = folder.history.read_bytes()
    folder.write(trial.queries, before=folder.read())
    assert folder.history.read_bytes().startswith(before)
    assert folder.read() == trial.queries
    assert folder.write(trial.queries, before=folder.read()) == ()


def test_nothing_is_written_where_nothing_was_asked(tmp_path):
    folder = QueryFolder(trial=tmp_path)
    assert folder.write(folder.read(), before=folder.read()) == ()
    assert list(tmp_path.iterdir()) == []


def test_what_was_typed_into_the_state_is_put_aside(tmp_path):
    trial = odd()
    folder = QueryFolder(trial=tmp_path)
    folder.write(trial.validate(), before=folder.read())
    made = folder.state.read_bytes()
    folder.state.write_bytes(b"\xef\xbb\xbf" + made.replace(b"\n", b"\r\n"))
    folder.write(trial.queries, before=trial.queries)
    assert not (folder.state.parent / "queries.put-aside.csv").exists()
    typed = made.replace(b"open", b"closed, I say")
    folder.state.write_bytes(typed)
    written = folder.write(trial.queries, before=trial.queries)
    assert [path.name for path in written] == ["queries.put-aside.csv", "queries.csv"]
    assert written[0].read_bytes() == typed
    assert folder.state.read_bytes() == made


def test_a_lost_history_is_not_replaced_by_an_empty_one(tmp_path):
    trial = odd()
    folder = QueryFolder(trial=tmp_path)
    folder.write(trial.validate(), before=folder.read())
    folder.history.unlink()
    with pytest.raises(DataFileError, match="bring it back from a backup"):
        folder.read()


def test_a_history_that_changed_meanwhile_is_not_overwritten(tmp_path):
    trial = odd()
    folder = QueryFolder(trial=tmp_path)
    empty = folder.read()
    folder.write(trial.validate(), before=empty)
    with pytest.raises(DataFileError, match="run the command again"):
        folder.write(trial.queries, before=empty)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("opened", "openend", "row 3: event is 'openend'"),
        ("2025-03-01,opened", "1.3.2025,opened", "row 3: on is '1.3.2025'"),
        ("soft", "mild", "row 3: severity is 'mild'"),
        ("opened", "answered", "was never opened"),
        (",N,", ",N,N,", "row 3: has 22 cells, expected are 21"),
        ("on,event", "event,on", "its first line should be"),
        ("on,event", "\x00\xff", "history.csv"),
    ],
)
def test_a_damaged_history_is_refused_with_its_line(tmp_path, old, new, words):
    trial = odd()
    folder = QueryFolder(trial=tmp_path)
    folder.write(trial.validate(), before=folder.read())
    text = folder.history.read_text()
    assert old in text
    folder.history.write_bytes(text.replace(old, new, 1).encode("latin-1"))
    with pytest.raises(DataFileError, match=r"history\.csv") as caught:
        folder.read()
    assert words in str(caught.value)


# --- any life


class QueryLife(RuleBasedStateMachine):
    """Values change, rows come and go, sites answer, validations happen, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.trial = odd()
        self.folder = QueryFolder(trial=Path(mkdtemp()))
        self.settled: dict[str, str] = {}
        """By query, the mark of what was confirmed and has not been seen to change since."""

    def teardown(self) -> None:
        shutil.rmtree(self.folder.trial)

    @rule(subject=st.sampled_from("ABC"), value=st.sampled_from(["40", "97", "98", "400", "=x"]))
    def enter(self, subject, value):
        self.trial.severities["=x"] = "hard"
        self.trial.values[subject] = value

    @rule(subject=st.sampled_from("ABC"), value=st.sampled_from(["20", "50"]))
    def enter_what_the_rule_reads(self, subject, value):
        self.trial.before[subject] = value

    @rule(subject=st.sampled_from("ABC"))
    def lose_the_row(self, subject):
        self.trial.values.pop(subject, None)

    @rule(later=st.integers(0, 3))
    def validate(self, later):
        before = self.trial.queries
        after = self.trial.validate(later=later)
        assert after.history[: len(before.history)] == before.history
        assert set(before.by_key) <= set(after.by_key)
        assert self.trial.validate() is after
        for key in list(self.settled):
            query = after.by_key[key]
            subject = query.subject_id
            now = self.trial.values.get(subject)
            read = f"pain.before={self.trial.before.get(subject, '50')}"
            if now is not None and (now, read) != self.settled[key]:
                del self.settled[key]
        found = set(self.trial.findings().frame["query_key"])
        for key, query in after.by_key.items():
            assert query.found == (key in found)
            if key in self.settled:
                assert query.state is not QueryState.OPEN

    @rule(
        subject=st.sampled_from("ABC"),
        severity=st.sampled_from(["soft", "hard"]),
        answer=st.sampled_from(list(QueryAnswer)),
        who=st.sampled_from(["Ana", "=Bo"]),
    )
    def answer(self, subject, severity, answer, who):
        key = key_of(subject, severity)
        query = self.trial.queries.by_key.get(key)
        if query is None:
            return
        row = AnswerRow(
            place="row 2", query_key=key, asked=query.asked, trial="T", answer=answer.value,
            reason="why", answered_by=who, turn=query.turn,
        )  # fmt: skip
        before = self.trial.queries
        self.trial.queries = record_answers([row], before, trial="T", schemas=SCHEMAS).queries
        assert self.trial.queries.history[: len(before.history)] == before.history
        if query.found and severity == "soft":
            # what the site saw is what the last validation saw
            value, read = query.value, query.grounds
            if answer is QueryAnswer.CORRECTED:
                self.settled.pop(key, None)
            else:
                self.settled[key] = (value, read)

    @invariant()
    def the_files_tell_the_same(self):
        self.folder.write(self.trial.queries, before=self.folder.read())
        assert self.folder.read() == self.trial.queries


QueryLife.TestCase.settings = settings(
    max_examples=examples(25), stateful_step_count=20, deadline=None
)
TestQueryLife = QueryLife.TestCase


def test_ages_are_days_between_data_cuts():
    trial = odd()
    trial.validate()
    trial.validate(later=30)
    assert trial.queries.cut == date(2025, 3, 31).isoformat()
    assert trial.queries.by_key[key_of("S1")].age(trial.queries.cut) == 30


# --- what a finding rests on


def test_a_visit_out_of_its_window_is_asked_about_again_when_the_randomisation_moves(tmp_path):
    trial = Miniature()
    trial.data["pain"] = trial.data["pain"].replace("S1,W6,2025-02-26", "S1,W6,2025-03-20")

    def validated(before):
        schemas = trial.schemas(tmp_path)
        snapshot = freeze(FolderSource(folder=tmp_path), schemas)
        return reconcile(before, check(snapshot, schemas, trial.protocol), snapshot, schemas)

    queries = validated(Queries())
    (query,) = (each for each in queries.by_key.values() if each.rule_id == "visit_window")
    assert query.grounds == "randomisation.randomisation_date=2025-01-15"
    row = AnswerRow(
        place="row 2", query_key=query.query_key, asked="", trial="", answer="confirmed",
        reason="snow", answered_by="Ana",
    )  # fmt: skip
    queries = record_answers([row], queries, trial="MINI", schemas=SCHEMAS).queries
    assert validated(queries).by_key[query.query_key].state is QueryState.CLOSED
    trial.data["randomisation"] = trial.data["randomisation"].replace(
        "S1,2025-01-15", "S1,2025-01-14"
    )
    assert validated(queries).by_key[query.query_key].state is QueryState.OPEN


def test_the_other_side_and_the_parts_of_a_sum_are_grounds():
    left = Item(id="left", label="Left", type=ItemType.DECIMAL, other_side="right")
    right = Item(id="right", label="Right", type=ItemType.DECIMAL)
    both = Item(id="both", label="Both", type=ItemType.DECIMAL, sum_of=("left", "right"))
    all_four = Item(id="all_four", label="All", type=ItemType.DECIMAL, sum_of=("both", "right"))
    form = replace(FORM, items=(left, right, all_four, both), rules=())
    (form,) = compiled((form,), SCHEMAS.data)
    table = pl.DataFrame(
        {"subject_id": ["S1"], "left": ["1"], "right": [" 2 "], "both": ["4"], "all_four": ["7"]}
    )
    data = FormData(
        form_id="pain", file="data/pain.csv", sha256="", entered=table, typed=table, coded=table,
        lines=np.array([2]),
    )  # fmt: skip
    schemas = replace(SCHEMAS, forms=(form,))
    entered = Entered(Snapshot(forms={"pain": data}), schemas, ["S1"])
    where = {"subject_id": "S1", "visit": "", "repeat": ""}
    assert entered.grounds("one_side_only", form, "left", **where).text == "pain.right=2"
    assert entered.grounds("one_side_only", form, "right", **where).text == "pain.left=1"
    assert entered.grounds("wrong_sum", form, "both", **where).text == "pain.left=1; pain.right=2"
    assert (
        entered.grounds("wrong_sum", form, "all_four", **where).text == "pain.both=4; pain.right=2"
    )
    assert entered.grounds("not_randomised", form, "", **where).text == "pain rows=1"
    assert entered.grounds("unusual", form, "left", **where).text == ""
