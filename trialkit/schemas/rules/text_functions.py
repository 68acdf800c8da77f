"""The functions of a rule that look at texts: what a text is like, and parts of it."""

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.draft import Draft, alike_in, condition_term, require, wrong_of
from trialkit.schemas.rules.kinds import RuleTerm
from trialkit.schemas.rules.patterns import matched, whole_text_pattern

Function = Callable[[Sequence[RuleTerm], Draft], RuleTerm]
_MOST_CHARACTERS = 9999


def _matches(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    term, stated = _text_and_stated(arguments, draft, "MATCHES", "'[A-Z]{2}-[0-9]{3}'")
    pattern = whole_text_pattern(stated)
    return _asked(term, lambda text: matched(text, pattern), f"matches '{stated}'", draft)


def _asks(name: str, verb: str, ask: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> tuple[str, Function]:
    """A function that asks whether one text is part of another, capitals counting."""

    def term_of(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
        if len(arguments) == 2 and arguments[1].kind is not Kind.QUOTED:
            term, part = (_text(each, name, draft) for each in arguments)
            return condition_term(ask(term.value, part.value), [term, part])
        term, stated = _text_and_stated(arguments, draft, name, "'BH-'")
        if not stated:
            raise ProtocolError(f"{name} with '', which every text has; name what is looked for")
        return _asked(term, lambda text: ask(text, pl.lit(stated)), f"{verb} '{stated}'", draft)

    return name, term_of


def _asked(term: RuleTerm, ask: Callable[[pl.Expr], pl.Expr], what: str, draft: Draft) -> RuleTerm:
    """A question about a text; one that no code of a choice can answer with yes is refused."""
    known = pl.Series("code", term.known, dtype=pl.String)
    if term.known and not known.to_frame().select(ask(pl.col("code")).any()).item():
        raise ProtocolError(
            f"{term.words}, of which nothing {what}; it is one of {', '.join(term.known)}"
        )
    return condition_term(draft.step(ask(term.value)), [term])


def _text_and_stated(
    arguments: Sequence[RuleTerm], draft: Draft, name: str, example: str
) -> tuple[RuleTerm, str]:
    if len(arguments) != 2 or arguments[1].kind is not Kind.QUOTED:
        raise ProtocolError(f"{name} without a text in quotation marks; write {name}(x, {example})")
    return _text(arguments[0], name, draft), arguments[1].quoted


def _text(term: RuleTerm, name: str, draft: Draft) -> RuleTerm:
    (read,) = alike_in([term], draft)
    require(read, Kind.TEXT, f"{name} is for texts")
    return read


def _changed(name: str, change: Callable[[pl.Expr], pl.Expr]) -> tuple[str, Function]:
    def term_of(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
        if len(arguments) != 1:
            raise ProtocolError(f"{name} of {len(arguments)} values; it takes one")
        term = _text(arguments[0], name, draft)
        return _text_term(change(term.value), [term], name)

    return name, term_of


def _part(
    name: str, numbers: int, part: Callable[[pl.Expr, Sequence[int]], pl.Expr]
) -> tuple[str, Function]:
    """A function that takes some characters of a text, whose places the rule states."""

    def term_of(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
        stated = [each.words for each in arguments[1:] if each.kind is Kind.NUMBER]
        right = all(each.isdecimal() and int(each) <= _MOST_CHARACTERS for each in stated)
        if len(arguments) != 1 + numbers or len(stated) != numbers or not right:
            values = ("x", *(("1", "3") if numbers == 2 else ("3",)))
            raise ProtocolError(
                f"{name} without whole numbers of characters; write {name}({', '.join(values)})"
            )
        term = _text(arguments[0], name, draft)
        return _text_term(part(term.value, [int(each) for each in stated]), [term], name)

    return name, term_of


def _concat(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    if not arguments:
        raise ProtocolError("CONCAT of no values; it takes one text or more")
    parts = [_text(each, "CONCAT", draft) for each in arguments]
    together = pl.concat_str([part.value for part in parts])
    return _text_term(together, parts, "CONCAT")


def _split_part(arguments: Sequence[RuleTerm], draft: Draft) -> RuleTerm:
    """The piece of a text at a place, the first being 1, between separators that the rule states."""
    right = len(arguments) == 3 and arguments[1].kind is Kind.QUOTED and arguments[1].quoted
    place = arguments[2].words if right and arguments[2].kind is Kind.NUMBER else ""
    if not right or not place.isdecimal() or not 1 <= int(place) <= _MOST_CHARACTERS:
        raise ProtocolError(
            "SPLIT_PART without a separator and the number of a piece; write SPLIT_PART(x, ' ', 1)"
        )
    term = _text(arguments[0], "SPLIT_PART", draft)
    pieces = term.value.str.split(arguments[1].quoted)
    return _text_term(pieces.list.get(int(place) - 1, null_on_oob=True), [term], "SPLIT_PART")


def _text_term(value: pl.Expr, parts: Sequence[RuleTerm], name: str) -> RuleTerm:
    """A text made of others; none at all is blank, and so not known."""
    known = pl.when(value != "").then(value)
    return RuleTerm(kind=Kind.TEXT, value=known, wrong=wrong_of(parts), words=f"{name}(…)")


def _from_one(text: pl.Expr, stated: Sequence[int]) -> pl.Expr:
    """Characters of a text from a place on, the first being 1."""
    first, length = stated
    return text.str.slice(max(first, 1) - 1, length)


TEXT_FUNCTIONS: Mapping[str, Function] = dict(
    (
        ("MATCHES", _matches),
        _asks("STARTS_WITH", "begins with", lambda text, part: text.str.starts_with(part)),
        _asks("ENDS_WITH", "ends with", lambda text, part: text.str.ends_with(part)),
        _asks("CONTAINS", "contains", lambda text, part: text.str.contains(part, literal=True)),
        _changed("LOWER", lambda text: text.str.to_lowercase()),
        _changed("UPPER", lambda text: text.str.to_uppercase()),
        _changed("TRIM", lambda text: text.str.strip_chars()),
        _part("LEFT", 1, lambda text, stated: text.str.head(stated[0])),
        _part("RIGHT", 1, lambda text, stated: text.str.tail(stated[0])),
        _part("SUBSTR", 2, _from_one),
        ("CONCAT", _concat),
        ("SPLIT_PART", _split_part),
    )
)
"""What each is; the grammar lets no other through."""
