"""What must hold within one item, and between it and the other items of its form."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

import polars as pl

from trialkit.errors import ProtocolError
from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.tables.labels import EXPECTED, alike
from trialkit.protocol.trial.data_format import another_spelling
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form, Item, Purpose
from trialkit.schemas.items.answers import NONE_CHOSEN, Range
from trialkit.schemas.items.item_types import types_of, types_with
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.grammar import WORDS
from trialkit.schemas.rules.names import KEYS
from trialkit.schemas.rules.patterns import matched, whole_text_pattern

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_ONE_OF_SEVERAL = re.compile(r"[A-Za-z0-9_.+-]+")
_TAKEN = (NONE_CHOSEN, "missing", "count")
"""What a choice of several may not be called: it has a meaning in cells or in rules."""
_COUNTED = (
    Purpose.SESSION_MINUTES, Purpose.SESSION_SETS, Purpose.SESSION_REPETITIONS, Purpose.SESSION_LOAD,
    Purpose.PAIN_BEFORE, Purpose.PAIN_DURING,
)  # fmt: skip
"""What is a number."""
_PURPOSES: dict[tuple[Nature, ...], tuple[Purpose, ...]] = {
    (Nature.DAY, Nature.DAYS): (Purpose.EVENT_START,),
    (Nature.DAY, Nature.MOMENT): (Purpose.EVENT_KNOWN, Purpose.EVENT_REPORTED),
    (Nature.WHOLE,): (Purpose.EVENT_NUMBER,),
    (Nature.DAY,): (
        Purpose.SCREENING_DATE,
        Purpose.CONSENT_DATE,
        Purpose.RANDOMISATION_DATE,
        Purpose.VISIT_DATE,
        Purpose.SESSION_DATE,
        Purpose.END_DATE,
    ),
    (Nature.TRUTH,): (
        Purpose.ELIGIBLE,
        Purpose.ATTENDED,
        Purpose.EVENT_SERIOUS,
        Purpose.EVENT_RELATED,
        Purpose.EVENT_LED_TO_WITHDRAWAL,
        Purpose.DISCONTINUED,
        Purpose.COMPLETED,
    ),
    (Nature.TEXT, Nature.CODE): (
        Purpose.ARM,
        Purpose.ARM_RECEIVED,
        Purpose.NOT_ENROLLED_REASON,
        Purpose.NOT_RECEIVED_REASON,
        Purpose.DISCONTINUATION_REASON,
        Purpose.END_REASON,
        Purpose.EVENT_TERM,
        Purpose.EVENT_CLASS,
        Purpose.EVENT_SEVERITY,
        Purpose.TREATMENT_TERM,
        Purpose.DEVIATION_TERM,
    ),
    (Nature.TEXT, Nature.CODE, Nature.WHOLE): (Purpose.SITE, Purpose.BLOCK, Purpose.CLUSTER),
    (Nature.TEXT, Nature.CODE, Nature.WHOLE, Nature.TRUTH): (Purpose.STRATUM,),
}
"""What an item with a purpose holds. People and events are counted under one answer each, in words:
none of several choices would be the one, and a bare number says nothing to a reader."""


def complain_of_item(
    item: Item,
    form: Form,
    *,
    unread: frozenset[str],
    protocol: Protocol,
    complaints: Complaints,
) -> None:
    """Add a complaint for everything in which an item contradicts itself, its form or the protocol.

    ``unread`` are the ids of items that had complaints of their own and are not in the form.
    """
    table = f"items {item.id!r}"
    _item_has_a_usable_name(item, table, complaints)
    _choices_fit(item, table, protocol, complaints)
    if item.kind.nature is Nature.CODES:
        _several_choices_can_be_told_apart(item, table, complaints)
    _ranges_fit(item, table, complaints)
    _purpose_fits(item, table, complaints)
    _anchors_fit(item, table, complaints)
    _pattern_fits(item, table, complaints)
    _missing_codes_are_known(item, table, protocol, complaints)
    _calculation_fits(item, table, complaints)
    _named_items_fit(item, form, table, unread, complaints)


def twice(names: Iterable[str]) -> list[str]:
    """The names that are there more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def _item_has_a_usable_name(item: Item, table: str, complaints: Complaints) -> None:
    expected = ""
    if not NAME.fullmatch(item.id):
        expected = "a name of small letters, digits and _, such as vas_mm"
    elif "__" in item.id:
        expected = "a name without '__', which marks missing codes in rules"
    elif item.id in KEYS:
        expected = "another name, since this is a key column of the data file"
    elif item.id.upper() in WORDS:
        expected = "another name, since this is a word of the rules' language"
    if expected:
        complaints.add(table=table, key="id", found=repr(item.id[:80]), expected=expected)
    if not item.label.strip():
        complaints.add(table=table, key="label", found="nothing", expected="words for messages")
    if item.ahead and not item.kind.nature.has_a_day:
        complaints.add(
            table=table,
            key="ahead",
            found=f"an item of type {item.type.value}",
            expected="a date, a partial date or a date and time, or no such key",
        )
    if item.required and item.required_when:
        complaints.add(
            table=table,
            key="required_when",
            found="a condition beside required = true",
            expected="one of the two",
        )


