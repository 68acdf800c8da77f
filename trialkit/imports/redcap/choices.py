"""The choices of a REDCap field, ``code, label | code, label``, and the names of their columns."""

import re
from dataclasses import dataclass, replace

from trialkit.imports.redcap.plain_text import plain
from trialkit.protocol.tables.labels import told_apart

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_CODE = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer: its code and its label as plain text."""

    code: str
    """Its code in the trial."""
    label: str
    raw: str = ""
    """Its code in REDCap, where the trial has another."""

    @property
    def in_redcap(self) -> str:
        """Its code in REDCap."""
        return self.raw or self.code

    @property
    def number(self) -> float | None:
        """The number that its code in REDCap is, if it is one."""
        return float(self.in_redcap) if _NUMBER.fullmatch(self.in_redcap) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The choices of a field, and what was wrong with some of them."""

    all: tuple[Choice, ...]
    complaints: tuple[str, ...] = ()
    relabelled: tuple[Choice, ...] = ()
    """Those whose label another has, too, as they were before the code stood behind it."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, in order."""
        return tuple(choice.code for choice in self.all)


def read_choices(text: str) -> Choices:
    """The choices in a cell of the dictionary; a label may hold commas, but no vertical bar.

    REDCap allows two codes with one label; here the code then stands behind it.
    """
    read: dict[str, Choice] = {}
    complaints = []
    for part in text.split("|"):
        code, comma, label = (each.strip() for each in part.partition(","))
        if not part.strip():
            continue
        if not comma or not _CODE.fullmatch(code):
            complaints.append(f"the choice {part.strip()[:60]!r} is not 'code, label'")
        elif code in read:
            both = f"{read[code].label!r} and {plain(label) or code!r}"
            complaints.append(f"the code {code!r} is there twice, for {both}; the first was taken")
        else:
            read[code] = Choice(code=code, label=plain(label) or code)
    labels = told_apart({code: choice.label for code, choice in read.items()})
    return Choices(
        all=tuple(replace(choice, label=labels[code]) for code, choice in read.items()),
        complaints=tuple(complaints),
        relabelled=tuple(each for code, each in read.items() if each.label != labels[code]),
    )


def checkbox_column(field: str, code: str) -> str:
    """The column of an export that says whether a choice of a checkbox field is ticked.

    REDCap writes codes in small letters, and every other character as ``_``: ``-99`` of ``race``
    is ``race____99``.
    """
    return f"{field}___{re.sub('[^a-z0-9_]', '_', code.lower())}"
