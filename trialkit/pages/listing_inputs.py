"""What the page of findings is made from: frames and names, and nothing of how they are found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

from trialkit.schemas.reading.judged_part import NotJudged


class ExpectedOf(StrEnum):
    """Of whom a form is expected at a visit."""

    EVERYONE = "everyone"
    RANDOMISED = "randomised"
    NOBODY = "nobody"
    """It is filled in as needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A form at a visit, or a form without visits."""

    form: str
    title: str
    visit: str
    expected: ExpectedOf
    arms: tuple[str, ...] = ()
    """The arms whose participants it is for; empty for all."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListingInputs:
    """What the page is made from."""

    trial: str
    title: str
    synthetic: str
    data_cut: date | None
    findings: pd.DataFrame
    """The listing, what is to be done first at the top: the columns of ``findings.csv``."""
    listed: pd.DataFrame
    """Those of the findings that are written out by participant, in the same order."""
    of_each: int
    """How many of a site and a severity are written out at most."""
    columns: tuple[Column, ...]
    sites: Mapping[str, str]
    """Labels by code."""
    people: pd.DataFrame
    """``subject_id, is_randomised, arm, screened, randomised``."""
    cells: pd.DataFrame
    """``subject_id, form, visit, rows, hard, soft, missing, late``."""
    sessions: pd.DataFrame
    """``date, attended``."""
    planned: int | None
    """How many are to be randomised."""
    not_judged: tuple[NotJudged, ...] = ()
    """What is withheld from whoever asks, and what rests on it."""
