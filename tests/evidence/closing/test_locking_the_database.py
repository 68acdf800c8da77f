"""The database is locked when its checklist is met, and says line by line what is open."""

from dataclasses import dataclass, replace

import pytest

from tests.evidence.standing.test_signatures import CHEAP, SECRET
from tests.evidence.world import Kept, cell, every_event, occasion
from tests.evidence.writing.test_holding import BEN
from tests.miniature import Miniature
from trialkit.checks.queries.queries import Queries
from trialkit.checks.queries.reconciling import reconcile
from trialkit.checks.trial.checking import check
from trialkit.errors import EvidenceError
from trialkit.evidence.closing.lock_checklist import (
    ChecklistItem,
    ChecklistLine,
    LineState,
    LockFacts,
    checklist,
)
from trialkit.evidence.closing.locking_the_database import lock_database
from trialkit.evidence.contents.comparing import difference
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.review_kinds import ReviewKind
from trialkit.evidence.queries.query_log import queries_of, record
from trialkit.evidence.signing.passphrases import set_passphrase
from trialkit.evidence.signing.signing_a_reach import sign
from trialkit.evidence.standing.signatures import SignatureMeaning
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.beginning import begin, publish_definition
from trialkit.evidence.writing.holding import ask_to_unlock, unlock
from trialkit.evidence.writing.review_marks import mark
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource

ALL = {
    ChecklistItem.SIGNATURES: "signed on paper",
    ChecklistItem.ANCHOR: "a test",
    ChecklistItem.BACKUP: "a test",
}
HASH = "a" * 64


@dataclass(kw_only=True)
class Lockable:
    """A store with the data of the small trial."""

    kept: Kept
    trial: Miniature
    folder: object
    definition: str = ""

    def facts(self, **more) -> LockFacts:
        schemas = self.trial.schemas(self.folder)
        source, head = source_at(self.kept.store)
        snapshot = freeze(source, schemas)
        found = check(snapshot, schemas, self.trial.protocol)
        return LockFacts(
            as_of=head.seq, findings=found, schemas=schemas, protocol=self.trial.protocol,
            definition=self.definition, **more,
        )  # fmt: skip

    def line(self, item: ChecklistItem, **more) -> ChecklistLine:
        (found,) = [
            each for each in checklist(self.kept.store, self.facts(**more)) if each.item is item
        ]
        return found

    def enter(self, *said: dict[str, object], minute: int = 20) -> None:
        append(self.kept.store, entries(said), occasion(minute))


def lockable(kept, tmp_path, **changed: tuple[str, str]) -> Lockable:
    trial = Miniature()
    for form, (before, after) in changed.items():
        assert before in trial.data[form]
        trial.data[form] = trial.data[form].replace(before, after)
    folder = trial.write(tmp_path / "trial")
    begin(kept.store, trial="MINI", occasion=occasion(0, door=Door.STORE), is_open=True)
    made = Lockable(kept=kept, trial=trial, folder=folder)
    made.definition = publish_definition(kept.store, {"protocol.toml": "mini"}, occasion(1))
    found = difference(kept.store, FolderSource(folder=folder), trial.schemas(folder))
    append(kept.store, found.entries, occasion(2, door=Door.IMPORT))
    return made


def test_clean_database_is_locked_and_the_event_says_how_each_line_stood(kept, tmp_path):
    trial = lockable(kept, tmp_path)

    locked = lock_database(
        kept.store, trial.facts(waived=ALL), occasion(5), reason="last visit done"
    )

    last = every_event(kept.store).row(-1, named=True)
    assert (last["seq"], last["action"], last["reason"]) == (
        locked.seq, EventAction.LOCKED, "last visit done",
    )  # fmt: skip
    said = {
        each["item"]: (each["state"], each["why"])
        for each in kept_object(last["details"], of="the lock")["checklist"]
    }
    assert list(said) == list(ChecklistItem)
    assert said["no hard finding"] == ("met", "")
    assert said["the log is anchored outside"] == ("waived", "a test")
    assert said["source data verified"] == ("not used by this trial", "no such mark was ever made")
    assert said["serious events reconciled"][0] == "not collected by this trial"
    assert said["strata as randomised and as verified"][0] == "not collected by this trial"
    for entry in (
        cell("S1", "age_years", "30", "31", form="screening", visit=""),
        {"action": EventAction.FORM_OPENED, "form": "new", "details": '{"columns":["subject_id"]}'},
    ):
        with pytest.raises(EvidenceError, match="the database was locked"):
            trial.enter(entry)
    with pytest.raises(EvidenceError, match="the database was locked"):
        publish_definition(kept.store, {"protocol.toml": "another"}, occasion(6))
    assert verify(kept.store).holds


