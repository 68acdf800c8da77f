"""Conditions and calculations of an XLSForm (XPath) in the words of our rules, where they are simple.

A question that is not answered is, in an XLSForm, no number and an empty text: every comparison with
it is false, but "is not", which is true. In a condition of when a question is shown this is kept, by
COALESCE; a constraint is there not looked at where its own question is blank, and a rule here
finds nothing where a value is missing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trialkit.schemas.forms.forms import Item, ItemType

_WORDS = re.compile(
    r"""(?P<space>\s+)
      | \$\{\s*(?P<ask>[^{}\s]+)\s*\}
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<number>\d+(?:\.\d+)?|\.\d+)
      | (?P<self>\.(?!\.))
      | (?P<name>[A-Za-z_][\w-]*)
      | (?P<sign><=|>=|!=|[=<>+\-*(),])""",
    re.VERBOSE,
)
_COMPARED = ("=", "!=", "<", "<=", ">", ">=")
_DEEPEST = 20


class Untranslatable(Exception):  # noqa: N818 - not an error: the row is listed
    """Why an expression has no counterpart here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as an expression may name it."""

    name: str
    """Its name in the rule: ``item``, or ``form.item`` of another form."""
    item: Item


@dataclass(frozen=True, slots=True)
class _Word:
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A piece of a translated expression, and the question that it is, if it is one alone."""

    text: str
    asked: Asked | None = None
    quoted: str | None = None
    number: bool = False
    truth: bool = False


def translated(
    expression: str,
    questions: Mapping[str, Asked],
    *,
    own: Asked | None = None,
    blanks_are_false: bool = False,
) -> str:
    """The expression as our rules say it; ``own`` is what a lone ``.`` stands for.

    Raises :class:`Untranslatable` that says why there is none.
    """
    reader = _Reader(_words(expression), questions, own=own, coalesced=blanks_are_false)
    part = reader.any_of(0)
    if not reader.is_done:
        raise Untranslatable(f"{reader.next_text!r} is not expected there")
    return part.text


def _words(expression: str) -> list[_Word]:
    words, position = [], 0
    while position < len(expression):
        match = _WORDS.match(expression, position)
        if match is None:
            raise Untranslatable(f"{expression[position : position + 12]!r} has no counterpart")
        kind = match.lastgroup or ""
        if kind != "space":
            words.append(_Word(kind, match[kind]))
        position = match.end()
    return words


class _Reader:
    """Reads an expression from left to right, the loosest operator first."""

    def __init__(
        self,
        words: list[_Word],
        questions: Mapping[str, Asked],
        *,
        own: Asked | None,
        coalesced: bool,
    ) -> None:
        self._words = words
        self._place = 0
        self._questions = questions
        self._own = own
        self._coalesced = coalesced

    @property
    def is_done(self) -> bool:
        return self._place >= len(self._words)

    @property
    def next_text(self) -> str:
        return "" if self.is_done else self._words[self._place].text

    def any_of(self, depth: int) -> _Part:
        """Parts joined by ``or``."""
        if depth > _DEEPEST:
            raise Untranslatable("it is nested too deep")
        return self._joined("or", "OR", lambda: self._all_of(depth))

    def _all_of(self, depth: int) -> _Part:
        return self._joined("and", "AND", lambda: self._comparison(depth))

    def _joined(self, word: str, ours: str, read: Callable[[], _Part]) -> _Part:
        parts = [read()]
        while self._takes("name", word):
            parts.append(read())
        if len(parts) == 1:
            return parts[0]
        return _Part(text=f" {ours} ".join(each.text for each in parts), truth=True)

    def _comparison(self, depth: int) -> _Part:
        left = self._sum(depth)
        sign = self.next_text
        if self.is_done or self._words[self._place].kind != "sign" or sign not in _COMPARED:
            return left
        self._place += 1
        return self._compared(left, sign, self._sum(depth))

    def _compared(self, left: _Part, sign: str, right: _Part) -> _Part:
        for one, other in ((left, right), (right, left)):
            if one.quoted == "" and sign in {"=", "!="}:
                return _Part(text=f"{other.text} IS {'NOT ' * (sign == '!=')}NULL", truth=True)
        left, right = _fitting(left, right, sign), _fitting(right, left, sign)
        text = f"{left.text} {'<>' if sign == '!=' else sign} {right.text}"
        if self._coalesced:
            text = f"COALESCE({text}, {'TRUE' if sign == '!=' else 'FALSE'})"
        return _Part(text=text, truth=True)

    def _sum(self, depth: int) -> _Part:
        return self._arithmetic({"+": "+", "-": "-"}, lambda: self._product(depth))

    def _product(self, depth: int) -> _Part:
        return self._arithmetic({"*": "*", "div": "/"}, lambda: self._value(depth))

    def _arithmetic(self, signs: Mapping[str, str], read: Callable[[], _Part]) -> _Part:
        part = read()
        while not self.is_done and self.next_text in signs:
            sign = signs[self.next_text]
            self._place += 1
            part = _Part(text=f"{_numeric(part).text} {sign} {_numeric(read()).text}", number=True)
        return part

    def _value(self, depth: int) -> _Part:  # noqa: PLR0911 - one a kind of word
        if self.is_done:
            raise Untranslatable("it ends too early")
        word = self._words[self._place]
        self._place += 1
        match word.kind:
            case "number":
                return _Part(text=word.text, number=True)
            case "text":
                return _Part(text=_sql(word.text[1:-1]), quoted=word.text[1:-1])
            case "ask":
                return self._question(word.text)
            case "self" if self._own is not None:
                return _Part(text=self._own.name, asked=self._own)
            case "name":
                return self._called(word.text, depth)
            case "sign" if word.text == "(":
                inner = self.any_of(depth + 1)
                self._expect(")")
                return _Part(text=f"({inner.text})", number=inner.number, truth=inner.truth)
            case "sign" if word.text == "-":
                return _Part(text=f"-{_numeric(self._value(depth + 1)).text}", number=True)
        raise Untranslatable(f"{word.text!r} has no counterpart there")

    def _question(self, name: str) -> _Part:
        asked = self._questions.get(name)
        if asked is None:
            raise Untranslatable(f"${{{name}}} is no question that holds one value here")
        return _Part(text=asked.name, asked=asked)

    def _called(self, name: str, depth: int) -> _Part:
        if not self._takes("sign", "("):
            raise Untranslatable(f"{name!r} has no counterpart")
        given: list[_Part] = []
        while not self._takes("sign", ")"):
            if given:
                self._expect(",")
            given.append(self.any_of(depth + 1))
        known = _FUNCTIONS.get((name.lower(), len(given)))
        if known is None:
            raise Untranslatable(f"the function {name}() with {len(given)} values")
        return known(given)

    def _takes(self, kind: str, text: str) -> bool:
        if self.is_done or self._words[self._place] != _Word(kind, text):
            return False
        self._place += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._takes("sign", sign):
            raise Untranslatable(f"{sign!r} is missing")


