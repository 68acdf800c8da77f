"""The rules that follow from a field: what it is calculated from, its limits, how many are ticked."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from trialkit.errors import ProtocolError
from trialkit.imports.redcap.annotations import action_tags
from trialkit.imports.redcap.dictionary import FieldType
from trialkit.imports.redcap.items import DraftedItem, Trouble
from trialkit.imports.redcap.translation import Translator
from trialkit.schemas.expressions.reading import ExpressionError
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

    def condition(self, logic: str, item: Item | None = None) -> str:
        """A condition of REDCap as a condition of ours."""
        return self.run(self.translator.condition(logic), item)

    def calculation(self, logic: str, item: Item) -> str:
        """What must hold of an item that REDCap calculates."""
        text = f"{item.id} = {self.translator.calculation(logic)}"
        self.run(f"({self.translator.calculation(logic)}) IS NOT NULL", item)
        return self.run(text)

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
    """For a calculated field the rule that its number still follows from the others."""
    field, item = draft.field, draft.item
    if field.kind != FieldType.CALC:
        return draft, ()
    try:
        expression = speaker.calculation(field.choices, item)
    except ExpressionError as error:
        trouble = Trouble(
            found=f"the calculation {field.choices}",
            why=f"{error}; the numbers are kept as REDCap computed them, and not checked",
        )
        return replace(draft, troubles=(*draft.troubles, trouble)), ()
    message = f"REDCap has {{{item.id}}}, which does not follow from the answers as they are now."
    return draft, (_soft("calc", draft, expression, message),)


def _limited(draft: DraftedItem, speaker: Speaker) -> tuple[DraftedItem, tuple[Rule, ...]]:
    """For a limit that is another field the rule that it is kept."""
    field, item = draft.field, draft.item
    rules, said = [], set()
    for which, sign, limit in (("minimum", ">=", field.low), ("maximum", "<=", field.high)):
        if not limit.startswith("["):
            continue
        try:
            expression = speaker.condition(f"[{field.name}] {sign} {limit}")
        except ExpressionError:
            continue  # it stays among the troubles as a limit that could not be read
        said.add(f"the {which} {limit!r}")
        place = limit.strip("[]")
        message = f"{{{item.id}}} is beyond its {which}, the answer to {place}."
        rules.append(_soft(which[:3], draft, expression, message))
    left = tuple(each for each in draft.troubles if each.found not in said)
    return replace(draft, troubles=left), tuple(rules)


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
