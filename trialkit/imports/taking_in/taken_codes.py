"""Answers of a source that are spelled as a missing code of the trial: an answer stays an answer.

``ND`` is North Dakota on one form and "not done" in every trial. Nothing is read by its spelling: the
trial's own code is read under another one until a person has decided which of the two gives way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trialkit.grammar import by_number
from trialkit.protocol.trial.data_format import DataFormat, MissingCode
from trialkit.schemas.forms.form_text import quoted

_LISTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelled:
    """An answer that a source may hold, and how it is spelled there."""

    code: str
    what: str
    """The answer as a message calls it: ``'North Dakota' of state``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenCode:
    """A missing code of the trial that is an answer of the source, too."""

    code: MissingCode
    proposed: MissingCode
    """The same reason under a spelling that is free."""
    answers: tuple[str, ...]

    def __str__(self) -> str:
        more = len(self.answers) - _LISTED
        answers = ", ".join(self.answers[:_LISTED]) + (f" and {more} more" if more > 0 else "")
        return (
            f"{self.code.code}: {answers}; and {self.code.label!r}, a missing value of this trial"
        )


def taken_codes(answers: Iterable[Spelled], data: DataFormat) -> tuple[TakenCode, ...]:
    """The missing codes of ``data`` that answers have, each with a spelling to put in its place."""
    found: dict[str, dict[str, None]] = {}
    known = {each.code: each for each in data.all_missing_codes}
    for each in answers:
        if each.code in known:
            found.setdefault(each.code, {})[each.what] = None
    freed = {each.label: each for each in data.freed(frozenset(found)).all_missing_codes}
    return tuple(
        TakenCode(code=known[code], proposed=freed[known[code].label], answers=tuple(what))
        for code, what in found.items()
    )


def in_protocol(code: MissingCode) -> str:
    """The entry of a code in ``[data] missing_codes``."""
    place = f", instead_of = {quoted(code.instead_of)}" if code.instead_of else ""
    applicable = ", not_applicable = true" if code.not_applicable else ""
    return f"{{ code = {quoted(code.code)}, label = {quoted(code.label)}{applicable}{place} }}"


def decision(taken: Sequence[TakenCode], *, missing: str = "") -> str:
    """What there is to decide, in words; ``missing`` is the option that says the other, if there is."""
    noun = by_number(len(taken), "answer is", "answers are")
    head = (
        f"Undecided: {len(taken)} {noun} spelled as a missing code of the trial. An answer stays an "
        "answer; the trial's own code needs another spelling:"
    )
    lines = [
        head,
        *(f"  - {each}" for each in taken),
        "In protocol.toml, below [data], such as:",
        "  missing_codes = [",
        *(f"    {in_protocol(each.proposed)}," for each in taken),
        "  ]",
        "Cells of data/ that hold the code for its reason are to be respelled as well.",
    ]
    if missing:
        code = taken[0].code.code
        lines.append(
            f"Where the source means that there is no value, say so instead: {missing}={code}={code}"
        )
    return "\n".join([*lines, "Then import again."])