def test_unlocked_by_two_it_is_entered_in_again(kept, tmp_path):
    trial = lockable(kept, tmp_path)
    locked = lock_database(kept.store, trial.facts(waived=ALL), occasion(5), reason="done")

    asked = ask_to_unlock(kept.store, locked.seq, occasion(6), reason="a late report")
    unlock(kept.store, asked.seq, occasion(7, author=BEN))

    trial.enter(cell("S1", "age_years", "30", "31", form="screening", visit=""))
    assert verify(kept.store).holds


def test_what_is_open_is_listed_and_nothing_is_locked(kept, tmp_path):
    trial = lockable(kept, tmp_path, screening=("2025-01-10,30", "2025-01-10,17"))
    head = every_event(kept.store).height

    with pytest.raises(EvidenceError) as caught:
        lock_database(kept.store, trial.facts(), occasion(5), reason="done")

    said = str(caught.value)
    assert "no hard finding: 1 is open\n      S1, screening, age_years (out_of_range)" in said
    assert "signed, and nothing changed since: 4 are open" in said
    assert "the log is anchored outside: 1 is open" in said
    assert "the hash of a backup is recorded: 1 is open" in said
    assert "17" not in said
    assert every_event(kept.store).height == head


def test_missing_form_is_open(kept, tmp_path):
    trial = lockable(kept, tmp_path, pain=("S2,W6,2025-02-26,55,r,no,\n", ""))

    line = trial.line(ChecklistItem.FORMS)

    assert line.state is LineState.OPEN
    assert any(each.startswith("S2, W6, pain") for each in line.told)


def test_soft_finding_is_open_until_its_query_is_settled(kept, tmp_path):
    trial = lockable(kept, tmp_path, screening=("2025-01-10,30", "2025-01-10,85"))
    assert trial.line(ChecklistItem.SOFT).told == ("S1, screening, age_years (unusual)",)
    assert trial.line(ChecklistItem.QUERIES).state is LineState.MET

    schemas = trial.trial.schemas(trial.folder)
    snapshot = freeze(source_at(kept.store)[0], schemas)
    after = reconcile(Queries(), trial.facts().findings, snapshot, schemas)
    record(kept.store, after, before=Queries(), occasion=occasion(6, door=Door.STORE))
    (waiting,) = trial.line(ChecklistItem.QUERIES).told
    assert waiting.endswith(": open, S1, screening")

    before = queries_of(kept.store)
    (query,) = before.by_key.values()
    answered = replace(
        before.history[-1], event="answered", answer="confirmed", reason="is 85", answered_by="Ann"
    )
    assert query.query_key == answered.query_key
    record(kept.store, before.followed_by([answered]), before=before, occasion=occasion(7))

    assert trial.line(ChecklistItem.QUERIES).state is LineState.MET
    assert trial.line(ChecklistItem.SOFT).state is LineState.MET


def test_visit_outside_its_window_is_listed_and_refuses_nothing_by_itself(kept, tmp_path):
    trial = lockable(kept, tmp_path, pain=("S2,W6,2025-02-26", "S2,W6,2025-03-26"))

    line = trial.line(ChecklistItem.WINDOWS)

    assert line.state is LineState.LISTED
    assert line.told == ("S2, W6, pain, visit_date (visit_window)",)


