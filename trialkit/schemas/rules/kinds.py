"""The parts of a rule, and how two kinds of value meet in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import polars as pl

from trialkit.errors import ProtocolError
from trialkit.protocol.tables.choices import suggestion
from trialkit.schemas.forms.expressions import Kind

_YES_NO = {"yes": True, "no": False}
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RuleTerm:
    """A part of a rule: what kind of value it has, and how polars finds it."""

    kind: Kind
    value: pl.Expr
    wrong: frozenset[str] = frozenset()
    """The columns that say whether a cell that it reads holds what cannot be right."""
    words: str
    """How a message names it."""
    quoted: str = ""
    """The text itself, for quoted text."""
    literal: bool = False
    """Whether the value stands in the rule itself."""
    whole: bool = False
    """Whether it is a number without decimals, which may be added to a date."""
    computed: bool = False
    """Whether it is the result of arithmetic, and so carries rounding errors."""
    size: pl.Expr | None = None
    """How large the numbers are that a computed one has these errors from; None: as large as it is."""
    known: tuple[str, ...] = ()
    """The only texts it can have, where that is known."""
    latest: pl.Expr | None = None
    """Of a date that is known in part: its latest day, while ``value`` is its earliest."""

    @property
    def magnitude(self) -> pl.Expr:
        """The size that its rounding errors go by."""
        return self.value.abs() if self.size is None else self.size


def alike(terms: Sequence[RuleTerm]) -> tuple[RuleTerm, ...]:
    """The terms as one kind: quoted text becomes a date, a time or yes/no beside one.

    Raises :class:`ProtocolError` for kinds that cannot be compared.
    """
    if {Kind.DATE, Kind.MOMENT} <= {term.kind for term in terms}:
        terms = [_day_of(term) for term in terms]
    kinds = [term.kind for term in terms if term.kind not in {Kind.QUOTED, Kind.NULL}]
    kind = kinds[0] if kinds else Kind.TEXT
    models = [term for term in terms if term.kind is kind]
    read = tuple(_as_kind(term, kind, models) for term in terms)
    if odd := next((term for term in read if term.kind not in {kind, Kind.NULL}), None):
        raise ProtocolError(
            f"{models[0].words} is a {kind.value} and {odd.words} a {odd.kind.value}; only values "
            f"of one kind can be compared{_remedy(kind, odd)}"
        )
    return read


def _day_of(term: RuleTerm) -> RuleTerm:
    """The day of a moment, which is all that can be compared with a date."""
    if term.kind is not Kind.MOMENT:
        return term
    return replace(term, kind=Kind.DATE, value=term.value.cast(pl.Date))


def _as_kind(term: RuleTerm, kind: Kind, models: Sequence[RuleTerm]) -> RuleTerm:
    """Quoted text as a value of this kind, where it can be one."""
    if term.kind is not Kind.QUOTED:
        return term
    read = term
    match kind:
        case Kind.TEXT:
            _refuse_unknown_text(term, models)
            read = replace(term, kind=kind)
        case Kind.DATE:
            read = replace(term, kind=kind, value=pl.lit(date_in(term.quoted)))
        case Kind.MOMENT:
            read = replace(term, kind=kind, value=pl.lit(_moment_in(term.quoted)))
        case Kind.TIME:
            if not _TIME.fullmatch(term.quoted):
                raise ProtocolError(f"{term.words}; a time is written '08:30'")
            read = replace(term, kind=kind)
        case Kind.BOOLEAN:
            if term.quoted not in _YES_NO:
                raise ProtocolError(f"{term.words}; a yes/no item is TRUE, FALSE, 'yes' or 'no'")
            read = replace(term, kind=kind, value=pl.lit(_YES_NO[term.quoted]))
    return read


def _refuse_unknown_text(term: RuleTerm, models: Sequence[RuleTerm]) -> None:
    for model in models:
        if model.known and term.quoted not in model.known:
            near = suggestion(term.quoted, list(model.known))
            raise ProtocolError(
                f"{term.words}, which {model.words} can never be; it is one of "
                f"{', '.join(model.known)}{near}"
            )


def _remedy(kind: Kind, odd: RuleTerm) -> str:
    if kind is Kind.TEXT and odd.kind is Kind.NUMBER:
        return f"; codes are texts: write '{odd.words}'"
    if Kind.CHOICES in {kind, odd.kind}:
        return "; ask for one choice, as in reasons__work = TRUE, or for reasons__count"
    if kind is Kind.NUMBER and odd.kind is Kind.QUOTED:
        return "; write numbers without quotation marks"
    return ""


def date_in(text: str) -> date:
    """The date that a text in a rule holds."""
    try:
        return date.fromisoformat(text if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else "")
    except ValueError:
        raise ProtocolError(f"{text!r}, which is no date; write '2025-03-31'") from None


def _moment_in(text: str) -> datetime:
    """The date and time that a text in a rule holds; a trial's data have no time zone."""
    try:
        return datetime.fromisoformat(text if _MOMENT.fullmatch(text) else "")
    except ValueError:
        raise ProtocolError(
            f"{text!r}, which is no date and time; write '2025-03-31 08:30', or DATE '2025-03-31'"
        ) from None
