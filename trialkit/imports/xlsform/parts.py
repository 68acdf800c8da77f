"""A piece of a translated expression: its words, what kind of value it is, and how kinds meet."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from trialkit.imports.xlsform.xpath import COMPARISON, VALUE
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.expressions.writing import decided, part_of, quoted
from trialkit.schemas.forms.expressions import COUNT, Kind
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.names import KIND_OF

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_TRUTHS = {"yes": "yes", "OK": "yes", "true": "yes", "1": "yes"} | dict.fromkeys(
    ("no", "false", "0"), "no"
)
"""What an answer of yes or no is called in an XLSForm: its code, or what is kept of a box or a truth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as an expression may name it."""

    name: str
    """Its name in the rule: ``item``, or ``form.item`` of another form."""
    item: Item
    whole: bool = False
    """Whether what is worked out for it is a number without decimals."""

    @property
    def nature(self) -> Nature:
        """What its answers are."""
        return self.item.kind.nature


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a translated expression."""

    text: str
    kind: Kind
    level: int = VALUE
    asked: Asked | None = None
    """The question that it is, if it is one alone."""
    quoted: str | None = None
    """The text that it states, if it is one."""
    length_of: str = ""
    """The text whose length it is."""
    holds: bool | None = None
    """Whether it is true whatever is entered, or false; None where that depends."""
    known: tuple[str, ...] = ()
    """The only texts that it can be, where that is known."""
    whole: bool = False
    """Whether it is a number without decimals."""
    as_a_number: str = ""
    """Of a text that is the digits of a number, that number."""

    def within(self, level: int) -> str:
        """The text as a part of something that binds this tightly."""
        return self.text if self.level >= level else f"({self.text})"


NULL = Part(text="NULL", kind=Kind.NULL, quoted="")
ALWAYS = Part(text="TRUE", kind=Kind.BOOLEAN, holds=True)
NEVER = Part(text="FALSE", kind=Kind.BOOLEAN, holds=False)


def answer(asked: Asked) -> Part:
    """A question as a part."""
    codes = asked.item.codes if asked.nature is Nature.CODE else ()
    return Part(
        text=asked.name,
        kind=KIND_OF[asked.nature],
        asked=asked,
        known=codes,
        whole=asked.whole or asked.nature is Nature.WHOLE,
    )


def stated(text: str) -> Part:
    """A text in quotation marks."""
    return Part(text=quoted(text), kind=Kind.QUOTED, quoted=text, known=(text,))


def number(text: str, level: int = VALUE, *, whole: bool = False) -> Part:
    """Something that is reckoned with."""
    return Part(text=text, kind=Kind.NUMBER, level=level, whole=whole or text.isdecimal())


def is_numeral(text: str) -> bool:
    """Whether a text is the digits of a number."""
    return bool(_NUMBER.fullmatch(text.strip()))


def is_condition(part: Part) -> bool:
    """Whether it is a condition, and no answer of yes or no."""
    return part.kind is Kind.BOOLEAN and part.asked is None


def as_number(part: Part) -> Part:  # noqa: PLR0911 - one a kind of part
    """A part as arithmetic takes it: a code as the number that it is, a condition as 1 or 0."""
    if part.kind is Kind.NUMBER:
        return part
    if part.as_a_number:
        return number(part.as_a_number, whole=part.whole)
    if part.quoted is not None and _NUMBER.fullmatch(part.quoted.strip()):
        return number(part.quoted.strip())
    if part.kind is Kind.NULL:
        return part
    if is_condition(part):
        return number(f"IF({part.text}, 1, 0)", whole=True)
    if part.kind is Kind.TEXT and not part.known:
        return number(f"TO_NUMBER({part.text})")
    codes = [code for code in part.known if _NUMBER.fullmatch(code)]
    if part.kind is Kind.TEXT and codes:
        if len(codes) == len(part.known) and part.asked is not None:
            return number(f"TO_NUMBER({part.text})")
        numbers = [f"IF({part.text} = '{code}', {code}, NULL)" for code in codes]
        return number(numbers[0] if len(numbers) == 1 else f"COALESCE({', '.join(numbers)})")
    raise ExpressionError(f"{part.text} is reckoned with, and is no number here")