def test_marks_count_once_one_was_made(kept, tmp_path):
    trial = lockable(kept, tmp_path)
    assert trial.line(ChecklistItem.SOURCE).state is LineState.NOT_USED

    for subject in ("S1", "S2", "S3"):
        mark(kept.store, Reach(subject_id=subject), ReviewKind.SOURCE, occasion(6))
    assert trial.line(ChecklistItem.SOURCE).told == ("screening, S4",)
    assert trial.line(ChecklistItem.REVIEW).state is LineState.NOT_USED

    mark(kept.store, Reach(subject_id="S4"), ReviewKind.SOURCE, occasion(7))
    assert trial.line(ChecklistItem.SOURCE).state is LineState.MET


def test_signatures_are_open_until_all_is_signed_and_again_when_it_changes(kept, tmp_path):
    trial = lockable(kept, tmp_path)
    set_passphrase(kept.store, SECRET, occasion(5), cost=CHEAP)
    for subject in ("S1", "S2", "S3", "S4"):
        assert trial.line(ChecklistItem.SIGNATURES).state is LineState.OPEN
        reach = Reach(subject_id=subject)
        sign(kept.store, reach, SignatureMeaning.APPROVAL, occasion(6), secret=SECRET)
    assert trial.line(ChecklistItem.SIGNATURES).state is LineState.MET

    trial.enter(cell("S1", "age_years", "30", "31", form="screening", visit=""))
    broken, unsigned = trial.line(ChecklistItem.SIGNATURES).told

    assert "participant S1, form screening, item age_years: changed by Ann Miller" in broken
    assert unsigned == "participant S1: not (all) signed"


def test_anchor_is_of_an_event_after_the_last_of_the_data(kept, tmp_path):
    trial = lockable(kept, tmp_path)
    head = every_event(kept.store).height
    trial.enter({"action": EventAction.ANCHORED, "about": head})
    assert trial.line(ChecklistItem.ANCHOR).state is LineState.MET

    trial.enter(cell("S1", "age_years", "30", "31", form="screening", visit=""))

    (told,) = trial.line(ChecklistItem.ANCHOR).told
    assert told.startswith(f"the last anchor is of event {head}, and event {head + 2} is")


def test_definitions_of_the_folder_are_those_of_the_store(kept, tmp_path):
    trial = lockable(kept, tmp_path)
    assert trial.line(ChecklistItem.DEFINITIONS).state is LineState.MET

    trial.definition = HASH
    assert trial.line(ChecklistItem.DEFINITIONS).state is LineState.OPEN


def test_broken_log_is_open(kept, tmp_path):
    trial = lockable(kept, tmp_path)
    kept.by_force("UPDATE event SET printed_name = 'Eve' WHERE seq = 3", guarded=False)

    (told, *_) = trial.line(ChecklistItem.CHAIN).told

    assert told.startswith("event 3 does not have the hash")


def test_log_that_has_gone_on_is_not_locked(kept, tmp_path):
    trial = lockable(kept, tmp_path)
    facts = trial.facts(waived=ALL)
    trial.enter(cell("S1", "age_years", "30", "31", form="screening", visit=""))

    with pytest.raises(EvidenceError, match="the log has gone on from event"):
        lock_database(kept.store, facts, occasion(21), reason="done")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"waived": {ChecklistItem.HARD: "no time"}}, "hard: nobody can go without it"),
        ({"waived": {ChecklistItem.ANCHOR: " "}}, "anchor: is waived without a reason"),
        ({"backup_sha256": "abc"}, "expected are the 64 digits"),
    ],
)
def test_what_cannot_be_waived_is_refused(kept, tmp_path, more, message):
    trial = lockable(kept, tmp_path)

    with pytest.raises(EvidenceError, match=message):
        lock_database(kept.store, trial.facts(**more), occasion(5), reason="done")


def test_hash_of_the_backup_is_recorded(kept, tmp_path):
    trial = lockable(kept, tmp_path)
    waived = {item: why for item, why in ALL.items() if item is not ChecklistItem.BACKUP}

    lock_database(
        kept.store, trial.facts(waived=waived, backup_sha256=HASH), occasion(5), reason="done"
    )

    details = every_event(kept.store)["details"][-1]
    assert kept_object(details, of="the lock")["backup_sha256"] == HASH
