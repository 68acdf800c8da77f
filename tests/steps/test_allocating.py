"""Randomising and unblinding with a store: the vault tells the arm, and the log never does."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from trialkit.cli.main import main
from trialkit.design.randomisation.record import TRAIL
from trialkit.design.randomisation.trail_file import read_trail
from trialkit.design.randomisation.vault import vault_for
from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import sqlite_store
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import Actor, Occasion
from trialkit.evidence.log.reading import events
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.granting import grant
from trialkit.evidence.writing.slots import logged_lines
from trialkit.protocol.trial.roles import TrialRole
from trialkit.steps.allocating import allocate_in_store, unblind_in_store

AT = datetime(2190, 3, 2, 8, 0, tzinfo=UTC)


def by(person: str, role: str) -> Occasion:
    author = Actor(person=person, printed_name=person.title(), role=role)
    return Occasion(author=author, at=AT, door=Door.ENTRY)


ANN, BEN, EVE = by("ann", "data manager"), by("ben", "investigator"), by("eve", "monitor")


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A trial with a committed list and a store, in which Ben may randomise and Eve may not."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGNAME", "ann")
    for words in (
        ("new", "trial"),
        ("store", "init", "trial"),
        ("randomise", "plan", "trial", "--vault", "vault", "--slots", "40", "--allow-fixed"),
        ("randomise", "commit", "trial", "--vault", "vault", "--by", "Ann"),
    ):
        assert main(words) == 0, words
    store = sqlite_store(Path("trial/evidence.sqlite"))
    for person, role in (("ben", TrialRole.INVESTIGATOR), ("eve", TrialRole.MONITOR)):
        grant(store, person, ANN, printed_name=person, role=role)
    yield store
    store.close()


def randomised(store, subject, occasion=BEN):
    shown = []
    allocate_in_store(
        Path("trial"), store, vault_for(Path("trial"), Path("vault")), subject=subject, levels={},
        occasion=occasion, show=lambda given: shown.append(given.arm),
    )  # fmt: skip
    return shown


def log(store):
    with store.reading() as connection:
        return pl.concat(events(connection))


def test_log_has_slot_and_person_and_no_arm(world):
    arms = {randomised(world, f"{number:03}")[0] for number in range(1, 21)}

    assert len(arms) == 2
    used = log(world).filter(action=EventAction.SLOT_USED)
    assert used["subject_id"].to_list() == [f"{number:03}" for number in range(1, 21)]
    assert set(used["person"]) == {"ben"}
    assert all('"slot":' in details for details in used["details"])
    said = " ".join(map(str, used.drop("before", "hash").rows()))
    assert not any(f'"{arm}"' in said or f" {arm} " in said for arm in arms)
    assert set(used["new"]) == {None}
    assert verify(world).holds


def test_two_lists_whose_arms_differ_leave_the_same_log(world):
    """Lengths too: what differs is hashes, which are all of one length."""
    for number in range(1, 9):
        randomised(world, f"{number:03}")
    used = log(world).filter(action=EventAction.SLOT_USED)

    assert used["details"].str.len_chars().n_unique() == 1


def test_who_may_not_randomise_opens_no_slot(world):
    with pytest.raises(EvidenceError, match="may not randomise"):
        randomised(world, "001", EVE)

    assert len(read_trail(Path("trial/randomisation") / TRAIL)) == 1
    assert log(world).filter(action=EventAction.SLOT_USED).is_empty()


def test_slot_that_the_log_lacks_comes_in_with_the_next(world):
    """As after a machine that stopped between the two, or a list that was used without the store."""
    words = (
        "randomise",
        "allocate",
        "trial",
        "--vault",
        "vault",
        "--by",
        "Ann",
        "--subject",
        "001",
    )
    assert main(words) == 0

    randomised(world, "002")

    used = log(world).filter(action=EventAction.SLOT_USED)
    assert used["subject_id"].to_list() == ["001", "002"]
    trail = read_trail(Path("trial/randomisation") / TRAIL)
    assert logged_lines(world) == {each.hash for each in trail if each.takes_slot}


def test_unblinding_is_an_event_with_its_reason_and_without_the_arm(world):
    (arm,) = randomised(world, "001")
    vault = vault_for(Path("trial"), Path("vault"))

    given = unblind_in_store(
        Path("trial"), world, vault, subject="001", reason="a reaction", occasion=BEN
    )

    assert given.arm == arm
    assert given.warnings == ()
    last = log(world).row(-1, named=True)
    assert (last["action"], last["subject_id"], last["reason"]) == (
        EventAction.UNBLINDED, "001", "a reaction",
    )  # fmt: skip
    assert arm not in last["details"]
    for occasion in (ANN, EVE):
        with pytest.raises(EvidenceError, match="may not unblind one participant"):
            unblind_in_store(
                Path("trial"), world, vault, subject="001", reason="x", occasion=occasion
            )
    assert log(world).filter(action=EventAction.UNBLINDED).height == 1


def test_emergency_does_not_wait_for_the_log(world, monkeypatch):
    (arm,) = randomised(world, "001")

    def refuses(*_: object, **__: object) -> None:
        raise EvidenceError("somebody else has been writing")

    monkeypatch.setattr("trialkit.steps.allocating.log_unblinding", refuses)
    given = unblind_in_store(
        Path("trial"), world, vault_for(Path("trial"), Path("vault")), subject="001",
        reason="a reaction", occasion=BEN,
    )  # fmt: skip

    assert given.arm == arm
    assert "somebody else has been writing" in given.warnings[0]


def test_commands_show_the_arm_to_who_may(world, capsys, monkeypatch):
    monkeypatch.setenv("LOGNAME", "ben")
    assert main(("store", "allocate", "trial", "001", "--vault", "vault")) == 0
    assert main(("store", "unblind", "trial", "001", "--vault", "vault", "--reason", "harm")) == 0
    out = capsys.readouterr().out
    assert out.count("001: ") == 2
    monkeypatch.setenv("LOGNAME", "eve")
    assert main(("store", "unblind", "trial", "001", "--vault", "vault", "--reason", "x")) == 2