def as_condition(part: Part) -> Part:
    """A part as a condition: an answer of any kind is true where there is one, a number unless 0."""
    if is_condition(part):
        return part
    if part.quoted is not None:
        return ALWAYS if part.quoted else NEVER
    if part.kind is Kind.NUMBER:
        if _NUMBER.fullmatch(part.text):
            return ALWAYS if float(part.text) else NEVER
        return Part(text=decided(f"{part.within(COMPARISON + 1)} <> 0", "="), kind=Kind.BOOLEAN)
    return Part(
        text=f"{part.within(COMPARISON + 1)} IS NOT NULL", kind=Kind.BOOLEAN, level=COMPARISON
    )


def as_text(part: Part) -> Part:
    """A part as a text, where its text is known to be the one that ODK keeps."""
    if part.kind is Kind.NUMBER and _NUMBER.fullmatch(part.text):
        return stated(part.text)
    if part.kind is Kind.NUMBER and (written := _digits(part)):
        return Part(
            text=f"TO_TEXT({written})",
            kind=Kind.TEXT,
            as_a_number=part.within(VALUE),
            whole=part.whole,
        )
    if part.asked is not None and part.asked.nature is Nature.TRUTH:
        name = part.text
        return Part(
            text=f"IF({name} IS NULL, NULL, IF({name}, 'yes', 'no'))",
            kind=Kind.TEXT,
            known=("yes", "no"),
        )
    if is_condition(part):
        return Part(
            text=f"IF({part.text}, 'true', 'false')", kind=Kind.TEXT, known=("true", "false")
        )
    return part


def _digits(part: Part) -> str:
    """A number of which it is known how ODK writes it: one that was entered, or one without decimals."""
    if part.asked is not None and part.asked.item.kind.is_asked:
        return part.text
    return f"FLOOR({part.text})" if part.whole else ""


def as_day(part: Part) -> Part:
    """A part as a date, where it is a free text that may state one."""
    if part.kind is Kind.TEXT and not part.known:
        return Part(text=f"TO_DATE({part.text})", kind=Kind.DATE)
    return part


def ticked(asked: Asked, code: str) -> str:
    """Whether a choice was chosen; nobody chose it where nothing is entered."""
    if code not in asked.item.codes:
        raise ExpressionError(f"{code!r} is no choice of {asked.item.id}")
    return decided(part_of(asked.name, code), "=")


