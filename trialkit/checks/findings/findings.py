"""What validation found: one row a problem, worded so that a coordinator can act on it."""

import hashlib
from dataclasses import dataclass

import pandas as pd

from trialkit.schemas.forms.forms import Severity

COLUMNS = (
    "subject_id",
    "site",
    "visit",
    "repeat",
    "form",
    "item",
    "label",
    "value",
    "missing_code",
    "rule_id",
    "severity",
    "message",
    "query_key",
    "cause",
)


def query_key(
    *, subject_id: str, visit: str, repeat: str, form: str, item: str, rule_id: str
) -> str:
    """The name of a problem, the same in every run: a hash of its place and its rule."""
    return key_of(f"{subject_id}\x1f{visit}\x1f{repeat}\x1f{form}\x1f{item}\x1f{rule_id}")


def key_of(place_and_rule: str) -> str:
    """The query key of a place and a rule, joined by the unit separator.

    It begins with a letter, since a spreadsheet takes ``0123e456`` for a number and rounds it.
    """
    return "q" + hashlib.sha256(place_and_rule.encode()).hexdigest()[:15]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """All findings of one validation, in the order of forms, rows and items."""

    frame: pd.DataFrame
    """The columns are ``COLUMNS``, all text; severity is one of hard, soft, note. ``cause`` is the query
    key of the finding that this one follows from; it is empty where there is none."""

    def to_frame(self) -> pd.DataFrame:
        """The listing, one row a finding."""
        return self.frame

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return int((self.frame["severity"] == severity.value).sum())

    @property
    def hard(self) -> int:
        """How many findings stop the analysis."""
        return self.count(Severity.HARD)
