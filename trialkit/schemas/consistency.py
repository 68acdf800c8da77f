"""What must hold within one form file, beyond the shape of its tables."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from trialkit.protocol.choices import suggestion
from trialkit.protocol.definitions import Complaints
from trialkit.protocol.model import Protocol
from trialkit.schemas.built_in import BuiltIn
from trialkit.schemas.forms import Form, Item, ItemType, Purpose, Range
from trialkit.schemas.placeholders import pieces, placeholders
from trialkit.schemas.rules.lexing import WORDS
from trialkit.schemas.rules.names import KEYS

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_RULE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")
_NUMERIC = (ItemType.INTEGER, ItemType.DECIMAL)
_PURPOSES: dict[ItemType, tuple[Purpose, ...]] = {
    ItemType.DATE: (
        Purpose.SCREENING_DATE,
        Purpose.CONSENT_DATE,
        Purpose.RANDOMISATION_DATE,
        Purpose.VISIT_DATE,
        Purpose.SESSION_DATE,
        Purpose.EVENT_START,
        Purpose.END_DATE,
    ),
    ItemType.YES_NO: (
        Purpose.ELIGIBLE,
        Purpose.ATTENDED,
        Purpose.EVENT_SERIOUS,
        Purpose.EVENT_RELATED,
        Purpose.EVENT_LED_TO_WITHDRAWAL,
        Purpose.DISCONTINUED,
        Purpose.COMPLETED,
    ),
}


def complain_of_form(
    form: Form, *, stem: str, unread: frozenset[str], protocol: Protocol, complaints: Complaints
) -> None:
    """Add a complaint for everything in which a form contradicts itself or the protocol.

    ``unread`` are the ids of items that had complaints of their own and are not in the form.
    """
    _form_is_named_for_its_file(form, stem, complaints)
    _visits_are_known(form, protocol, complaints)
    if not form.items and not unread:
        complaints.add(table="items", key="", found="nothing", expected="at least one [[items]]")
    _ids_are_unique("items", [item.id for item in form.items], complaints)
    _ids_are_unique("rules", [rule.id for rule in form.rules], complaints)
    for item in form.items:
        table = f"items {item.id!r}"
        _item_has_a_usable_name(item, table, complaints)
        _choices_fit(item, table, protocol, complaints)
        _ranges_fit(item, table, complaints)
        _purpose_fits(item, table, complaints)
    _purposes_are_unique(form, complaints)
    _rules_name_their_items(form, unread, complaints)


def _form_is_named_for_its_file(form: Form, stem: str, complaints: Complaints) -> None:
    if not NAME.fullmatch(form.id):
        complaints.add(
            table="form", key="id", found=repr(form.id[:80]), expected="a name such as end_of_study"
        )
    elif form.id != stem:
        complaints.add(
            table="form", key="id", found=repr(form.id), expected=f"the file's name, {stem!r}"
        )


def _visits_are_known(form: Form, protocol: Protocol, complaints: Complaints) -> None:
    known = list(protocol.visit_codes)
    for visit in form.visits:
        if visit not in known:
            complaints.add(
                table="form",
                key="visits",
                found=repr(visit),
                expected=f"visits of the protocol, {', '.join(known)}{suggestion(visit, known)}",
            )
    for visit in _twice(form.visits):
        complaints.add(
            table="form", key="visits", found=f"{visit!r} twice", expected="each visit once"
        )


def _ids_are_unique(table: str, ids: Iterable[str], complaints: Complaints) -> None:
    for name in _twice(ids):
        complaints.add(
            table=table, key="id", found=f"{name!r} more than once", expected="each id once"
        )


def _twice(names: Iterable[str]) -> list[str]:
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
    if item.required and item.required_when:
        complaints.add(
            table=table,
            key="required_when",
            found="a condition beside required = true",
            expected="one of the two",
        )


def _choices_fit(item: Item, table: str, protocol: Protocol, complaints: Complaints) -> None:
    codes = [choice.code for choice in item.choices]
    if item.type is ItemType.CHOICE and not codes:
        complaints.add(
            table=table, key="choices", found="nothing", expected="choices for a choice item"
        )
    if item.type is not ItemType.CHOICE and codes:
        complaints.add(
            table=table,
            key="choices",
            found=f"choices for an item of type {item.type.value}",
            expected="none, or type = 'choice'",
        )
    for code in _twice(codes):
        complaints.add(
            table=table, key="choices", found=f"{code!r} twice", expected="each code once"
        )
    missing = {code.code for code in protocol.data.all_missing_codes}
    for code in codes:
        if code in missing:
            complaints.add(
                table=table,
                key="choices",
                found=f"{code!r}, which is a missing code",
                expected="a code that does not stand for a missing value",
            )
        elif not code or code != code.strip():
            complaints.add(
                table=table,
                key="choices",
                found=repr(code[:80]),
                expected="a code without space around it",
            )


def _ranges_fit(item: Item, table: str, complaints: Complaints) -> None:
    ranges: dict[str, Range] = {"range": item.range, "expected_range": item.expected_range}
    for key, limits in ranges.items():
        ends = [end for end in (limits.low, limits.high) if end is not None]
        if not ends:
            continue
        dates = isinstance(ends[0], date)
        if item.type is ItemType.DATE and not dates:
            expected = "dates such as 2025-03-31, without quotation marks"
        elif item.type in _NUMERIC and dates:
            expected = f"numbers, for an item of type {item.type.value}"
        elif item.type not in {*_NUMERIC, ItemType.DATE}:
            expected = f"none for an item of type {item.type.value}"
        else:
            continue
        complaints.add(table=table, key=key, found=f"a range from {ends[0]}", expected=expected)


def _purpose_fits(item: Item, table: str, complaints: Complaints) -> None:
    for kind, purposes in _PURPOSES.items():
        if item.purpose in purposes and item.type is not kind:
            complaints.add(
                table=table,
                key="purpose",
                found=f"{item.purpose.value} for an item of type {item.type.value}",
                expected=f"an item of type {kind.value}",
            )
    if item.purpose is Purpose.SESSION_MINUTES and item.type not in _NUMERIC:
        complaints.add(
            table=table,
            key="purpose",
            found=f"{item.purpose.value} for an item of type {item.type.value}",
            expected="an item of type integer or decimal",
        )


def _purposes_are_unique(form: Form, complaints: Complaints) -> None:
    for purpose in _twice(item.purpose.value for item in form.items if item.purpose):
        complaints.add(
            table="items",
            key="purpose",
            found=f"{purpose!r} more than once",
            expected="one item of a form for each purpose",
        )


def _rules_name_their_items(form: Form, unread: frozenset[str], complaints: Complaints) -> None:
    known = [*form.key, *(item.id for item in form.items)]
    for rule in form.rules:
        table = f"rules {rule.id!r}"
        if not _RULE_ID.fullmatch(rule.id) or rule.id in list(BuiltIn):
            taken = ", which is a built-in rule" if rule.id in list(BuiltIn) else ""
            complaints.add(
                table=table,
                key="id",
                found=f"{rule.id[:80]!r}{taken}",
                expected="an id such as PAIN01",
            )
        if not rule.items:
            complaints.add(
                table=table, key="items", found="nothing", expected="the items the rule is about"
            )
        named = {"items": rule.items, "message": placeholders(rule.message)}
        for key, names in named.items():
            for name in names:
                if name not in known and name not in unread:
                    complaints.add(
                        table=table,
                        key=key,
                        found=f"the unknown item {name[:80]!r}",
                        expected=f"an item of this form{suggestion(name, known)}",
                    )
        text = "".join(pieces(rule.message)[::2])
        if not rule.message.strip() or "{" in text or "}" in text:
            complaints.add(
                table=table,
                key="message",
                found=repr(rule.message[:80]),
                expected="a sentence for the coordinator, items in braces as in {visit_date}",
            )
