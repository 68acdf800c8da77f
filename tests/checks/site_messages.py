"""Every message that a site may read, provoked one by one: ``python -m tests.checks.site_messages`` writes the list.

The list is read by a human eye before it is kept: a site is shown no arm and nothing of other sites.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import trialkit
from tests.checks.provoked import provoked
from tests.checks.query_trial import SCHEMAS, QueryTrial, key_of
from trialkit.checks.findings.findings import Findings
from trialkit.checks.listings.for_sites import for_sites
from trialkit.checks.listings.marking import listing
from trialkit.checks.queries.answer_files import AnswerRow
from trialkit.checks.queries.answering import record_answers
from trialkit.checks.queries.queries import Queries
from trialkit.checks.queries.right_values import why_no_value_fits
from trialkit.checks.trial.words_for_none import says_none
from trialkit.errors import DataFileError
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.items.item_types import ItemType

LIST = Path(__file__).with_name("site_messages.txt")
TO_SITES = "What findings ask a site, by rule"
TO_COORDINATORS = "What findings tell the coordinator alone, by rule"
_PACKAGE = Path(trialkit.__file__).parent
_WORDS_NO_RULE = "checking_a_part.py"
"""It refuses whoever asks for a check that their role cannot be given; a site is sent none of it."""
_WORDED = (
    *(
        each
        for each in sorted((_PACKAGE / "checks" / "trial").glob("*.py"))
        if each.name != _WORDS_NO_RULE
    ),
    *sorted((_PACKAGE / "checks" / "judging").glob("*.py")),
    _PACKAGE / "checks" / "listings" / "marking.py",
    _PACKAGE / "schemas" / "forms" / "declared.py",
)
"""Where rules are put into words."""
_NEVER_UNREADABLE = (ItemType.TEXT, ItemType.CHOICE, ItemType.MULTI_CHOICE, ItemType.CALCULATED)
"""What is read whatever it is, or is held against the choices or the value that follows."""


def messages() -> str:
    """The list: what findings ask a site, what they tell the coordinator, what is said of answers."""
    to_sites, to_coordinators = _lines_of_rules()
    return "\n".join(
        [
            TO_SITES,
            *to_sites,
            "",
            TO_COORDINATORS,
            *to_coordinators,
            "",
            "What is said of the answers of a site",
            *(f"  {each}" for each in _of_answers()),
            "",
        ]
    )


def listed_rules(head: str) -> dict[str, list[str]]:
    """The messages of the list under a heading, by rule."""
    part = LIST.read_text(encoding="utf-8").partition(f"{head}\n")[2].partition("\n\n")[0]
    found: dict[str, list[str]] = {}
    for line in part.splitlines():
        rule, _, message = line.strip().partition(": ")
        found.setdefault(rule, []).append(message)
    return found


def _lines_of_rules() -> tuple[list[str], list[str]]:
    """For sites and for coordinators the lines that show a rule, or words of one, for the first time."""
    kept: tuple[list[tuple[str, str]], ...] = ([], [])
    shown: tuple[set[tuple[str, str]], ...] = (set(), set())
    every = pieces()
    for frame, schemas in provoked():
        whole = listing(Findings(frame=frame), Queries(), "")
        for at, part in enumerate((for_sites(whole, schemas), whole)):
            titles = {form.id: form.title for form in schemas.forms}
            told = part.asking(titles).frame[["rule_id", "message"]]
            for rule, message in told.itertuples(index=False, name=None):
                new = {("", rule), *((rule, each) for each in every if each in message)} - shown[at]
                if at and (rule, message) in kept[0]:
                    new = set()
                if new - (shown[0] if at else set()):
                    shown[at].update(new)
                    kept[at].append((rule, message))
    return tuple(sorted(f"  {rule}: {message}" for rule, message in each) for each in kept)


def pieces() -> frozenset[str]:
    """The words that rules are told in, as the modules have them between what is filled in."""
    in_modules = (
        piece
        for path in _WORDED
        for text in _texts(ast.parse(path.read_text(encoding="utf-8")))
        for piece in re.split(r"\{[^}]*\}", text)
    )
    kinds = (each.kind.said(DataFormat()) for each in ItemType if each not in _NEVER_UNREADABLE)
    return frozenset(
        piece
        for piece in (*in_modules, *kinds)
        if re.search("[a-z].* .*[a-z]", piece) and not says_none(piece)
    )


def _texts(tree: ast.Module) -> Iterator[str]:
    """The texts of a module that are no docstrings."""
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def _of_answers() -> Iterator[str]:
    trial = QueryTrial(values={"S1": "97"}, severities={"97": "soft"})
    start = trial.validate()
    query = start.by_key[key_of("S1")]
    once = record_answers(
        [_row(query.query_key, query.asked, turn=query.turn, right_value="41")],
        start, trial="T", schemas=SCHEMAS,
    ).queries  # fmt: skip
    for queries, changed in (
        (start, {"answer": "", "reason": "as it was"}),
        (start, {"answer": "", "right_value": "41"}),
        (start, {"answer": "confirm"}),
        (start, {"answer": "confirmed", "reason": ""}),
        (start, {"answer": "confirmed", "right_value": "41"}),
        (start, {"answered_by": ""}),
        (start, {"reason": "x" * 2001}),
        (start, {"right_value": "4l"}),
        (start, {"trial": "OTHER"}),
        (once, {"answer": "confirmed", "turn": query.turn}),
        (once, {"right_value": "42", "answered_by": "Bo"}),
    ):
        row = _row(query.query_key, query.asked, **changed)
        try:
            record_answers([row], queries, trial="T", schemas=SCHEMAS)
        except DataFileError as error:
            yield str(error).partition("\n  - ")[2]

    for item in ("", "subject_id", "total"):
        yield f"row 2: {why_no_value_fits(replace(query, item=item), SCHEMAS)}"


def _row(key: str, asked: str, **changed: str) -> AnswerRow:
    plain = {
        "place": "row 2", "trial": "T", "answer": "corrected", "reason": "misread",
        "answered_by": "Ana",
    }  # fmt: skip
    return AnswerRow(query_key=key, asked=asked, **{**plain, **changed})


if __name__ == "__main__":
    LIST.write_text(messages(), encoding="utf-8")
