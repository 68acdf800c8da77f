"""The rules that follow from a field: what it is calculated from, its limits, how many are ticked."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from trialkit.errors import ProtocolError
from trialkit.imports.redcap.annotations import CALCULATING, action_tags
from trialkit.imports.redcap.clock import CLOCK, NOT_KNOWN, names_the_unknown_day
from trialkit.imports.redcap.dictionary import FieldType
from trialkit.imports.redcap.items import DraftedItem, Trouble
from trialkit.imports.redcap.limits import moment_in
from trialkit.imports.redcap.saying import Said
from trialkit.imports.redcap.text_forms import TEXT_FORMS
from trialkit.imports.redcap.translation import Translator
from trialkit.imports.taking_in.beyond import NotInTheFileError
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.expressions.writing import quoted
from trialkit.schemas.forms.forms import Item, Rule, Severity
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.expression import condition
from trialkit.schemas.rules.names import Scope

_LONGEST_ID = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Says the logic of a form in rules, and makes sure that they can be run."""

    translator: Translator
    scope: Scope

    def condition(self, logic: str, item: Item | None = None) -> Said:
        """A condition of REDCap as a condition of ours."""
        said = self.translator.condition(logic)
        self.run(said.text, item)
        return said

    def calculation(self, logic: str, item: Item) -> str:
        """What must hold of an item that REDCap calculates."""
        if item.kind.takes_any_text:
            result = self.translator.text(logic)
        else:
            result = self.translator.calculation(logic)
        self.run(f"({result}) IS NOT NULL", item)
        return self.run(f"{item.id} = {result}")

    def run(self, text: str, item: Item | None = None) -> str:
        """The text of a rule that can be run.

        Raises :class:`ExpressionError` where it cannot, or names the item that it governs.
        """
        try:
            read = condition(text, self.scope)
        except ProtocolError as error:
            raise ExpressionError(str(error)) from None
        own = (self.scope.form.id, item.id if item else "")
        if any((each.form, each.item) == own and not each.visit for each in read.references):
            raise ExpressionError("it names the field that it governs")
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """A field's item, and the rules about it."""

    draft: DraftedItem
    rules: tuple[Rule, ...]


def with_rules(draft: DraftedItem, speaker: Speaker) -> Ruled:
    """The rules about one field; what could not be said is added to its troubles."""
    draft, calculated = _calculated(draft, speaker)
    draft, limited = _limited(draft, speaker)
    return Ruled(draft=draft, rules=(*calculated, *limited, *_counted(draft)))


def _calculated(draft: DraftedItem, speaker: Speaker) -> tuple[DraftedItem, tuple[Rule, ...]]:
    """For a calculated field the rule that its value still follows from the others."""
    field, item = draft.field, draft.item
    found = f"the calculation {field.choices}"
    logic = field.choices if field.kind == FieldType.CALC else ""
    for tag in action_tags(field.annotation):
        if tag.name in CALCULATING and not logic:
            logic, found = tag.value, f"{tag.name}({tag.value})"
            if tag.name == "@CALCDATE":
                return _calculated_date(draft, speaker, tag.value, found)
    if not logic and field.kind != FieldType.CALC:
        return draft, ()
    try:
        expression = speaker.calculation(logic, item)
    except ExpressionError as error:
        return _not_calculated(draft, found, error), ()
    return _with_its_rule(draft, found, expression)


_FOLLOWS = "{label}: REDCap has {{{item}}}, which does not follow from the answers as they are now."


def _calculated_date(
    draft: DraftedItem, speaker: Speaker, given: str, found: str
) -> tuple[DraftedItem, tuple[Rule, ...]]:
    """``@CALCDATE(date, 7, 'd')``: a date some days later."""
    try:
        expression = speaker.run(f"{draft.item.id} = {speaker.translator.date_later(given)}")
    except ExpressionError as error:
        return _not_calculated(draft, found, error), ()
    return _with_its_rule(draft, found, expression)


def _with_its_rule(
    draft: DraftedItem, found: str, expression: str
) -> tuple[DraftedItem, tuple[Rule, ...]]:
    if names_the_unknown_day(expression):
        trouble = Trouble(found=found, why=f"it is carried over; {NOT_KNOWN}")
        draft = replace(draft, troubles=(*draft.troubles, trouble))
    label = draft.item.label.replace("{", "(").replace("}", ")")
    message = _FOLLOWS.format(label=label, item=draft.item.id)
    return draft, (_soft("calc", draft, expression, message),)


def _not_calculated(draft: DraftedItem, found: str, error: ExpressionError) -> DraftedItem:
    why = f"{error}; the values are kept as REDCap computed them, and not checked"
    trouble = Trouble(found=found, why=why, beyond=isinstance(error, NotInTheFileError))
    return replace(draft, troubles=(*draft.troubles, trouble))