def alike(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The branches of one value as one kind, blanks as NULL.

    Raises :class:`ExpressionError` where they cannot be.
    """
    parts = [NULL if part.quoted == "" else part for part in parts]
    kinds = {part.kind for part in parts} - {Kind.NULL}
    if not kinds:
        raise ExpressionError("it gives nothing, whatever is entered")
    if Kind.DATE in kinds and Kind.TEXT in kinds:
        parts = [as_day(part) for part in parts]
        kinds = {part.kind for part in parts} - {Kind.NULL}
    if len(kinds) == 1 and not kinds & {Kind.QUOTED, Kind.BOOLEAN}:
        return _freed(parts)
    if all(_is_numeric(part, beside=kinds) for part in parts):
        return tuple(as_number(part) for part in parts)
    if Kind.NUMBER not in kinds and kinds & {Kind.DATE, Kind.MOMENT, Kind.TIME}:
        return tuple(parts)
    truths = [part for part in parts if part.kind is Kind.BOOLEAN]
    if kinds == {Kind.BOOLEAN} and len({is_condition(part) for part in truths}) == 1:
        return tuple(parts)
    texts = [as_text(part) for part in parts]
    if all(part.kind in {Kind.TEXT, Kind.QUOTED, Kind.NULL} for part in texts):
        return _freed(texts)
    said = " and ".join(part.text for part in parts)
    raise ExpressionError(f"{said} are of several kinds")


def _freed(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The branches of a text, those of a question as any text where another is no choice of it."""
    said = {part.quoted for part in parts if part.quoted}
    return tuple(
        replace(part, text=f"CONCAT({part.text})", asked=None)
        if part.kind is Kind.TEXT and part.asked is not None and part.known and said - {*part.known}
        else part
        for part in parts
    )


def kind_of(parts: Sequence[Part]) -> Kind:
    """The kind of a value that is one of these."""
    kinds = [part.kind for part in parts if part.kind is not Kind.NULL]
    kind = next((each for each in kinds if each is not Kind.QUOTED), Kind.TEXT)
    return Kind.TEXT if kind is Kind.QUOTED else kind


def known_of(parts: Sequence[Part]) -> tuple[str, ...]:
    """The only texts that a value which is one of these can be; none where that is not known."""
    given = [part for part in parts if part.kind is not Kind.NULL]
    if not all(part.known for part in given):
        return ()
    return tuple(dict.fromkeys(text for part in given for text in part.known))


def compared_alike(left: Part, right: Part, sign: str) -> tuple[Part, Part]:
    """The two sides of a comparison as our rules can compare them."""
    return _fitting(left, right, sign), _fitting(right, left, sign)


def _fitting(  # noqa: PLR0911 - one a pair of kinds
    part: Part, other: Part, sign: str
) -> Part:
    """A part as it can be compared with another: by size as numbers, else in the other's words."""
    by_size = sign not in {"=", "<>"}
    if by_size and all(e.kind in {Kind.NUMBER, Kind.TEXT, Kind.QUOTED} for e in (part, other)):
        return as_number(part)
    match part.kind, other.kind:
        case Kind.TEXT, Kind.DATE | Kind.MOMENT:
            return as_day(part)
        case Kind.NUMBER, Kind.TEXT if other.as_a_number:
            return part
        case Kind.TEXT, Kind.NUMBER if part.as_a_number:
            return as_number(part)
        case Kind.NUMBER, Kind.TEXT:
            return part if other.known and not _NUMBER.fullmatch(part.text) else as_text(part)
        case Kind.TEXT, Kind.NUMBER if part.known and not _NUMBER.fullmatch(other.text):
            return as_number(part)
        case Kind.QUOTED, Kind.NUMBER:
            return as_number(part)
        case Kind.QUOTED, Kind.BOOLEAN:
            return _truth(part)
        case Kind.BOOLEAN, Kind.NUMBER if is_condition(part):
            return as_number(part)
        case Kind.BOOLEAN, Kind.NUMBER | Kind.TEXT:
            return as_text(part)
        case Kind.NUMBER, Kind.BOOLEAN if not is_condition(other):
            return as_text(part)
    return part


def _truth(part: Part) -> Part:
    truth = _TRUTHS.get(part.quoted or "")
    if truth is None:
        raise ExpressionError(f"{part.text} is compared with an answer of yes or no")
    return stated(truth)


def _is_numeric(part: Part, *, beside: Collection[Kind]) -> bool:
    if part.kind in {Kind.NUMBER, Kind.NULL}:
        return True
    if part.kind is Kind.TEXT and Kind.NUMBER in beside:
        return any(map(_NUMBER.fullmatch, part.known))
    return part.quoted is not None and bool(_NUMBER.fullmatch(part.quoted.strip()))


def _day_as_text(part: Part) -> Part:
    """A date as the text that ODK keeps of it."""
    if part.kind is not Kind.DATE:
        return part
    numbers = [f"{name}({part.text})" for name in ("MONTH", "DAY")]
    padded = [f"IF({each} < 10, CONCAT('0', TO_TEXT({each})), TO_TEXT({each}))" for each in numbers]
    text = f"CONCAT(TO_TEXT(YEAR({part.text})), '-', {padded[0]}, '-', {padded[1]})"
    return Part(text=text, kind=Kind.TEXT)


def together(given: Sequence[Part]) -> Part:
    """Texts one behind the other; unknown where one of them is."""
    parts = [as_text(part) for part in given if part.quoted != ""]
    parts = [_day_as_text(part) for part in parts]
    for part in parts:
        if part.kind not in {Kind.TEXT, Kind.QUOTED}:
            raise ExpressionError(
                f"concat() of {part.text}, of which no text is known that ODK makes"
            )
    return Part(text=f"CONCAT({', '.join(part.text for part in parts)})", kind=Kind.TEXT)


def only_choice(asked: Asked, code: str) -> str:
    """Whether this choice and no other of several was chosen."""
    return f"({ticked(asked, code)} AND {asked.name}{COUNT} = 1)"
