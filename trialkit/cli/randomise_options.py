"""The options of ``trialkit randomise``, declared without importing what carries them out."""

from argparse import ArgumentParser, _SubParsersAction
from pathlib import Path
from typing import TypeAlias

Subparsers: TypeAlias = "_SubParsersAction[ArgumentParser]"

DESCRIPTION = """Plan a randomisation, commit to its list before the first participant, allocate one
at a time, verify, and unblind. Where clusters are randomised, each of them is allocated by its code. The list and its keys are kept in a vault, a folder apart from the
trial's; in the trial's folder stand the commitment and the audit trail, which hold no arm.
"""


def add_randomise_actions(parser: ArgumentParser) -> None:
    """The actions under ``randomise`` and their options."""
    parser.description = DESCRIPTION
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    plan = _action(actions, "plan", "choose the law and see what it promises (design report)")
    _vault(plan, required=True)
    _plan_options(plan)
    commit = _action(actions, "commit", "draw the keys, seal the list, publish the commitment")
    _vault(commit, required=True)
    _person(commit)
    allocate = _action(
        actions, "allocate", "randomise one participant or cluster; the arm is shown once"
    )
    _vault(allocate, required=True)
    _person(allocate)
    _subject(allocate, required=True)
    _levels(allocate)
    void = _action(actions, "void", "void an allocation, or the next free slot of a stratum")
    _vault(void, required=True)
    _person(void)
    _subject(void, required=False)
    _levels(void)
    _reason(void)
    correct = _action(actions, "correct", "correct a level or a name as entered; no arm changes")
    _vault(correct, required=True)
    _person(correct)
    _subject(correct, required=True)
    correct.add_argument("--field", required=True, help="a stratum factor, or subject_id")
    correct.add_argument("--to", required=True, help="what should have been entered")
    _reason(correct)
    verify = _action(actions, "verify", "recompute everything; with the vault, the list too")
    _vault(verify, required=False)
    verify.add_argument("--training", action="store_true", help="verify the training list")
    verify.add_argument("--head", metavar="HASH", help="a hash that was shown before")
    verify.add_argument(
        "--balance",
        action="store_true",
        help="write balance.csv, by arm, to the vault (not for blinded eyes)",
    )
    unblind = _action(actions, "unblind", "show one participant's arm, or reveal the whole list")
    _vault(unblind, required=True)
    _person(unblind)
    who = unblind.add_mutually_exclusive_group(required=True)
    who.add_argument("--subject", default="", metavar="ID", help="one participant")
    who.add_argument("--all", action="store_true", help="end the randomisation: publish the list")
    _reason(unblind)


def _action(actions: Subparsers, name: str, does: str) -> ArgumentParser:
    action = actions.add_parser(
        name,
        help=does,
        description=f"{does[0].upper()}{does[1:]}.",
        allow_abbrev=False,
    )
    action.add_argument("trial", metavar="TRIAL", type=Path, help="the trial's folder")
    return action


def _vault(parser: ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "--vault",
        metavar="DIR",
        type=Path,
        required=required,
        help="the folder of keys and sealed list, apart from the trial's",
    )


def _person(parser: ArgumentParser) -> None:
    parser.add_argument("--by", metavar="NAME", required=True, help="who does this")


def _subject(parser: ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "--subject",
        metavar="ID",
        required=required,
        default="",
        help="the participant; where clusters are randomised, the cluster",
    )


def _levels(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--level",
        metavar="FACTOR=LEVEL",
        action="append",
        default=[],
        help="the participant's level of a factor, as entered; once for each factor",
    )


def _reason(parser: ArgumentParser) -> None:
    parser.add_argument("--reason", required=True, help="why; it is kept")


def _plan_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--law",
        default="",
        metavar="LAW",
        help="simple, blocks, efron, urn, big-stick or minimisation (default: the protocol's)",
    )
    parser.add_argument(
        "--blocks", default="", metavar="4,6", help="block lengths, each drawn with equal chance"
    )
    parser.add_argument("--p", default="", metavar="2/3", help="chance of efron or minimisation")
    parser.add_argument("--limit", type=int, default=3, help="big stick: most units apart")
    parser.add_argument("--alpha", type=int, default=0, help="urn: balls of each to begin with")
    parser.add_argument("--beta", type=int, default=1, help="urn: balls added of the others")
    parser.add_argument("--imbalance", default="range", help="minimisation: what is minimised")
    parser.add_argument("--preference", default="best", help="minimisation: best or ranks")
    parser.add_argument(
        "--factor",
        action="append",
        default=[],
        metavar="NAME=A,B[:WEIGHT]",
        help="levels of a stratum, where sites and forms do not tell; weight for minimisation",
    )
    parser.add_argument("--slots", type=int, metavar="N", help="slots of each stratum")
    parser.add_argument(
        "--participants",
        type=int,
        metavar="N",
        help="expected in all; where clusters are randomised, so many clusters",
    )
    parser.add_argument(
        "--allow-fixed", action="store_true", help="allow blocks of one length without blinding"
    )
    parser.add_argument(
        "--training", action="store_true", help="a dummy list to train with, in another vault"
    )
