"""The options of ``trialkit plan``."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path


def add_plan_actions(parser: ArgumentParser, *, folder: Callable[[str], Path]) -> None:
    """``check``, ``lock`` and ``history``: what a plan lacks, and the record of when it was made."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser(
        "check",
        help="everything that a trial lacks, by the step that needs it",
        description="Everything that is lacking or wrong in protocol.toml and forms/, by the step "
        "that needs it, and what to write.",
        allow_abbrev=False,
    )
    lock = actions.add_parser(
        "lock",
        help="record the plan as it stands, with the day, and whether there were outcomes",
        description="Record the plan as it stands now in TRIAL/plan_locks.jsonl: its content and hash, "
        "who locked it, when, and how many participants had an outcome in the data by then. The "
        "report says of each analysis what this record shows. What is locked later is an amendment.",
        allow_abbrev=False,
    )
    lock.add_argument("--by", metavar="NAME", default="", help="who locks it (default: your login)")
    lock.add_argument(
        "--reason", metavar="TEXT", default="", help="why; of an amendment why it was made"
    )
    history = actions.add_parser(
        "history",
        help="each lock of the plan, and what was changed by it and since",
        description="Each lock of the plan with what the data held, what each amendment changed, and "
        "what stands in protocol.toml now and was never locked.",
        allow_abbrev=False,
    )
    for each in (check, lock, history):
        each.add_argument(
            "trial",
            metavar="TRIAL",
            type=folder,
            help="the trial's folder, with protocol.toml in it",
        )
