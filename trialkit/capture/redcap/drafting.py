"""The dictionary becomes forms: items, what is shown when, what is required, what is calculated."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from trialkit.capture.incoming import LeftOut
from trialkit.capture.redcap.annotations import action_tags
from trialkit.capture.redcap.decisions import Decisions
from trialkit.capture.redcap.dictionary import Dictionary, Field, FieldType
from trialkit.capture.redcap.finding import Finder, Where
from trialkit.capture.redcap.item_names import form_name, item_names
from trialkit.capture.redcap.items import Drafted, Trouble, draft_item
from trialkit.capture.redcap.layout import Layout
from trialkit.capture.redcap.logic import LogicError
from trialkit.capture.redcap.system_fields import DAG, Extras, with_system_fields
from trialkit.capture.redcap.translation import Translator
from trialkit.errors import ProtocolError
from trialkit.protocol.model import DataFormat
from trialkit.schemas.conditions import scope_of
from trialkit.schemas.forms import Form, Item, ItemType, Purpose, Rule, Severity
from trialkit.schemas.rules.expression import condition
from trialkit.schemas.rules.names import Scope

_RULE_ID = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedForm:
    """A form of the project as a form of the trial."""

    name: str
    """Its name in REDCap."""
    form: Form
    items: tuple[Drafted, ...]
    """The fields and their items, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A dictionary as forms, and everything in it that they do not say."""

    dictionary: Dictionary
    layout: Layout
    forms: tuple[DraftedForm, ...]
    left_out: tuple[LeftOut, ...]


def draft_project(
    dictionary: Dictionary,
    layout: Layout,
    decisions: Decisions,
    *,
    data: DataFormat,
    extras: Extras,
) -> Project:
    """The forms of the project, with everything that could not be carried over."""
    fields = with_system_fields(dictionary, extras, first=_first_form(dictionary, decisions))
    drafts = {name: _drafts(of, decisions, data) for name, of in fields.items()}
    plain = {name: _form(name, drafts[name], layout, decisions) for name in drafts}
    where = {
        draft.field.name: Where(form=name, form_id=form_name(name), draft=draft)
        for name, of in drafts.items()
        for draft in of
    }
    forms = []
    for name, of in drafts.items():
        find = Finder(form=name, record_id=dictionary.record_id, fields=where, layout=layout)
        speaker = _Speaker(
            translator=Translator(find=find, missing_codes=decisions.reasons),
            scope=scope_of(plain[name], list(plain.values()), data),
        )
        forms.append(_with_logic(name, plain[name], of, speaker))
    return Project(
        dictionary=dictionary,
        layout=layout,
        forms=tuple(forms),
        left_out=_left_out(dictionary, forms),
    )


def _first_form(dictionary: Dictionary, decisions: Decisions) -> str:
    """The form that says to which site a participant belongs: the screening, or the first."""
    screening = [each.form for each in decisions.forms if each.kind == "screening"]
    return screening[0] if screening and screening[0] in dictionary.forms else dictionary.forms[0]


def _drafts(fields: Sequence[Field], decisions: Decisions, data: DataFormat) -> tuple[Drafted, ...]:
    names = item_names(field.name for field in fields)
    missing = {code.code: code.label for code in data.all_missing_codes}
    decided = any(each.purpose is Purpose.SITE for each in decisions.purposes)
    drafts = []
    for field in fields:
        purpose = decisions.purpose(field.name)
        if field.name == DAG and not decided:
            purpose = Purpose.SITE
        draft = draft_item(field, names[field.name], purpose=purpose, missing=missing)
        if draft is not None:
            drafts.append(draft)
    return tuple(drafts)


def _form(name: str, drafts: Sequence[Drafted], layout: Layout, decisions: Decisions) -> Form:
    decided, placed = decisions.form(name), layout.placed[name]
    form_id = form_name(name)
    return Form(
        id=form_id,
        title=decided.title or name.replace("_", " ").capitalize(),
        kind=decided.kind,
        expected=decided.expected,
        visits=placed.visits,
        repeating=placed.repeating,
        items=tuple(draft.item for draft in drafts),
        rules=(),
        file=f"forms/{form_id}.toml",
        sha256="",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speaker:
    """Says the logic of a form in rules, and makes sure that they can be run."""

    translator: Translator
    scope: Scope

    def condition(self, logic: str, item: Item | None = None) -> str:
        """A condition of REDCap as a condition of ours."""
        return self._run(self.translator.condition(logic), item)

    def calculation(self, logic: str, item: Item) -> str:
        """What must hold of an item that REDCap calculates."""
        text = f"{item.id} = {self.translator.calculation(logic)}"
        self._run(self.translator.calculation(logic) + " = 0", item)
        return self._run(text)

    def _run(self, text: str, item: Item | None = None) -> str:
        try:
            read = condition(text, self.scope)
        except ProtocolError as error:
            raise LogicError(str(error)) from None
        own = (self.scope.form.id, item.id if item else "")
        if any((each.form, each.item) == own and not each.visit for each in read.references):
            raise LogicError("it names the field that it governs")
        return text


def _with_logic(name: str, form: Form, drafts: Sequence[Drafted], speaker: _Speaker) -> DraftedForm:
    told = tuple(_with_branching(draft, speaker) for draft in drafts)
    rules: list[Rule] = []
    final = []
    for draft in told:
        done, more = _calculated(draft, speaker)
        rules += [*more, *_counted(done)]
        final.append(done)
    items = tuple(draft.item for draft in final)
    return DraftedForm(
        name=name, form=replace(form, items=items, rules=tuple(rules)), items=tuple(final)
    )


def _with_branching(draft: Drafted, speaker: _Speaker) -> Drafted:
    """``shown_when`` from the branching logic, and ``required`` as far as the field is shown."""
    field, item = draft.field, draft.item
    if not field.branching:
        return replace(draft, item=replace(item, required=field.required))
    try:
        shown = speaker.condition(field.branching, item)
    except LogicError as error:
        lost = " (and so is that it is required)" if field.required else ""
        trouble = Trouble(
            found=f"the branching logic {field.branching}",
            why=f"{error}; it is left out{lost}",
        )
        return replace(draft, troubles=(*draft.troubles, trouble))
    needed = shown if field.required else ""
    return replace(draft, item=replace(item, shown_when=shown, required_when=needed))


def _calculated(draft: Drafted, speaker: _Speaker) -> tuple[Drafted, tuple[Rule, ...]]:
    """For a calculated field the rule that its number still follows from the others."""
    field, item = draft.field, draft.item
    if field.kind != FieldType.CALC:
        return draft, ()
    try:
        expression = speaker.calculation(field.choices, item)
    except LogicError as error:
        trouble = Trouble(
            found=f"the calculation {field.choices}",
            why=f"{error}; the numbers are kept as REDCap computed them, and not checked",
        )
        return replace(draft, troubles=(*draft.troubles, trouble)), ()
    rule = Rule(
        id=_rule_id("calc", item.id),
        expression=expression,
        severity=Severity.SOFT,
        message=f"REDCap has {{{item.id}}}, which does not follow from the answers as they are now.",
        items=(item.id,),
    )
    return draft, (rule,)


def _counted(draft: Drafted) -> tuple[Rule, ...]:
    """For a checkbox with ``@MAXCHECKED`` the rule that not more are ticked."""
    item = draft.item
    tags = [tag for tag in action_tags(draft.field.annotation) if tag.name == "@MAXCHECKED"]
    if item.type is not ItemType.MULTI_CHOICE or not tags or not tags[0].value.isdigit():
        return ()
    most = int(tags[0].value)
    rule = Rule(
        id=_rule_id("max", item.id),
        expression=f"{item.id}__count <= {most}",
        severity=Severity.SOFT,
        message=f"More than {most} answers are ticked: {{{item.id}}}.",
        items=(item.id,),
    )
    return (rule,)


def _rule_id(kind: str, item_id: str) -> str:
    """An id of at most 40 characters, told apart by its end where it had to be cut."""
    whole = _RULE_ID.sub("_", f"{kind}_{item_id}")
    return whole if len(whole) <= 40 else f"{whole[:32]}_{sum(map(ord, whole)) % 9973}"


def _left_out(dictionary: Dictionary, forms: Sequence[DraftedForm]) -> tuple[LeftOut, ...]:
    """What is not carried over, in the order of the dictionary."""
    drafts: Mapping[str, Drafted] = {
        draft.field.name: draft for form in forms for draft in form.items
    }
    found = []
    for field in dictionary.fields[1:]:
        place = dictionary.place(field)
        draft = drafts.get(field.name)
        if draft is None:
            why = "it shows text and holds no data"
            found.append(LeftOut(place=place, found=f"a field of type {field.kind}", why=why))
            continue
        if draft.item.id != field.name:
            why = f"is a name that rules cannot have; the item is called {draft.item.id}"
            found.append(LeftOut(place=place, found=f"the name {field.name}", why=why))
        found += [LeftOut(place=place, found=each.found, why=each.why) for each in draft.troubles]
        if field.ranking:
            why = "that no two fields of it have the same answer is not checked"
            found.append(LeftOut(place=place, found=f"the ranking {field.matrix}", why=why))
    for form in forms:
        if form.form.id != form.name:
            why = f"is a name that no file can have everywhere; the form is called {form.form.id}"
            place = f"{dictionary.file}, form {form.name}"
            found.append(LeftOut(place=place, found=f"the name {form.name}", why=why))
    return tuple(found)
