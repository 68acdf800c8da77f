"""The plan is recorded with what the data held."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import EXAMPLE, THREE_ARMS
from tests.signed import SIGNED
from trialkit.errors import ProtocolError
from trialkit.newtrial.writing import write_new_trial
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
    assert (second.data.participants, second.data.with_outcome, second.data.with_primary) == (
        10,
        8,
        8,
    )
    assert read_locks(trial) == (first, second)
    assert plan_history(open_trial(trial)).standing("primary").lock == second


def test_baseline_values_are_no_outcomes(trial: Path) -> None:
    path = trial / "data" / "assessment.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, *(row for row in rows if ",BL," in row)]) + "\n", "utf-8")
    state = data_state(open_trial(trial))
    assert state.participants == 10
    assert not state.has_outcomes


@pytest.mark.parametrize("folder", [EXAMPLE, THREE_ARMS], ids=["example", "three arms"])
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