def _fitting(part: _Part, other: _Part, sign: str) -> _Part:
    """A part as it can be compared: codes of choices are texts, and numbers where it is by size."""
    kind = part.asked.item.type if part.asked else None
    if kind is ItemType.CHOICE and sign not in {"=", "!="}:
        return _Part(text=f"TO_NUMBER({part.text})", number=True)
    if kind is ItemType.MULTI_CHOICE:
        raise Untranslatable("several choices cannot be compared with one; selected() can ask")
    against = other.asked.item.type if other.asked else None
    if part.number and against is ItemType.CHOICE and sign in {"=", "!="}:
        return _Part(text=_sql(part.text), quoted=part.text)
    if part.quoted is not None and against in {ItemType.INTEGER, ItemType.DECIMAL}:
        return _Part(text=part.quoted, number=True)
    return part


def _numeric(part: _Part) -> _Part:
    if part.asked and part.asked.item.type is ItemType.CHOICE:
        return _Part(text=f"TO_NUMBER({part.text})", number=True)
    return part


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _selected(given: list[_Part]) -> _Part:
    question, code = given
    asked = question.asked
    if asked is None or code.quoted is None:
        raise Untranslatable("selected() asks for something that is no choice")
    if asked.item.type is not ItemType.YES_NO and code.quoted not in asked.item.codes:
        raise Untranslatable(f"selected() asks for {code.quoted!r}, which is no choice")
    if asked.item.type is ItemType.MULTI_CHOICE:
        name = f"{asked.name}__{code.quoted}"
        plain = re.fullmatch(r"[a-z0-9_]+", code.quoted)
        column = name if plain else _column(asked, code.quoted)
        return _Part(text=f"COALESCE({column}, FALSE)", truth=True)
    return _Part(text=f"COALESCE({asked.name} = {code.text}, FALSE)", truth=True)


def _column(asked: Asked, code: str) -> str:
    form, dot, item = asked.name.rpartition(".")
    return f'{form}{dot}"{item}__{code}"'


def _counted(given: list[_Part]) -> _Part:
    asked = given[0].asked
    if asked is None or asked.item.type is not ItemType.MULTI_CHOICE:
        raise Untranslatable("count-selected() asks for something that has no choices")
    return _Part(text=f"{asked.name}__count", number=True)


def _date(given: list[_Part]) -> _Part:
    if given[0].quoted is None:
        raise Untranslatable("date() of something that is no text")
    return given[0]


def _simple(name: str, *, number: bool = False) -> Callable[[list[_Part]], _Part]:
    return lambda given: _Part(
        text=f"{name}({', '.join(each.text for each in given)})", number=number
    )


_FUNCTIONS: Mapping[tuple[str, int], Callable[[list[_Part]], _Part]] = {
    ("selected", 2): _selected,
    ("count-selected", 1): _counted,
    ("not", 1): lambda given: _Part(text=f"NOT ({given[0].text})", truth=True),
    ("true", 0): lambda _: _Part(text="TRUE", truth=True),
    ("false", 0): lambda _: _Part(text="FALSE", truth=True),
    ("string-length", 1): _simple("LENGTH", number=True),
    ("if", 3): _simple("IF"),
    ("round", 2): _simple("ROUND", number=True),
    ("abs", 1): _simple("ABS", number=True),
    ("coalesce", 2): _simple("COALESCE"),
    ("number", 1): lambda given: _numeric(given[0]),
    ("date", 1): _date,
}
