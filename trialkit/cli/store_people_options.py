"""The options of the actions of ``trialkit store`` that are about people."""

from collections.abc import Callable
from pathlib import Path

from trialkit.cli.event_argument import event_number
from trialkit.cli.store_places import Subparsers, acting, action


def add_people_actions(actions: Subparsers, folder: Callable[[str], Path]) -> None:
    """Grant, revoke, list, and say where participants are."""
    grant = action(actions, "grant", "give somebody a role, at a site or everywhere", folder)
    grant.add_argument("account", metavar="ACCOUNT", help="by which the person is logged in")
    grant.add_argument(
        "to_role",
        metavar="AS",
        help="coordinator, investigator, monitor, 'data manager', 'blinded statistician', "
        "'unblinded statistician' or auditor",
    )
    grant.add_argument("--name", metavar="NAME", default="", help="the person's name in print")
    grant.add_argument(
        "--at", dest="at_site", metavar="CODE", default="", help="at this site (default: every one)"
    )
    grant.add_argument(
        "--form",
        metavar="FORM",
        action="append",
        default=[],
        help="for this form; once for each (default: every form)",
    )
    grant.add_argument(
        "--begin-roles",
        action="store_true",
        help="of the first role of a store: from it on roles bind everybody, you too; without it you are told "
        "what you may not do then, and nothing is granted",
    )
    acting(grant)
    revoke = action(actions, "revoke", "end a role that was granted", folder)
    revoke.add_argument(
        "event",
        metavar="EVENT",
        type=event_number,
        help="the event that granted it, as 'people' lists it",
    )
    revoke.add_argument("--reason", metavar="TEXT", required=True, help="why; it is kept")
    acting(revoke)
    action(actions, "people", "who was granted what, and what holds", folder)
    placed = action(
        actions, "place", "keep at which site everybody is, as the forms have it", folder
    )
    acting(placed)
    allocate = action(actions, "allocate", "randomise one participant; the log has no arm", folder)
    unblind = action(actions, "unblind", "show one participant's arm, for a reason", folder)
    for parser in (allocate, unblind):
        parser.add_argument("subject", metavar="SUBJECT", help="the participant")
        parser.add_argument(
            "--vault",
            metavar="DIR",
            type=Path,
            required=True,
            help="the folder of keys and sealed list, apart from the trial's",
        )
        acting(parser)
    allocate.add_argument(
        "--level",
        metavar="FACTOR=LEVEL",
        action="append",
        default=[],
        help="the participant's level of a factor, once for each; need not be named where a form records it",
    )
    unblind.add_argument("--reason", metavar="TEXT", required=True, help="why; it is kept")
