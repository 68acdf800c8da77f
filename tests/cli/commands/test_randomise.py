"""A randomisation carried out: what each action is given, says, and returns."""

import shutil
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace

import pytest

from tests.conftest import THREE_ARMS, few_at_once
from trialkit.cli.commands import randomise
from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.screen import Screen
from trialkit.design.randomisation.minimisation import Factor
from trialkit.errors import DesignError

PLAN = {
    "law": "", "blocks": "", "p": "", "limit": 3, "alpha": 0, "beta": 1, "imbalance": "range",
    "preference": "best", "factor": [], "slots": 20, "participants": None, "allow_fixed": True,
    "training": False,
}  # fmt: skip


@pytest.fixture
def called(tmp_path, capsys):
    """An action on the three-arm trial without its data, and the lines that it said."""
    trial = tmp_path / "trial"
    shutil.copytree(THREE_ARMS, trial, ignore=shutil.ignore_patterns("data", "*.py"))

    def call(action, **given):
        options = {"trial": trial, "vault": tmp_path / "vault", "by": "Ann", "level": [],
                   "subject": "", "head": None, "balance": False, "training": False,
                   "reason": "so", "all": False}  # fmt: skip
        code = randomise.run(Namespace(action=action, **{**options, **given}))
        return code, capsys.readouterr().out.splitlines()

    return call


@pytest.fixture
def committed(called):
    called("plan", **PLAN)
    called("commit")
    return called


def test_a_plan_names_what_comes_next_and_a_commitment_what_to_lock_away(called, tmp_path):
    code, said = called("plan", **PLAN)
    vault = tmp_path / "vault"
    assert code == ExitCode.FINE
    assert said[-2:] == [
        f"The plan and this report stand in {vault}; they tell block lengths.",
        f"Next:  trialkit randomise commit {tmp_path / 'trial'} --vault {vault} --by NAME",
    ]
    assert (vault / "design_report.csv").is_file()

    code, said = called("commit")
    assert code == ExitCode.FINE
    assert len(said[0].removeprefix("Commitment: ")) == 64
    assert said[-1] == f"Lock {vault / 'secret.json'} away from those who allocate."


def test_an_arm_is_shown_once_and_again_when_it_is_unblinded(committed):
    _, given = committed("allocate", subject="7", level=["site=N"])
    subject, arm = given[0].split(": ")
    assert (subject, arm in {"HIGH", "LOW", "CTRL"}) == ("7", True)
    assert given[1].startswith("Line ")

    code, shown = committed("unblind", subject="7", reason="harm")
    assert (code, shown[0]) == (ExitCode.FINE, f"7: {arm}")
    assert not any("TRAINING" in line for line in (*given, *shown))


def test_a_list_that_is_whole_verifies_and_another_head_does_not(committed, tmp_path):
    _, given = committed("allocate", subject="7", level=["site=N"])

    code, said = committed("verify")
    assert code == ExitCode.FINE
    assert all(line.startswith(("checked: ", "Last line: ")) for line in said)
    assert said[-1].removeprefix("Last line: ") in given[1]

    code, said = committed("verify", head="f" * 64)
    assert code == ExitCode.FINDINGS
    assert any(line.startswith("WRONG: ") for line in said)

    _, said = committed("verify", balance=True)
    assert said[-1] == f"Balance as reached: {tmp_path / 'vault' / 'balance.csv'}"
    with pytest.raises(DesignError, match="--balance counts by arm, so it needs --vault"):
        committed("verify", balance=True, vault=None)


def test_a_clock_that_stepped_back_is_a_warning_and_verifies(committed, monkeypatch):
    committed("allocate", subject="7", level=["site=N"])
    now = datetime.now(UTC) - timedelta(seconds=100)
    monkeypatch.setattr(randomise, "datetime", SimpleNamespace(now=lambda zone: now))

    for action, given, lines in (
        ("allocate", {"subject": "8", "level": ["site=N"]}, 3),
        ("correct", {"subject": "8", "field": "site", "to": "S"}, 2),
        ("void", {"subject": "8"}, 2),
        ("unblind", {"subject": "7"}, 3),
    ):
        code, said = committed(action, **given)
        assert (code, len(said)) == (ExitCode.FINE, lines)
        assert said[-1].startswith("Warning: the clock of this computer says ")
    code, said = committed("verify")
    assert code == ExitCode.FINE
    assert [line.split(":")[1] for line in said if line.startswith("Warning")] == [" lines 3 to 6"]


