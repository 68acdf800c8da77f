"""The themes of record locking and electronic signatures."""

from pathlib import Path

import pytest

from tests.evidence.acceptance.team import Team, last_event

pytestmark = pytest.mark.slow

FORM = ("--subject", "002", "--form", "demographics")
SECRET = ("--passphrase-file", "secret.txt")


@pytest.fixture
def signer(team: Team) -> Team:
    """Ivy has a passphrase to sign with."""
    Path("secret.txt").write_text("correct horse battery\n", encoding="utf-8")
    team.store("ivy", "passphrase", *SECRET)
    return team


def test_c_2_19_0100_status_names_what_is_locked_and_signed_and_why(signer: Team) -> None:
    signer.store("ivy", "sign", *FORM, "--meaning", "approval", *SECRET)
    signer.store("dora", "lock", *FORM, "--reason", "reviewed by the team")

    said = signer.store("mona", "status")

    assert "participant 002, form demographics was locked by dora" in said
    assert "participant 002, form demographics: signed by ivy" in said
    (lock,) = (each for each in signer.log("mona") if each["action"] == "locked")
    assert lock["reason"] == "reviewed by the team"


def test_c_2_19_0300_locks_of_one_participant_or_form_are_taken_out_of_the_log(team: Team) -> None:
    team.store("dora", "lock", *FORM)
    team.store("dora", "lock", "--subject", "001", "--form", "assessment")

    for words, subject in ((("--subject", "002"), "002"), (("--form", "assessment"), "001")):
        locked = [each for each in team.log("mona", *words) if each["action"] == "locked"]
        assert [each["subject_id"] for each in locked] == [subject]


def test_c_2_19_0400_form_and_participant_are_locked_and_unlocked_and_status_follows(
    team: Team,
) -> None:
    events = {}
    for words in (FORM, FORM[:2]):
        events[words] = last_event(team.store("dora", "lock", *words))
    assert "was locked by dora" in team.enters(
        "ben", "demographics", "002,m,52", "002,m,25", code=2
    )

    for words in (FORM[:2], FORM):
        asked = last_event(team.store("dora", "unlock", events[words], "--reason", "misread"))
        assert "a second person" in team.store("dora", "unlock", asked, code=2)
        team.store("ann", "unlock", asked)
    assert "Nothing is held." in team.store("mona", "status")

    actions = [each["action"] for each in team.log() if "lock" in each["action"]]
    assert actions == ["locked", "locked", *["unlocking asked for", "unlocked"] * 2]


def test_c_2_19_0500_signing_asks_who_one_is_and_status_and_log_show_it(signer: Team) -> None:
    Path("wrong.txt").write_text("another long passphrase\n", encoding="utf-8")
    words = (*FORM, "--meaning", "approval", "--passphrase-file")
    assert "is not the passphrase" in signer.store("ivy", "sign", *words, "wrong.txt", code=2)
    signer.store("ivy", "sign", *words, "secret.txt")

    said = signer.store("mona", "status")
    assert "1 valid signature" in said
    signed = [each for each in signer.log() if each["action"] == "signed"]
    assert [(each["person"], each["subject_id"], each["form"]) for each in signed] == [
        ("ivy", "002", "demographics")
    ]


def test_c_2_19_0900_locking_and_signing_are_rights_of_their_own(signer: Team) -> None:
    for person in ("ben", "mona", "eve", "ivy"):
        assert "may not lock" in signer.store(person, "lock", *FORM, code=2)
    for person in ("dora", "mona"):
        assert "may not sign" in signer.store(person, "passphrase", *SECRET, code=2)
        said = signer.store(person, "sign", *FORM, "--meaning", "review", *SECRET, code=2)
        assert "may not sign" in said
    locked = last_event(signer.store("dora", "lock", *FORM[:2]))
    assert "may not" in signer.store("ben", "unlock", locked, "--reason", "x", code=2)
    signer.store("ivy", "sign", "--subject", "001", "--meaning", "approval", *SECRET)
