"""Whether a row is a subject, where an estimator takes one of each and nobody said which is whose.

Rows that stand for visits would count a subject several times, with limits that are too narrow.
"""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import column, plain
from trialkit.errors import AnalysisError

NAMES_OF_SUBJECTS = frozenset(
    [
        "id",
        "subject",
        "subjectid",
        "subjid",
        "usubjid",
        "patient",
        "patientid",
        "patid",
        "ptid",
        "pid",
        "participant",
        "participantid",
        "person",
        "personid",
        "record",
        "recordid",
    ]
)
"""What the column of the subject is called, without case, spaces and signs."""
NAMES_OF_VISITS = frozenset(
    [
        "visit",
        "visitid",
        "visitnum",
        "visitno",
        "visitname",
        "avisit",
        "avisitn",
        "timepoint",
        "redcapeventname",
    ]
)


def refuse_repeated(
    frame: pd.DataFrame, subject: str | None, *, used: np.ndarray, grouped: Sequence[str] = ()
) -> None:
    """Refuse a subject with two rows among those ``used``: it would count as two people.

    Without ``subject`` a column that is plainly its id, or plainly the visit, is looked at; one that
    the model has as a group (``grouped``) may repeat.
    """
    if subject is None:
        _refuse_several_visits(frame, used, grouped=grouped)
        return
    named = column(frame, subject, parameter="subject")[used].dropna()
    if named.duplicated().any():
        who = plain(named[named.duplicated()].iloc[:1])[0]
        raise AnalysisError(
            f"subject {who!r} has more than one row; a comparison between arms takes one each: "
            "choose the visit first, or the row that counts"
        )


def _refuse_several_visits(
    frame: pd.DataFrame, used: np.ndarray, *, grouped: Sequence[str]
) -> None:
    """Refuse rows that are of visits by the names of their columns."""
    subjects = _called(frame, NAMES_OF_SUBJECTS)
    if set(subjects) & set(grouped):
        return
    for name in subjects:
        named = frame[name][used].dropna()
        if named.duplicated().any():
            who = plain(named[named.duplicated()].iloc[:1])[0]
            raise AnalysisError(
                f"the rows are not subjects: {name!r} is {who!r} in more than one of them",
                advice="choose the visit, or the row that counts, first; where each row is a subject "
                "nonetheless, pass subject= the column that tells them apart",
            )
    if subjects:
        return
    for name in _called(frame, NAMES_OF_VISITS):
        visits = plain(pd.unique(frame[name][used].dropna()))
        if len(visits) > 1:
            raise AnalysisError(
                f"the rows are of {len(visits)} visits ({', '.join(map(repr, visits[:4]))} in "
                f"{name!r}), and nothing says which subject each is of",
                advice="choose the visit first, or pass subject= the column that tells subjects apart",
            )


def _called(frame: pd.DataFrame, names: frozenset[str]) -> list[str]:
    """The columns that are called one of ``names``."""
    return [
        each
        for each in frame.columns
        if isinstance(each, str)
        and re.sub(r"[^a-z]", "", each.lower()) in names
        and isinstance(frame[each], pd.Series)
    ]