def _choices_fit(item: Item, table: str, protocol: Protocol, complaints: Complaints) -> None:
    codes = [choice.code for choice in item.choices]
    if "choices" in item.kind.keys and not codes:
        complaints.add(
            table=table, key="choices", found="nothing", expected="choices for a choice item"
        )
    if "choices" not in item.kind.keys and codes:
        complaints.add(
            table=table,
            key="choices",
            found=f"choices for an item of type {item.type.value}",
            expected=_none_or_a_type_with("choices"),
        )
    for code in twice(codes):
        complaints.add(
            table=table, key="choices", found=f"{code!r} twice", expected="each code once"
        )
    _labels_tell_choices_apart(item, table, complaints)
    missing = {code.code: code.label for code in protocol.data.all_missing_codes}
    for code in codes:
        if code in missing:
            freed = another_spelling(code, missing)
            complaints.add(
                table=table,
                key="choices",
                found=f"{code!r}, which is the missing code for {missing[code]!r}",
                expected="another code for the choice, or another spelling of the missing code in "
                f"[data] missing_codes: {{ code = {freed!r}, label = {missing[code]!r}, "
                f"instead_of = {code!r} }}",
            )
        elif not code or code != code.strip():
            complaints.add(
                table=table,
                key="choices",
                found=repr(code[:80]),
                expected="a code without space around it",
            )


def _labels_tell_choices_apart(item: Item, table: str, complaints: Complaints) -> None:
    for each in alike((choice.code, choice.label) for choice in item.choices):
        complaints.add(table=table, key="choices", found=each.found, expected=EXPECTED)
    for choice in item.choices:
        if not choice.label.strip():
            complaints.add(
                table=table,
                key="choices",
                found=f"no label of {choice.code[:80]!r}",
                expected="words that people read in its place",
            )


def _none_or_a_type_with(key: str) -> str:
    return f"none, or type = {' or '.join(repr(kind.value) for kind in types_with(key))}"


def _ranges_fit(item: Item, table: str, complaints: Complaints) -> None:
    ranges: dict[str, Range] = {"range": item.range, "expected_range": item.expected_range}
    for key, limits in ranges.items():
        ends = [end for end in (limits.low, limits.high) if end is not None]
        if not ends:
            continue
        dates = isinstance(ends[0], date)
        if not item.kind.has_range:
            expected = f"none for an item of type {item.type.value}"
        elif item.kind.nature.has_a_day and not dates:
            expected = "dates such as 2025-03-31, without quotation marks"
        elif dates and not item.kind.nature.has_a_day:
            expected = f"numbers, for an item of type {item.type.value}"
        else:
            continue
        complaints.add(table=table, key=key, found=f"a range from {ends[0]}", expected=expected)


def _purpose_fits(item: Item, table: str, complaints: Complaints) -> None:
    for natures, purposes in _PURPOSES.items():
        if item.purpose in purposes and item.kind.nature not in natures:
            names = " or ".join(kind.value for nature in natures for kind in types_of(nature))
            complaints.add(
                table=table,
                key="purpose",
                found=f"{item.purpose.value} for an item of type {item.type.value}",
                expected=f"an item of type {names}",
            )
    if item.purpose in _COUNTED and not item.kind.is_number:
        complaints.add(
            table=table,
            key="purpose",
            found=f"{item.purpose.value} for an item of type {item.type.value}",
            expected="an item of type integer or decimal",
        )


def _several_choices_can_be_told_apart(item: Item, table: str, complaints: Complaints) -> None:
    for code in item.codes:
        expected = ""
        if code in _TAKEN:
            expected = f"another code, since {code} has a meaning of its own"
        elif code == code.strip() and not _ONE_OF_SEVERAL.fullmatch(code):
            expected = "codes of letters, digits, _, -, . and +, since a cell holds several of them"
        if expected:
            complaints.add(table=table, key="choices", found=repr(code[:80]), expected=expected)


