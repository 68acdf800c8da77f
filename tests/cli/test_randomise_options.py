"""What may be typed for each action of a randomisation, and what stands where nothing was."""

from argparse import ArgumentParser
from pathlib import Path

import pytest

from trialkit.cli.commands.randomise import ACTIONS
from trialkit.cli.randomise_options import add_randomise_actions


@pytest.fixture
def typed():
    parser = ArgumentParser(prog="randomise", allow_abbrev=False)
    add_randomise_actions(parser)
    return lambda *words: vars(parser.parse_args(words))


VAULT, BY = ("--vault", "v"), ("--by", "Ann")
PLACE = {"trial": Path("t"), "vault": Path("v")}
PERSON = PLACE | {"by": "Ann"}
PLAN = {
    "law": "", "blocks": "", "p": "", "limit": 3, "alpha": 0, "beta": 1, "imbalance": "range",
    "preference": "best", "factor": [], "slots": None, "participants": None, "allow_fixed": False,
    "training": False,
}  # fmt: skip


def test_a_plan_has_the_law_of_the_protocol_unless_another_is_named(typed):
    assert typed("plan", "t", *VAULT) == PLACE | PLAN | {"action": "plan"}
    assert typed(
        "plan", "t", *VAULT, "--law", "urn", "--blocks", "4,6", "--p", "2/3", "--limit", "5",
        "--alpha", "2", "--beta", "7", "--imbalance", "variance", "--preference", "ranks",
        "--factor", "a=x,y", "--factor", "b=z:2", "--slots", "40", "--participants", "30",
        "--allow-fixed", "--training",
    ) == PLACE | {
        "action": "plan", "law": "urn", "blocks": "4,6", "p": "2/3", "limit": 5, "alpha": 2,
        "beta": 7, "imbalance": "variance", "preference": "ranks", "factor": ["a=x,y", "b=z:2"],
        "slots": 40, "participants": 30, "allow_fixed": True, "training": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (("commit",), {}),
        (("allocate", "--subject", "7"), {"subject": "7", "level": []}),
        (
            ("allocate", "--subject", "7", "--level", "a=x", "--level", "b=y"),
            {"subject": "7", "level": ["a=x", "b=y"]},
        ),
        (("void", "--reason", "r"), {"subject": "", "level": [], "reason": "r"}),
        (
            ("correct", "--subject", "7", "--field", "a", "--to", "x", "--reason", "r"),
            {"subject": "7", "field": "a", "to": "x", "reason": "r"},
        ),
        (("unblind", "--subject", "7", "--reason", "r"),
         {"subject": "7", "all": False, "reason": "r"}),
        (("unblind", "--all", "--reason", "r"), {"subject": "", "all": True, "reason": "r"}),
    ],
)  # fmt: skip
def test_whatever_changes_the_list_names_the_vault_and_who_does_it(typed, words, given):
    action, *more = words
    assert typed(action, "t", *VAULT, *BY, *more) == PERSON | given | {"action": action}
    for lacking in (VAULT, BY):
        with pytest.raises(SystemExit):
            typed(action, "t", *lacking, *more)


def test_anybody_can_verify(typed):
    plain = {"trial": Path("t"), "vault": None, "training": False, "head": None, "balance": False}

    assert typed("verify", "t") == plain | {"action": "verify"}
    assert typed("verify", "t", *VAULT, "--training", "--head", "abc", "--balance") == PLACE | {
        "action": "verify", "training": True, "head": "abc", "balance": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("plan", "t"),
        ("allocate", "t", *VAULT, *BY),
        ("void", "t", *VAULT, *BY, "--subject", "7"),
        ("correct", "t", *VAULT, *BY, "--subject", "7", "--field", "a", "--reason", "r"),
        ("unblind", "t", *VAULT, *BY, "--reason", "r"),
        ("unblind", "t", *VAULT, *BY, "--subject", "7", "--all", "--reason", "r"),
        ("unblind", "t", *VAULT, *BY, "--subject", "7"),
        ("plan", "t", *VAULT, "--limit", "few"),
    ],
)
def test_a_call_that_lacks_something_or_contradicts_itself_is_refused(typed, words):
    with pytest.raises(SystemExit):
        typed(*words)


def test_every_action_that_can_be_typed_is_carried_out():
    parser = ArgumentParser(prog="randomise")
    add_randomise_actions(parser)
    (actions,) = (each for each in parser._actions if each.dest == "action")

    assert set(actions.choices) == set(ACTIONS)
