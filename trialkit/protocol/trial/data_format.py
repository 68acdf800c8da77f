"""How the entered data are written, and when they were taken: delimiter, dates, codes, the cut."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from trialkit.errors import ProtocolError
from trialkit.protocol.trial.roles import TrialRole


class DateOrder(StrEnum):
    """How dates are written in the data files."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?")

_PASSWORD = re.compile(r"://[^/@]*:[^/@]*@|[?&]password=")
"""A password in a URL."""

_ANSWERS = frozenset({"yes", "no", "y", "n", "true", "false"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingCode:
    """A coded reason for a missing value."""

    code: str
    label: str
    not_applicable: bool = False
    """Whether the value could not exist, so that it leaves the denominator."""
    instead_of: str = ""
    """The code of every trial in whose place it stands, so that an answer may have that code."""

    def __post_init__(self) -> None:
        if not self.code or self.code != self.code.strip():
            raise ProtocolError(
                f"a missing code is a text without white space around it, got {self.code!r}; "
                "a blank cell needs no code"
            )
        if _NUMBER.fullmatch(self.code):
            raise ProtocolError(
                f"a missing code is no number, got {self.code!r}, since a number may be a value; "
                "use letters, such as 'ND'"
            )
        if self.code.casefold() in _ANSWERS:
            raise ProtocolError(f"a missing code is no answer to a question, got {self.code!r}")


DEFAULT_MISSING_CODES = (
    MissingCode(code="ND", label="not done"),
    MissingCode(code="REF", label="refused"),
    MissingCode(code="UNK", label="unknown"),
    MissingCode(code="NASK", label="not asked"),
    MissingCode(code="ASKU", label="asked but unknown"),
    MissingCode(code="MF", label="measurement failed"),
    MissingCode(code="WD", label="withdrawn"),
    MissingCode(code="LTFU", label="lost to follow-up"),
    MissingCode(code="NA", label="not applicable", not_applicable=True),
)


_EVERY_TRIALS = frozenset(each.code for each in DEFAULT_MISSING_CODES)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFormat:
    """How the data files are written, declared because half the world's Excel differs."""

    delimiter: str = ","
    decimal: str = "."
    dates: DateOrder = DateOrder.YMD
    encoding: str = "utf-8"
    missing_codes: tuple[MissingCode, ...] = ()
    cut: date | None = None
    """The data cut; None while data come in, when each run is of its own day."""
    store: str = ""
    """The evidence store that the data are in, a file from the trial's folder or a PostgreSQL URL without
    a password; empty where they are files in ``data/``."""
    arms_seen_by: tuple[TrialRole, ...] = ()
    """The roles that read and enter arms in the forms of an evidence store, beside the unblinded
    statistician."""

    def __post_init__(self) -> None:
        if self.delimiter not in {",", ";", "\t", "|"}:
            raise ProtocolError(
                f"delimiter must be one of ',', ';', tab or '|', got {self.delimiter!r}"
            )
        if self.decimal not in {".", ","}:
            raise ProtocolError(f"decimal must be '.' or ',', got {self.decimal!r}")
        if self.delimiter == self.decimal:
            raise ProtocolError("delimiter and decimal are both ','; use delimiter = ';'")
        if _PASSWORD.search(self.store):
            raise ProtocolError(
                "store holds a password; leave it out, and set PGPASSWORD or write it to ~/.pgpass"
            )
        self._refuse_places_that_cannot_be_taken()
        self._refuse_codes_that_look_alike()

    def _refuse_places_that_cannot_be_taken(self) -> None:
        """A code stands in the place of one that every trial has, and is the only one there."""
        known = [each.code for each in DEFAULT_MISSING_CODES]
        own = {each.code for each in self.missing_codes}
        taken = [each.instead_of for each in self.missing_codes if each.instead_of]
        for code in taken:
            if code not in known:
                raise ProtocolError(
                    f"missing_codes has instead_of = {code!r}; expected a code that every trial has, "
                    f"one of {', '.join(known)}"
                )
            if taken.count(code) > 1 or code in own:
                raise ProtocolError(
                    f"missing_codes has instead_of = {code!r} beside another code in its place; "
                    "expected one"
                )

    def _refuse_codes_that_look_alike(self) -> None:
        """Codes are told apart to the letter, so two that differ in case only would be mixed up."""
        own = [each.code for each in self.missing_codes]
        for code in own:
            if own.count(code) > 1:
                raise ProtocolError(f"missing_codes has {code!r} {own.count(code)} times")
            for other in self.all_missing_codes:
                if other.code != code and other.code.casefold() == code.casefold():
                    raise ProtocolError(
                        f"the missing codes {code!r} and {other.code!r} differ only in case"
                    )

    @property
    def all_missing_codes(self) -> tuple[MissingCode, ...]:
        """The codes of every trial, and this trial's own, which may redefine or replace them."""
        own = {name for code in self.missing_codes for name in (code.code, code.instead_of)}
        kept = tuple(code for code in DEFAULT_MISSING_CODES if code.code not in own)
        return kept + self.missing_codes

    def spelled(self, code: str) -> str:
        """How this trial spells a code of every trial."""
        return next((each.code for each in self.missing_codes if each.instead_of == code), code)

    def freed(self, codes: Collection[str]) -> "DataFormat":
        """The same with other spellings for its missing codes among ``codes``, which answers have."""
        taken = {each.code for each in self.all_missing_codes} | set(codes)
        own = {each.code: each for each in self.missing_codes}
        new = {}
        for each in self.all_missing_codes:
            if each.code in codes:
                place = each.instead_of or ("" if each.code not in _EVERY_TRIALS else each.code)
                code = another_spelling(each.code, taken)
                new[each.code] = replace(each, code=code, instead_of=place)
        kept = tuple(new.pop(code, each) for code, each in own.items())
        return replace(self, missing_codes=(*kept, *new.values()))


def another_spelling(code: str, taken: Collection[str]) -> str:
    """A code to propose where an answer has ``code``; none of those that are ``taken``."""
    proposed = f"MISS_{code}"
    while proposed.casefold() in {each.casefold() for each in taken}:
        proposed = f"MISS_{proposed}"
    return proposed
