"""Who may do what, from the command line: granted, listed, revoked, and refused."""

from argparse import ArgumentParser
from pathlib import Path

import pytest

from trialkit.cli import store_people
from trialkit.cli.main import main
from trialkit.cli.store_people_options import add_people_actions

FIRST = ("--begin-roles",)


@pytest.fixture
def trial(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOGNAME", "ann")
    assert main(("new", "trial")) == 0
    assert main(("store", "init", "trial")) == 0
    assert main(("store", "import", "folder", "trial", "--write")) == 0
    return Path("trial")


def test_every_action_of_people_says_where_the_store_is_and_those_that_write_who_acts():
    parser = ArgumentParser()
    add_people_actions(parser.add_subparsers(dest="action"), Path)

    people = parser.parse_args(["people", "T"])
    grant = parser.parse_args(["grant", "T", "ben", "coordinator", "--form", "a", "--form", "b"])

    assert (people.trial, people.url) == (Path("T"), "")
    assert (grant.account, grant.to_role, grant.form, grant.at_site) == (
        "ben", "coordinator", ["a", "b"], "",
    )  # fmt: skip
    assert (grant.person, grant.role, grant.site) == ("", "", "")


def test_actions_are_those_of_the_command():
    from trialkit.cli.commands.store import ACTIONS

    assert ACTIONS["people"] is store_people.show_people


def test_store_of_one_says_so(trial, capsys):
    assert main(("store", "people", "trial")) == 0

    assert "works alone" in " ".join(capsys.readouterr().out.split())


def test_role_binds_from_the_first_grant_on(trial, capsys, monkeypatch):
    assert main(("store", "grant", "trial", "ben", "coordinator", "--at", "north", *FIRST)) == 0
    assert main(("store", "people", "trial")) == 0
    out = capsys.readouterr().out
    assert "coordinator" in out
    assert "works alone" not in out
    monkeypatch.setenv("LOGNAME", "ben")
    assert main(("store", "verify", "trial")) == 2
    assert main(("store", "grant", "trial", "ben", "data manager")) == 2
    assert "cannot grant a right to themselves" in " ".join(capsys.readouterr().err.split())
    monkeypatch.setenv("LOGNAME", "eve")
    assert main(("store", "log", "trial")) == 2
    assert "eve (no role) may not read the log; nothing was done. Who may: coordinator" in " ".join(
        capsys.readouterr().err.split()
    )


def test_first_grant_says_beforehand_what_is_lost_and_who_may(trial, capsys):
    assert main(("store", "grant", "trial", "ben", "data manager")) == 2

    said = " ".join(capsys.readouterr().err.split())
    assert "ann is data manager, and may not do what another role may: read arms" in said
    for each in (
        "read arms (unblinded statistician)",
        "sign (investigator)",
        "randomise (coordinator or investigator)",
        "unblind one participant (investigator)",
        "make a second person data manager, who gives you the roles that you lack",
        "Nothing was granted; --begin-roles grants it",
    ):
        assert each in said
    assert "whoever has no role" not in said
    assert main(("store", "people", "trial")) == 0
    assert "works alone" in capsys.readouterr().out
    assert main(("analyse", "trial", "--store", "trial/evidence.sqlite")) == 0


def test_first_grant_says_so_again_when_it_is_done_and_a_second_one_says_nothing(trial, capsys):
    assert main(("store", "grant", "trial", "ben", "data manager", *FIRST)) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Roles bind everybody from now on: ann is data manager, and may not" in said
    assert main(("store", "grant", "trial", "eve", "monitor")) == 0
    assert "Roles bind" not in capsys.readouterr().out


def test_what_the_beginner_lacks_a_second_data_manager_gives(trial, monkeypatch):
    assert main(("store", "grant", "trial", "ben", "data manager", *FIRST)) == 0
    words = ("analyse", "trial", "--store", "trial/evidence.sqlite")
    assert main(words) == 2
    monkeypatch.setenv("LOGNAME", "ben")
    assert main(("store", "grant", "trial", "ann", "unblinded statistician")) == 0
    monkeypatch.setenv("LOGNAME", "ann")
    assert main(words) == 0
    assert main(("store", "backup", "trial", "copy.sqlite")) == 0


def test_first_grant_of_an_open_store_says_that_others_act_no_more(stored, monkeypatch, capsys):
    assert main(("store", "grant", "trial", "ben", "monitor")) == 2

    assert "whoever has no role may do nothing" in " ".join(capsys.readouterr().err.split())
    monkeypatch.setenv("LOGNAME", "gus")
    assert main(("store", "grant", "trial", "ben", "monitor")) == 2
    assert "gus may not grant or revoke rights at every site" in " ".join(
        capsys.readouterr().err.split()
    )


def test_blinded_role_exports_the_column_and_no_arm(trial, monkeypatch):
    data = (trial / "data" / "randomisation.csv").read_text()
    arms = [line.rpartition(",")[2] for line in data.splitlines()[1:]]
    assert all(arms)
    for person, role in (("eve", "blinded statistician"), ("dan", "unblinded statistician")):
        assert main(("store", "grant", "trial", person, role, *FIRST)) == 0
        monkeypatch.setenv("LOGNAME", person)
        assert main(("store", "export", "trial", person)) == 0
        monkeypatch.setenv("LOGNAME", "ann")

    blinded = Path("eve", "data", "randomisation.csv").read_text()
    assert Path("dan", "data", "randomisation.csv").read_text() == data
    assert blinded.splitlines()[0] == data.splitlines()[0]
    seen = [line.rpartition(",")[2].strip(chr(34)) for line in blinded.splitlines()[1:]]
    assert seen == [""] * len(arms)


@pytest.mark.parametrize(
    "words",
    [
        ("store", "lock", "trial", "--database"),
        ("analyse", "trial", "--store", "trial/evidence.sqlite"),
    ],
)
def test_what_needs_every_answer_is_not_for_whom_some_are_withheld_from(trial, capsys, words):
    assert main(("store", "grant", "trial", "ben", "data manager", *FIRST)) == 0

    assert main(words) == 2

    assert (
        "some are withheld from ann, in end_of_study, randomisation; nothing was done"
        in " ".join(capsys.readouterr().err.split())
    )


@pytest.mark.parametrize(
    "words",
    [
        ("store", "query", "trial", "check"),
        ("validate", "trial", "--store", "trial/evidence.sqlite"),
    ],
)
def test_what_is_withheld_is_not_judged_as_missing(trial, capsys, words):
    assert main(("store", "grant", "trial", "ben", "data manager", *FIRST)) == 0
    capsys.readouterr()

    assert main(words) == 0

    said = " ".join(capsys.readouterr().out.split())
    assert (
        "Not judged, withheld from your role: randomisation.block, randomisation.arm, "
        "end_of_study.arm_received." in said
    )
    assert "required" not in said


def test_whoever_has_several_roles_is_told_to_name_one(trial, capsys, monkeypatch):
    for role in ("monitor", "auditor"):
        assert main(("store", "grant", "trial", "eve", role, *FIRST)) == 0
    monkeypatch.setenv("LOGNAME", "eve")

    assert main(("store", "mark", "trial", "--subject", "001")) == 2
    assert "eve has two roles here, monitor and auditor; name one of them by --role" in " ".join(
        capsys.readouterr().err.split()
    )
    with pytest.raises(SystemExit):
        main(("store", "backup", "trial", "copy.sqlite", "--role", "auditor"))
    said = capsys.readouterr().err
    assert "usage: trialkit store backup" in said
    assert "trialkit store backup: error: unrecognized arguments: --role auditor" in said
    assert main(("store", "mark", "trial")) == 2
    assert "name one by --subject" in " ".join(capsys.readouterr().err.split())


def test_mark_says_what_is_withheld_from_who_makes_it_and_which_role_it_is_of(
    trial, capsys, monkeypatch
):
    assert main(("store", "grant", "trial", "eve", "monitor", *FIRST)) == 0
    monkeypatch.setenv("LOGNAME", "eve")
    capsys.readouterr()

    assert main(("store", "mark", "trial", "--subject", "001", "--as", "medical")) == 2
    assert (
        "medically reviewed: is said in the role investigator, and eve acts as monitor"
        in " ".join(capsys.readouterr().err.split())
    )
    assert main(("store", "mark", "trial", "--subject", "001")) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "Not marked, since it is withheld from your role: end_of_study.arm_received, rand" in said
    )


def test_protocol_says_which_other_roles_see_arms(trial, capsys):
    protocol = trial / "protocol.toml"
    text = protocol.read_text()
    more = 'arms_seen_by = ["coordinator"]'
    protocol.write_text(
        text.replace("[data]", f"[data]\n{more}")
        if "[data]" in text
        else f"{text}\n[data]\n{more}\n"
    )

    assert main(("store", "grant", "trial", "ben", "coordinator", *FIRST)) == 0

    assert "Arms may be read with it" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("grant", "trial", "ben", "boss"), "'boss' is no role; expected one of coordinator"),
        (("revoke", "trial", "1", "--reason", "x"), "is the last who may grant rights everywhere"),
        (("revoke", "trial", "2", "--reason", "x"), "event 2 is no grant that holds"),
    ],
)
def test_what_cannot_be_is_told(trial, capsys, words, said):
    assert main(("store", *words)) == 2

    assert said in " ".join(capsys.readouterr().err.split())


def test_participants_are_placed_where_the_forms_say(trial, capsys):
    assert main(("store", "place", "trial")) == 0

    assert "The forms say the site of" in capsys.readouterr().out