def _anchors_fit(item: Item, table: str, complaints: Complaints) -> None:
    if not item.anchors:
        return
    if "anchors" not in item.kind.keys:
        complaints.add(
            table=table,
            key="anchors",
            found=f"anchors for an item of type {item.type.value}",
            expected=_none_or_a_type_with("anchors"),
        )
    elif len(item.anchors) not in {2, 3}:
        complaints.add(
            table=table,
            key="anchors",
            found=f"{len(item.anchors)} of them",
            expected="the words at both ends, or at the ends and the middle",
        )


def _pattern_fits(item: Item, table: str, complaints: Complaints) -> None:
    """A pattern can be used, and has an example that people read in its place."""
    key, found, expected = "pattern", "", ""
    if not item.pattern:
        if item.example:
            key, found = "example", "an example without a pattern"
            expected = "none, or the pattern that it fits"
    elif "pattern" not in item.kind.keys:
        found = f"a pattern for an item of type {item.type.value}"
        expected = _none_or_a_type_with("pattern")
    else:
        key, found, expected = _trouble_of_pattern(item)
    if found:
        complaints.add(table=table, key=key, found=found, expected=expected)


def _trouble_of_pattern(item: Item) -> tuple[str, str, str]:
    """What is wrong with a pattern or its example: the key, what was found, what was expected."""
    try:
        pattern = whole_text_pattern(item.pattern)
    except ProtocolError as error:
        return "pattern", str(error), "one for the whole text, such as '[A-Z]{2}-[0-9]{3}'"
    if pl.select(matched(pl.lit(item.example.strip()), pattern)).item():
        return "", "", ""
    found = f"{item.example[:60]!r}, which does not fit the pattern"
    return "example", found, "a text that fits it: messages show it, since nobody reads a pattern"


def _missing_codes_are_known(
    item: Item, table: str, protocol: Protocol, complaints: Complaints
) -> None:
    known = [code.code for code in protocol.data.all_missing_codes]
    codes = item.missing_codes or ()
    for code in codes:
        if code not in known:
            complaints.add(
                table=table,
                key="missing_codes",
                found=repr(code[:80]),
                expected=f"missing codes of the trial, {', '.join(known)}{suggestion(code, known)}",
            )
    for code in twice(codes):
        complaints.add(
            table=table, key="missing_codes", found=f"{code!r} twice", expected="each code once"
        )


def _calculation_fits(item: Item, table: str, complaints: Complaints) -> None:
    if "calculation" not in item.kind.keys:
        if item.calculation:
            complaints.add(
                table=table,
                key="calculation",
                found=f"a calculation for an item of type {item.type.value}",
                expected=_none_or_a_type_with("calculation"),
            )
        return
    if not item.calculation:
        complaints.add(
            table=table,
            key="calculation",
            found="nothing",
            expected="an expression such as weight_kg / (height_m * height_m)",
        )
    never = {
        "required": item.required,
        "required_when": bool(item.required_when),
        "missing_codes": item.missing_codes is not None,
        "sum_of": bool(item.sum_of),
    }
    for key in (key for key, given in never.items() if given):
        complaints.add(
            table=table,
            key=key,
            found="a key for items that are asked",
            expected="nothing, since a calculated item is never asked",
        )


def _named_items_fit(
    item: Item, form: Form, table: str, unread: frozenset[str], complaints: Complaints
) -> None:
    """The items whose sum it is, or that is its other side, are there and of its kind."""
    others = {other.id: other for other in form.items if other.id != item.id}
    named = {"sum_of": item.sum_of, "other_side": (item.other_side,) if item.other_side else ()}
    for key, names in named.items():
        for name in names:
            if name in unread:
                continue
            other = others.get(name)
            found, expected = "", ""
            if other is None:
                found = f"the unknown item {name[:80]!r}"
                expected = f"another item of this form{suggestion(name, list(others))}"
            elif key == "sum_of" and not (item.kind.is_number and other.kind.is_number):
                found, expected = f"{name!r} of type {other.type.value}", "numbers that add up"
            elif key == "other_side" and other.type is not item.type:
                found = f"{name!r} of type {other.type.value}"
                expected = f"an item of type {item.type.value}, like this one"
            elif key == "other_side" and other.other_side:
                found = f"{name!r}, which names its other side, too"
                expected = "the key at one of the two"
            if found:
                complaints.add(table=table, key=key, found=found, expected=expected)
        for name in twice(names):
            complaints.add(table=table, key=key, found=f"{name!r} twice", expected="each item once")
