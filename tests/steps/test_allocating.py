"""Randomising and unblinding with a store: the vault tells the arm, and the log never does."""

from dataclasses import replace
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
from trialkit.evidence.standing.answers_of_one import known_of_one
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.granting import grant
from trialkit.evidence.writing.slots import logged_lines
from trialkit.protocol.trial.clusters import Clusters
from trialkit.protocol.trial.roles import TrialRole
from trialkit.steps.allocating import allocate_in_store, unblind_in_store
from trialkit.steps.opening import open_trial
from trialkit.steps.randomisable import refuse_who_may_not_be

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
    assert main(("new", "trial")) == 0
    screened(*(f"{number:03},2025-01-08,2025-01-08,yes," for number in range(1, 21)))
    for words in (
        ("store", "init", "trial"),
        ("store", "import", "folder", "trial", "--write"),
        ("randomise", "plan", "trial", "--vault", "vault", "--slots", "40", "--allow-fixed"),
        ("randomise", "commit", "trial", "--vault", "vault", "--by", "Ann"),
    ):
        assert main(words) == 0, words
    store = sqlite_store(Path("trial/evidence.sqlite"))
    for person, role in (("ben", TrialRole.INVESTIGATOR), ("eve", TrialRole.MONITOR)):
        grant(store, person, ANN, printed_name=person, role=role)
    yield store
    store.close()


def screened(*rows: str) -> None:
    """Nothing but these rows stands in the data of the folder."""
    for path in Path("trial/data").glob("*.csv"):
        head = path.read_text(encoding="utf-8").splitlines()[0]
        more = rows if path.stem == "screening" else ()
        path.write_text("\n".join([head, *more, ""]), encoding="utf-8")


def entered(*rows: str, randomised: str = "", role: str = "") -> None:
    screened(*rows)
    if randomised:
        path = Path("trial/data/randomisation.csv")
        path.write_text(path.read_text(encoding="utf-8") + f"{randomised}\n", encoding="utf-8")
    why = ("--reason", "as told", "--role", role)
    assert main(("store", "import", "folder", "trial", "--write", *why)) == 0


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


def nothing_opened() -> bool:
    return len(read_trail(Path("trial/randomisation") / TRAIL)) == 1


def test_nobody_is_randomised_who_is_not_in_the_store(world):
    with pytest.raises(EvidenceError, match="999: has no row in the store; nothing was opened"):
        randomised(world, "999")
    assert nothing_opened()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2025-01-08,2025-01-08,no,criteria", r"screening\.eligible \(Eligible\) is 'no'"),
        ("2025-01-08,2025-01-08,,", r"screening\.eligible \(Eligible\) is blank"),
        ("2025-01-08,,yes,", r"screening\.consent_date \(Date of consent\) is blank"),
        ("2025-01-08,never,yes,", r"screening\.consent_date \(Date of consent\) is 'never'"),
        (
            "2025-01-08,2025-01-08,yes,declined",
            r"screening\.not_enrolled_reason .* says 'declined'",
        ),
    ],
)
def test_nobody_is_randomised_against_what_screening_says(world, row, told):
    entered(f"031,{row}")

    with pytest.raises(EvidenceError, match=f"031: {told}; nothing was opened"):
        randomised(world, "031")
    assert nothing_opened()

    entered("031,2025-01-08,2025-01-08,yes,")
    if "declined" not in row and "criteria" not in row:
        assert randomised(world, "031")


def test_nobody_is_randomised_who_has_an_arm_and_the_blinded_learn_no_more(world):
    eva = by("eva", "investigator")
    assert main(("store", "grant", "trial", "ned", "data manager")) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOGNAME", "ned")
        assert main(("store", "grant", "trial", "ann", "unblinded statistician")) == 0
    for role in (TrialRole.INVESTIGATOR, TrialRole.UNBLINDED_STATISTICIAN):
        grant(world, "eva", ANN, printed_name="eva", role=role)
    entered(randomised="007,2025-01-13,1,NEW", role="data manager")

    with pytest.raises(EvidenceError, match="007: is randomised already; nothing") as blinded:
        randomised(world, "007")
    assert "NEW" not in str(blinded.value)
    with pytest.raises(EvidenceError, match="007: has an arm in form 'randomisation'; nothing"):
        randomised(world, "007", eva)
    assert nothing_opened()


def test_clusters_that_are_randomised_are_no_participants(world):
    opened = open_trial(Path("trial"))
    clusters = Clusters(label="class", plural="classes", randomised=True)
    of_clusters = replace(opened, protocol=replace(opened.protocol, clusters=clusters))
    known = known_of_one(world, "ben", "class A")

    refuse_who_may_not_be(world, of_clusters, known, account="ben", subject="class A")
    with pytest.raises(EvidenceError, match="class A: has no row"):
        refuse_who_may_not_be(world, opened, known, account="ben", subject="class A")


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