def test_an_arm_that_could_not_be_shown_is_told_by_all_that_come_after(committed, monkeypatch):
    monkeypatch.setattr(Screen, "is_heard", False)
    with pytest.raises(DesignError, match=r"the arm of '7' is recorded \(line 2\), but what was"):
        committed("allocate", subject="7", level=["site=N"])
    monkeypatch.undo()

    told = "Warning: '7' has slot 1 since "
    code, said = committed("verify")
    assert code == ExitCode.FINE
    assert any(line.startswith(told) for line in said)
    _, said = committed("allocate", subject="8", level=["site=N"])
    assert said[2].startswith(told)
    committed("unblind", subject="7")
    _, said = committed("verify")
    assert not any(line.startswith("Warning") for line in said)


def test_an_emergency_does_not_wait_for_the_protocol_nor_for_the_trail(committed, tmp_path):
    _, given = committed("allocate", subject="7", level=["site=N"])
    (tmp_path / "trial" / "protocol.toml").write_text("[[[")
    trail = tmp_path / "trial" / "randomisation" / "audit.jsonl"
    trail.write_text(trail.read_text().replace("committed", "commuted"))

    code, said = committed("unblind", subject="7")
    assert (code, said[0]) == (ExitCode.FINE, given[0])
    assert said[2].startswith(f"Warning: {trail}: the audit trail does not hold together")


@pytest.mark.parametrize("levels", [["site"], ["site=N", "site=S"]])
def test_a_level_is_given_once_as_factor_and_level(committed, levels):
    with pytest.raises(DesignError, match="write FACTOR=LEVEL, once for each factor"):
        committed("allocate", subject="7", level=levels)


def test_what_is_typed_for_a_plan_becomes_its_choices(called, monkeypatch):
    taken = []

    def planned(protocol, schemas, choices):
        taken.append(choices)
        raise DesignError("enough")

    monkeypatch.setattr(randomise, "plan_randomisation", planned)
    typed = {
        "law": "minimisation", "blocks": "4,6", "p": "2/3", "limit": 5, "alpha": 2, "beta": 7,
        "imbalance": "variance", "preference": "ranks", "factor": ["a=x,y", "b=z,u,w:4"], "slots": 40,
        "allow_fixed": False, "training": True,
    }  # fmt: skip
    with pytest.raises(DesignError, match="enough"):
        called("plan", **{**PLAN, **typed})
    with pytest.raises(DesignError, match="enough"):
        called("plan", **PLAN)

    expected = {**typed, "blocks": (4, 6), "p": Fraction(2, 3)}
    del expected["factor"]
    assert {name: getattr(taken[0], name) for name in expected} == expected
    assert taken[0].factors == (
        Factor(name="a", levels=("x", "y"), weight=1),
        Factor(name="b", levels=("z", "u", "w"), weight=4),
    )
    assert (taken[1].blocks, taken[1].p, taken[1].factors) == ((), None, ())


@pytest.mark.parametrize(
    ("typed", "words"),
    few_at_once(
        [
            ({"blocks": "4,x"}, "--blocks: 'x' is no whole number"),
            ({"p": "much"}, "--p: 'much' is no chance; write it as 2/3 or 0.8"),
            ({"p": "1/0"}, "--p: '1/0' is no chance"),
            ({"p": "1e-999999999"}, "--p: '1e-999999999' is no chance"),
            ({"p": "1/" + "9" * 99_999}, f"--p: '1/{'9' * 38}' is no chance"),
            ({"factor": ["a"]}, "--factor 'a': write NAME=LEVEL,LEVEL"),
            ({"factor": ["a=x:y"]}, "--factor: 'y' is no whole number"),
        ],
        2,
    ),
)
def test_what_cannot_be_read_is_named(called, typed, words):
    with pytest.raises(DesignError) as refused:
        called("plan", **{**PLAN, **typed})

    assert words in str(refused.value)
