"""What must hold within one form file, beyond the shape of its tables."""

import re
from collections.abc import Iterable

from trialkit.protocol.tables.choices import suggestion
from trialkit.protocol.tables.definitions import Complaints
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Purpose
from trialkit.schemas.forms.placeholders import pieces, placeholders
from trialkit.schemas.forms.reserved import RESERVED
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.reading.item_consistency import NAME, complain_of_item, twice

TELL_APART = (Nature.CODE, Nature.TRUTH)
"""What an answer is by which rows are told apart."""
_RULE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")


def complain_of_form(
    form: Form, *, stem: str, unread: frozenset[str], protocol: Protocol, complaints: Complaints
) -> None:
    """Add a complaint for everything in which a form contradicts itself or the protocol.

    ``unread`` are the ids of items that had complaints of their own and are not in the form.
    """
    _form_is_named_for_its_file(form, stem, complaints)
    _visits_are_known(form, protocol, complaints)
    _arms_are_known(form, protocol, complaints)
    if not form.items and not unread:
        complaints.add(table="items", key="", found="nothing", expected="at least one [[items]]")
    _ids_are_unique("items", [item.id for item in form.items], complaints)
    _ids_are_unique("rules", [rule.id for rule in form.rules], complaints)
    for item in form.items:
        complain_of_item(item, form, unread=unread, protocol=protocol, complaints=complaints)
    _rows_are_told_apart(form, unread, complaints)
    _pain_is_asked(form, unread, complaints)
    _purposes_are_unique(form, complaints)
    _rules_name_their_items(form, unread, complaints)


def _form_is_named_for_its_file(form: Form, stem: str, complaints: Complaints) -> None:
    if not NAME.fullmatch(form.id):
        complaints.add(
            table="form", key="id", found=repr(form.id[:80]), expected="a name such as end_of_study"
        )
    elif form.id in RESERVED:
        complaints.add(
            table="form",
            key="id",
            found=repr(form.id),
            expected=f"another name: data/{form.id}.csv {RESERVED[form.id]}",
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
    for visit in twice(form.visits):
        complaints.add(
            table="form", key="visits", found=f"{visit!r} twice", expected="each visit once"
        )


def _arms_are_known(form: Form, protocol: Protocol, complaints: Complaints) -> None:
    known = [arm.code for arm in protocol.arms]
    for arm in form.arms:
        if arm not in known:
            complaints.add(
                table="form",
                key="arms",
                found=repr(arm),
                expected=f"arms of the protocol, {', '.join(known)}{suggestion(arm, known)}",
            )
    for arm in twice(form.arms):
        complaints.add(table="form", key="arms", found=f"{arm!r} twice", expected="each arm once")
    if form.arms and form.expected is Expected.EVERYONE:
        complaints.add(
            table="form",
            key="arms",
            found="arms beside expected = 'everyone'",
            expected="expected = 'randomised' or 'as_needed', since nobody else has an arm",
        )


def _ids_are_unique(table: str, ids: Iterable[str], complaints: Complaints) -> None:
    for name in twice(ids):
        complaints.add(
            table=table, key="id", found=f"{name!r} more than once", expected="each id once"
        )


def _rows_are_told_apart(form: Form, unread: frozenset[str], complaints: Complaints) -> None:
    """What tells rows apart is answered in each of them, by one of some answers."""
    known = {item.id: item for item in form.items}
    if form.one_row_for and not form.repeating:
        expected = "repeating = true; without it there is one row"
        complaints.add(table="form", key="one_row_for", found="one_row_for", expected=expected)
    for name in twice(form.one_row_for):
        complaints.add(
            table="form", key="one_row_for", found=f"{name!r} twice", expected="each item once"
        )
    for name in form.one_row_for:
        item = known.get(name)
        if item is None and name not in unread:
            complaints.add(
                table="form",
                key="one_row_for",
                found=f"the unknown item {name[:80]!r}",
                expected=f"an item of this form{suggestion(name, list(known))}",
            )
        elif item and (item.kind.nature not in TELL_APART or not item.required or item.shown_when):
            complaints.add(
                table="form",
                key="one_row_for",
                found=f"{name}, of type {item.type.value}"
                + ("" if item.required and not item.shown_when else ", which may be blank"),
                expected="a choice or yes_no that is required, and has no shown_when",
            )


def _pain_is_asked(form: Form, unread: frozenset[str], complaints: Complaints) -> None:
    """A stopping signal needs the pain before and during each of several sessions."""
    if form.stopping is None:
        return
    if form.kind is not FormKind.SESSIONS or not form.repeating:
        expected = "it in a form of kind sessions with repeating = true"
        complaints.add(table="form", key="stopping", found="a stopping signal", expected=expected)
    for purpose in (Purpose.PAIN_BEFORE, Purpose.PAIN_DURING):
        if form.item_for(purpose) is None and not unread:
            complaints.add(
                table="form",
                key="stopping",
                found=f"no item with purpose = {purpose.value!r}",
                expected="items for the pain before and during a session",
            )


def _purposes_are_unique(form: Form, complaints: Complaints) -> None:
    for purpose in twice(item.purpose.value for item in form.items if item.purpose):
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
