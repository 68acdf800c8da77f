"""Every message that a site may read, provoked one by one: ``python -m tests.checks.site_messages`` writes the list.

The list is read by a human eye before it is kept: a site is shown no arm and nothing of other sites.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd

from tests.checks import examination
from tests.checks.examination import Examined
from tests.checks.query_trial import SCHEMAS, QueryTrial, key_of
from tests.checks.trial import test_checking
from tests.miniature import Miniature
from trialkit.checks.findings.findings import Findings
from trialkit.checks.listings.for_sites import for_sites
from trialkit.checks.listings.marking import listing
from trialkit.checks.queries.answer_files import AnswerRow
from trialkit.checks.queries.answering import record_answers
from trialkit.checks.queries.queries import Queries
from trialkit.checks.queries.right_values import why_no_value_fits
from trialkit.errors import DataFileError
from trialkit.schemas.forms.forms import Schemas

LIST = Path(__file__).with_name("site_messages.txt")


def messages() -> str:
    """The list: what findings ask, then what is said of answers."""
    asked = sorted(set(_of_small_trials()))
    return "\n".join(
        [
            "What findings ask a site, by rule",
            *(f"  {rule}: {message}" for rule, message in asked),
            "",
            "What is said of the answers of a site",
            *(f"  {each}" for each in _of_answers()),
            "",
        ]
    )


def _readable(frame: pd.DataFrame, schemas: Schemas) -> Iterator[tuple[str, str]]:
    shown = for_sites(listing(Findings(frame=frame), Queries(), ""), schemas).frame
    yield from shown[["rule_id", "message"]].itertuples(index=False, name=None)


def _of_small_trials() -> Iterator[tuple[str, str]]:
    for kind, defects in ((Miniature, test_checking.DEFECTS), (Examined, examination.DEFECTS)):
        seen: set[str] = set()
        for (table, old, new), expected, _ in defects.values():
            if expected is None or expected[4] in seen:
                continue
            seen.add(expected[4])
            trial = kind()
            place = trial.data if table in trial.data else trial.forms
            place[table] = place[table].replace(old, new)
            folder = Path(mkdtemp())
            yield from _readable(trial.findings(folder), trial.schemas(folder))


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
