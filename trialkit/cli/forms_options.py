"""The options of ``trialkit forms``."""

from argparse import ArgumentParser
from pathlib import Path


def add_forms_actions(parser: ArgumentParser) -> None:
    """``check``: read the forms and try them; ``diff``: compare versions; ``sae``: a report on one page."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser(
        "check",
        help="read every form, and try its rules on its own tests",
        description="Read every form, and try its rules on the rows of its [[tests]].",
        allow_abbrev=False,
    )
    check.add_argument(
        "trial", metavar="TRIAL", type=Path, help="the trial's folder, with protocol.toml in it"
    )
    check.add_argument(
        "--strict", action="store_true", help="exit with 1 when a rule has no test that breaks it"
    )
    diff = actions.add_parser(
        "diff",
        help="what a newer version of the forms changes for data entered by the older one",
        description="Compare the forms of two versions of a trial. Each change is safe, needs a mapping "
        "of the data entered before, or is destructive: it has no place for them.",
        allow_abbrev=False,
    )
    diff.add_argument("old", metavar="OLD", type=Path, help="the trial's folder as it was")
    diff.add_argument("new", metavar="NEW", type=Path, help="the trial's folder as it is to be")
    diff.add_argument(
        "--out", metavar="DIR", type=Path, help="also write forms_diff.csv into this folder"
    )
    diff.set_defaults(command="forms_diff")
    sae = actions.add_parser(
        "sae",
        help="one report of a serious adverse event as a page to sign, a PDF without an arm",
        description="One row of the form of kind serious_events as a PDF on one page, without an arm "
        "and without what names a person.",
        allow_abbrev=False,
    )
    sae.add_argument("trial", metavar="TRIAL", type=Path, help="the trial's folder")
    sae.add_argument("subject", metavar="SUBJECT", help="the participant")
    sae.add_argument("--number", metavar="N", help="the report's number, where there are several")
    sae.add_argument(
        "--out", metavar="DIR", type=Path, help="where to write (default: TRIAL/output)"
    )
    sae.set_defaults(command="event_report")