def _limited(draft: DraftedItem, speaker: Speaker) -> tuple[DraftedItem, tuple[Rule, ...]]:
    """For a limit that is no number and no date the rule that it is kept."""
    field, item = draft.field, draft.item
    left = {each.found: each for each in draft.troubles}
    rules = []
    for which, sign, limit in (("minimum", ">=", field.low), ("maximum", "<=", field.high)):
        place = f"the {which} {limit!r}"
        if place not in left or not field.validation:
            continue
        if limit.lower() in CLOCK and item.kind.nature.has_a_day:
            if which == "maximum":  # a day that has not come is a hard finding of every trial
                del left[place]
            else:
                why = "it holds on the day of entry alone, of which no export tells; the day may lie ahead"
                left[place], item = replace(left[place], why=why), replace(item, ahead=True)
            continue
        try:
            expression = _within(draft, speaker, sign, limit)
        except ExpressionError as error:
            beyond = isinstance(error, NotInTheFileError)
            left[place] = replace(left[place], why=f"{error}; it is left out", beyond=beyond)
            continue
        del left[place]
        end = f"the answer to {limit.strip('[]')}" if limit.startswith("[") else limit
        message = f"{{{item.id}}} is beyond its {which}, {end}."
        rules.append(_soft(which[:3], draft, expression, message))
    return replace(draft, item=item, troubles=tuple(left.values())), tuple(rules)


def _within(draft: DraftedItem, speaker: Speaker, sign: str, limit: str) -> str:
    """The rule that a limit is kept: another field, a time, or a text in the order of its characters."""
    form = TEXT_FORMS.get(draft.field.validation)
    if form is not None and not limit.startswith("["):
        if not form.ordered:
            raise ExpressionError("texts of this form have no order")
        return speaker.run(f"{draft.item.id} {sign} {quoted(limit)}")
    if draft.item.kind.nature is Nature.MOMENT:
        limit = moment_in(limit, draft.field.validation)
    stated = limit if limit.startswith("[") else quoted(limit)
    return speaker.condition(f"[{draft.field.name}] {sign} {stated}").text


def _counted(draft: DraftedItem) -> tuple[Rule, ...]:
    """For a checkbox with ``@MAXCHECKED`` the rule that not more are ticked."""
    item = draft.item
    tags = [tag for tag in action_tags(draft.field.annotation) if tag.name == "@MAXCHECKED"]
    if item.kind.nature is not Nature.CODES or not tags or not tags[0].value.isdigit():
        return ()
    most = int(tags[0].value)
    message = f"More than {most} answers are ticked: {{{item.id}}}."
    return (_soft("most", draft, f"{item.id}__count <= {most}", message),)


def rankings(drafts: Sequence[DraftedItem], speaker: Speaker) -> tuple[Ruled, ...]:
    """For the first field of each ranked matrix the rule that no two have the same answer."""
    ranked = [draft for draft in drafts if draft.field.ranking and draft.field.matrix]
    by_matrix: dict[str, list[DraftedItem]] = {}
    for draft in ranked:
        by_matrix.setdefault(draft.field.matrix, []).append(draft)
    return tuple(_ranked(fields, speaker) for fields in by_matrix.values() if len(fields) > 1)


def _ranked(drafts: Sequence[DraftedItem], speaker: Speaker) -> Ruled:
    first = drafts[0]
    pairs = combinations((draft.item.id for draft in drafts), 2)
    try:
        different = speaker.run(" AND ".join(f"{one} <> {other}" for one, other in pairs))
    except ExpressionError as error:
        trouble = Trouble(found=f"the ranking {first.field.matrix}", why=f"{error}; not checked")
        return Ruled(draft=replace(first, troubles=(*first.troubles, trouble)), rules=())
    message = f"Two answers of the ranking are the same: {{{first.item.id}}}."
    return Ruled(draft=first, rules=(_soft("rank", first, different, message),))


def _soft(kind: str, draft: DraftedItem, expression: str, message: str) -> Rule:
    return Rule(
        id=_rule_id(kind, draft.field.name),
        expression=expression,
        severity=Severity.SOFT,
        message=message,
        items=(draft.item.id,),
    )


def _rule_id(kind: str, field: str) -> str:
    """An id of at most 40 characters, told apart by its end where it had to be cut."""
    whole = f"{kind}_{field}"
    if len(whole) <= _LONGEST_ID:
        return whole
    mark = zlib.crc32(whole.encode()) % 10**7
    return f"{whole[: _LONGEST_ID - 8]}_{mark:07d}"
