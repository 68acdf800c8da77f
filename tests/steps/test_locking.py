"""The plan is recorded with what the data held."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import EXAMPLE, THREE_ARMS, few_at_once
from tests.signed import SIGNED
from trialkit.errors import ProtocolError
from trialkit.newtrial.writing import write_new_trial
from trialkit.protocol.locks.plan_locks import CountedPeople
from trialkit.schemas.forms.forms import FormKind
from trialkit.steps.locking import data_state, lock_plan, plan_history
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial
from trialkit.store.changes.plan_lock_file import FILE, read_locks
from trialkit.store.freezing import freeze
from trialkit.store.sources.folder_source import FolderSource


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    write_new_trial(tmp_path / "trial")
    return tmp_path / "trial"


def emptied(trial: Path) -> None:
    for path in (trial / "data").glob("*.csv"):
        path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")


def test_before_any_data_and_after_the_first_outcome(trial: Path) -> None:
    kept = {path: path.read_bytes() for path in (trial / "data").glob("*.csv")}
    emptied(trial)
    first = lock_plan(trial, replace(SIGNED, reason=""))
    assert first.data.participants == first.data.with_outcome == 0

    for path, content in kept.items():
        path.write_bytes(content)
    protocol = trial / "protocol.toml"
    protocol.write_text(
        protocol.read_text("utf-8").replace("alpha = 0.05", "alpha = 0.01"), "utf-8"
    )
    second = lock_plan(trial, replace(SIGNED, on=SIGNED.on + timedelta(days=1)))
    held = second.data
    assert (held.participants, held.with_outcome, held.with_primary) == (8, 8, 8)
    assert held.counted is CountedPeople.RANDOMISED
    assert read_locks(trial) == (first, second)
    assert plan_history(open_trial(trial)).standing("primary").lock == second


def test_baseline_values_are_no_outcomes(trial: Path) -> None:
    path = trial / "data" / "assessment.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, *(row for row in rows if ",BL," in row)]) + "\n", "utf-8")
    state = data_state(open_trial(trial))
    assert state.participants == 8
    assert not state.has_outcomes


def test_whom_it_counts_is_said_and_is_the_best_that_the_forms_tell(trial: Path) -> None:
    """Ten were assessed; eight of them are eligible, and have an arm."""
    opened = open_trial(trial)
    rows = _rows(opened, "screening")
    enrolled = rows[rows["eligible"].astype(bool) & rows["not_enrolled_reason"].isna()]
    assert len(rows) == 10

    def counted(*without: FormKind) -> tuple[CountedPeople, int]:
        forms = tuple(form for form in opened.schemas.forms if form.kind not in without)
        for gone in {form.id for form in opened.schemas.forms} - {form.id for form in forms}:
            (trial / "data" / f"{gone}.csv").unlink(missing_ok=True)
        held = data_state(replace(opened, schemas=replace(opened.schemas, forms=forms)))
        return held.counted, held.participants

    assert counted() == (CountedPeople.RANDOMISED, 8)
    assert counted(FormKind.RANDOMISATION) == (CountedPeople.ENROLLED, len(enrolled))
    known, everybody = counted(FormKind.RANDOMISATION, FormKind.SCREENING)
    left = [pd.read_csv(file, dtype=str) for file in (trial / "data").glob("*.csv")]
    people = {each for frame in left for each in frame.get("subject_id", [])}
    assert (known, everybody) == (CountedPeople.KNOWN, len(people))


@pytest.mark.parametrize(
    "folder", few_at_once([THREE_ARMS, EXAMPLE], 1), ids=["three arms", "example"]
)
def test_outcomes_are_those_that_the_data_hold(folder: Path) -> None:
    """Counted another way: by pandas, over each outcome's file."""
    opened = open_trial(folder)
    protocol = opened.protocol
    later = protocol.visit_codes[protocol.visit_codes.index(protocol.baseline.code) + 1 :]
    people: set[str] = set()
    for outcome in protocol.outcomes:
        rows = _rows(opened, outcome.form)
        known = rows[rows["visit"].isin(later)] if "visit" in rows else rows
        people |= set(known.loc[known[outcome.item].notna(), "subject_id"])

    assert data_state(opened).with_outcome == len(people)


def _rows(opened: OpenedTrial, form: str) -> pd.DataFrame:
    return freeze(FolderSource(folder=opened.folder), opened.schemas).forms[form].values


def test_what_is_locked_is_not_locked_again_and_an_amendment_says_why(trial: Path) -> None:
    lock_plan(trial, SIGNED)
    with pytest.raises(ProtocolError, match="is the one that was locked on 2025-03-31"):
        lock_plan(trial, SIGNED)
    protocol = trial / "protocol.toml"
    protocol.write_text(
        protocol.read_text("utf-8").replace("alpha = 0.05", "alpha = 0.01"), "utf-8"
    )
    with pytest.raises(ProtocolError, match="--reason"):
        lock_plan(trial, replace(SIGNED, reason=""))
    with pytest.raises(ProtocolError, match="set the clock right"):
        lock_plan(trial, replace(SIGNED, on=SIGNED.on - timedelta(seconds=1)))
    assert len(read_locks(trial)) == 1


def test_nothing_is_added_to_a_record_that_does_not_hold_together(trial: Path) -> None:
    lock_plan(trial, SIGNED)
    path = trial / FILE
    path.write_text(path.read_text("utf-8").replace('"by":"Ann"', '"by":"Bob"'), "utf-8")
    before = path.read_bytes()
    with pytest.raises(ProtocolError, match="does not hold together"):
        lock_plan(trial, SIGNED)
    assert path.read_bytes() == before
