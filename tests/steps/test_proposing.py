"""Deviations of a whole trial: those of findings, of due visits, and of the datasets."""

from dataclasses import replace
from pathlib import Path

from tests.datasets.small import small
from trialkit.protocol.trial.interventions import Intervention
from trialkit.steps.proposing import propose_deviations
from trialkit.steps.stages import OpenedTrial


def proposed(folder: Path, *, every_arm: bool):
    sources, protocol = small(folder)
    if every_arm:
        training = Intervention(name="Exercise", sessions=4)
        arms = tuple(replace(arm, intervention=training) for arm in protocol.arms)
        protocol = replace(protocol, arms=arms)
    trial = OpenedTrial(folder=folder, protocol=protocol, schemas=sources.schemas)
    return propose_deviations(trial, today=None)


def test_what_the_report_counts_of_a_participant_is_proposed(tmp_path: Path) -> None:
    found = proposed(tmp_path, every_arm=False)
    rows = set(zip(found.rows["subject_id"], found.rows["kind"], strict=True))
    assert {
        ("S7", "Randomised without being screened"),
        ("S3", "Randomised although not eligible"),
        ("S2", "Received another arm than allocated"),
        ("S3", "Received no arm's care"),
    } <= rows
    assert found.rows["id"].is_unique


def test_sessions_are_looked_at_where_they_tell_no_arm(tmp_path: Path) -> None:
    some = proposed(tmp_path / "some", every_arm=False)
    assert "tell the arm" in "".join(some.not_looked_at)
    assert not some.rows["kind"].str.contains("sessions").any()
    every = proposed(tmp_path / "every", every_arm=True)
    assert every.not_looked_at == ()
    fewer = every.rows[every.rows["kind"] == "Fewer sessions than planned"]
    assert not fewer.empty
    assert set(fewer["visit"]) == {""}
