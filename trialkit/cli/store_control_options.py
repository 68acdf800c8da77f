"""The options of ``trialkit store`` that ask, review, hold and sign."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from trialkit.cli.event_argument import event_number
from trialkit.cli.identifier_option import add_show_identifiers
from trialkit.cli.store_places import Subparsers, acting, action

Folder: TypeAlias = Callable[[str], Path]
QUERY_STEPS = (
    "list", "show", "check", "import", "export", "ask", "answer", "comment", "close", "reopen", "cancel", "apply",
)  # fmt: skip
REVIEWS = ("source", "data", "medical")
MEANINGS = ("authorship", "review", "approval", "responsibility")


def add_control_actions(actions: Subparsers, folder: Folder) -> None:
    """What is asked, reviewed, held and signed in a store."""
    action(actions, "status", "what is asked, reviewed, held and signed, and what broke", folder)
    _query(actions, folder)
    _mark(actions, folder)
    _freeze(actions, folder)
    _lock(actions, folder)
    _unlock(actions, folder)
    _sign(actions, folder)
    _passphrase(actions, folder)


def _query(actions: Subparsers, folder: Folder) -> None:
    query = action(
        actions,
        "query",
        "the queries of the store: list, check, ask, answer, close, apply and more",
        folder,
    )
    query.add_argument(
        "step",
        metavar="STEP",
        choices=QUERY_STEPS,
        help=f"{', '.join(QUERY_STEPS)}; show tells all that happened to one, check asks about what the rules find, import and export are of "
        "TRIAL/queries/",
    )
    query.add_argument(
        "key", metavar="QUERY", nargs="?", default="", help="the query, or how its name begins"
    )
    query.add_argument(
        "--text", metavar="WORDS", default="", help="the question, the comment, or the reason"
    )
    query.add_argument(
        "--answer",
        choices=("corrected", "confirmed", "unresolvable"),
        default="",
        help="of answer: what the site says",
    )
    query.add_argument(
        "--right-value",
        metavar="VALUE",
        default="",
        help="of answer: what should stand there instead; (blank) for nothing",
    )
    query.add_argument(
        "--draft", action="store_true", help="of ask: write it down, and ask it later by its name"
    )
    query.add_argument(
        "--from",
        dest="files",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="of answer: record all that sites wrote into the workbook that 'queries send' made (or a CSV "
        "file); once for each",
    )
    query.add_argument(
        "--all",
        action="store_true",
        help="of list: also those that nobody has to do anything about",
    )
    add_show_identifiers(query, where="in the lists")
    _reach(query)
    acting(query)


def _mark(actions: Subparsers, folder: Folder) -> None:
    mark = action(
        actions, "mark", "that the source was verified, or the data were reviewed", folder
    )
    mark.add_argument(
        "--as",
        dest="review",
        choices=REVIEWS,
        default="source",
        help="source data verified (default), reviewed by data management, or by a physician",
    )
    _seen(mark)
    mark.add_argument(
        "--withdraw",
        metavar="EVENT",
        type=event_number,
        help="take back the mark that this event made",
    )
    mark.add_argument("--reason", metavar="TEXT", default="", help="why it is taken back")
    _reach(mark)
    acting(mark)


def _freeze(actions: Subparsers, folder: Folder) -> None:
    freeze = action(
        actions, "freeze", "nothing is entered there any more but answers to queries", folder
    )
    freeze.add_argument("--reason", metavar="TEXT", default="", help="why")
    freeze.add_argument("--database", action="store_true", help="all of it")
    freeze.add_argument(
        "--lift", metavar="EVENT", type=event_number, help="lift the freeze that this event placed"
    )
    _reach(freeze, site=True)
    acting(freeze)


def _lock(actions: Subparsers, folder: Folder) -> None:
    lock = action(
        actions, "lock", "nothing changes there any more; of the database by its checklist", folder
    )
    lock.add_argument("--reason", metavar="TEXT", default="", help="why")
    lock.add_argument(
        "--database", action="store_true", help="all of it, once the checklist is met"
    )
    lock.add_argument(
        "--check", action="store_true", help="with --database: show the checklist, lock nothing"
    )
    lock.add_argument(
        "--waive",
        metavar="LINE=REASON",
        action="append",
        default=[],
        help="with --database: go without source, review, signatures, anchor or backup, and say why",
    )
    lock.add_argument(
        "--backup",
        metavar="SHA256",
        default="",
        help="with --database: the hash that 'store backup' printed",
    )
    lock.add_argument(
        "--anchors",
        metavar="FILE",
        type=Path,
        help="the file of anchors (default: TRIAL/evidence-anchors.txt)",
    )
    _reach(lock, site=True)
    acting(lock)


def _unlock(actions: Subparsers, folder: Folder) -> None:
    unlock = action(
        actions, "unlock", "one person asks with a reason, a second one unlocks", folder
    )
    unlock.add_argument(
        "event",
        metavar="EVENT",
        type=event_number,
        help="the event that locked; of the second person also the one that asks, as 'status' lists it",
    )
    unlock.add_argument(
        "--reason", metavar="TEXT", default="", help="why; without it you are the second person"
    )
    acting(unlock)


def _sign(actions: Subparsers, folder: Folder) -> None:
    sign = action(
        actions,
        "sign",
        "sign what stands there, with the password of your account or your passphrase",
        folder,
    )
    sign.add_argument("--meaning", choices=MEANINGS, required=True, help="what the signature says")
    sign.add_argument("--database", action="store_true", help="all of it")
    _seen(sign)
    sign.add_argument(
        "--passphrase-file",
        "--password-file",
        metavar="FILE",
        type=Path,
        help="a file with the passphrase on its first line, or on a server that asks passwords with that of "
        "your account; without it you are asked",
    )
    _reach(sign, site=True)
    acting(sign)


def _passphrase(actions: Subparsers, folder: Folder) -> None:
    parser = action(
        actions, "passphrase", "set the passphrase that your account signs with", folder
    )
    _secret(parser)
    parser.add_argument(
        "--before-file",
        metavar="FILE",
        type=Path,
        help="a file with the one before on its first line; without it you are asked",
    )
    acting(parser)


def _secret(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file",
        metavar="FILE",
        type=Path,
        help="a file with the passphrase on its first line; without it you are asked",
    )


def _seen(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--as-of",
        metavar="EVENT",
        type=event_number,
        help="the last event that you looked at (default: the last one); what changed since is refused",
    )


def _reach(parser: ArgumentParser, *, site: bool = False) -> None:
    """What it is about; what is not named may be anything."""
    for name, metavar, what in (
        ("subject", "SUBJECT", "this participant"),
        ("visit", "CODE", "this visit"),
        ("form", "FORM", "this form"),
        ("number", "N", "this number of a repeating form"),
        ("item", "ITEM", "this item of the form"),
    ):
        parser.add_argument(f"--{name}", metavar=metavar, default="", help=f"{what} only")
    parser.set_defaults(of_site="")
    if site:
        parser.add_argument(
            "--of-site", metavar="CODE", default="", help="the participants of this site"
        )
