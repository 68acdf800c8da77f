"""The dictionary becomes forms: items, what is shown when, what is required, what is calculated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from trialkit.errors import DataFileError
from trialkit.imports.redcap.annotations import hidden_when
from trialkit.imports.redcap.answers import RedcapAnswer
from trialkit.imports.redcap.clock import UNKNOWN_DAY
from trialkit.imports.redcap.decisions import FILE, ImportDecisions
from trialkit.imports.redcap.dictionary import Dictionary, Field
from trialkit.imports.redcap.finding import Finder, Where
from trialkit.imports.redcap.item_names import form_name, item_names
from trialkit.imports.redcap.items import DraftedItem, Trouble, draft_item
from trialkit.imports.redcap.layout import Layout
from trialkit.imports.redcap.logic import FieldName
from trialkit.imports.redcap.logic_rules import Speaker, rankings, with_rules
from trialkit.imports.redcap.saying import Said, joined
from trialkit.imports.redcap.system_fields import DAG, Extras, with_system_fields
from trialkit.imports.redcap.translation import Translator
from trialkit.imports.taking_in.beyond import NotInTheFileError
from trialkit.imports.taking_in.incoming import LeftOut
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.forms import Form, Purpose
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.reading.conditions import scope_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedForm:
    """A form of the project as a form of the trial."""

    name: str
    """Its name in REDCap."""
    form: Form
    items: tuple[DraftedItem, ...]
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
    decisions: ImportDecisions,
    *,
    data: DataFormat,
    extras: Extras,
) -> Project:
    """The forms of the project, with everything that could not be carried over."""
    _refuse_forms_of_one_name(dictionary)
    fields = with_system_fields(dictionary, extras, first=_first_form(dictionary, decisions))
    drafts = {name: _drafts(of, decisions, data) for name, of in fields.items()}
    plain = {name: _form(name, drafts[name], layout, decisions) for name in drafts}
    where = {
        draft.field.name: Where(form=name, form_id=form_name(name), draft=draft)
        for name, of in drafts.items()
        for draft in of
    }
    others = frozenset(field.name for field in dictionary.fields)
    forms = []
    for name, of in drafts.items():
        find = Finder(
            form=name, record_id=dictionary.record_id, fields=where, layout=layout, others=others
        )
        speaker = Speaker(
            translator=Translator(
                find=find, missing_codes=decisions.reasons, day=_day(name, decisions, find)
            ),
            scope=scope_of(plain[name], list(plain.values()), data),
        )
        forms.append(_with_logic(name, plain[name], of, speaker))
    return Project(
        dictionary=dictionary,
        layout=layout,
        forms=tuple(forms),
        left_out=_left_out(dictionary, forms),
    )


def _day(form: str, decisions: ImportDecisions, find: Finder) -> RedcapAnswer:
    """The field that was said to hold the day on which a form was filled in."""
    field = decisions.form(form).day
    if not field:
        return UNKNOWN_DAY
    try:
        answer = find(FieldName(parts=(field,), name=field))
    except ExpressionError as error:
        raise DataFileError(f"{FILE}: [forms {form!r}] day: {error}") from None
    if answer.nature not in {Nature.DAY, Nature.MOMENT}:
        raise DataFileError(
            f"{FILE}: [forms {form!r}] day: found {field!r}, which is no date; expected the field "
            "that holds the day on which the form was filled in"
        )
    return answer


def _refuse_forms_of_one_name(dictionary: Dictionary) -> None:
    """Complain of two forms that would be one file."""
    names: dict[str, str] = {}
    for form in dictionary.forms:
        other = names.setdefault(form_name(form), form)
        if other != form:
            raise DataFileError(
                f"{dictionary.file}: the forms {other!r} and {form!r} would both be written to "
                f"forms/{form_name(form)}.toml; rename one of them in REDCap"
            )


def _first_form(dictionary: Dictionary, decisions: ImportDecisions) -> str:
    """The form that says to which site a participant belongs: the screening, or the first."""
    screening = [each.form for each in decisions.forms if each.kind == "screening"]
    return screening[0] if screening and screening[0] in dictionary.forms else dictionary.forms[0]


def _drafts(
    fields: Sequence[Field], decisions: ImportDecisions, data: DataFormat
) -> tuple[DraftedItem, ...]:
    names = item_names(field.name for field in fields)
    missing = said_to_be_missing(decisions, data)
    decided = any(each.purpose is Purpose.SITE for each in decisions.purposes)
    drafts = []
    for field in fields:
        purpose = decisions.purpose(field.name)
        if field.name == DAG and not decided:
            purpose = Purpose.SITE
        draft = draft_item(
            field,
            names[field.name],
            purpose=purpose,
            missing=missing,
            new_codes=decisions.new_codes(field.name),
        )
        if draft is not None:
            drafts.append(draft)
    return tuple(drafts)


def said_to_be_missing(decisions: ImportDecisions, data: DataFormat) -> Mapping[str, str]:
    """By code of REDCap that is a code of the trial, and said to be missing, what it means."""
    labels = {code.code: code.label for code in data.all_missing_codes}
    return {
        code: labels.get(means, means)
        for code, means in decisions.reasons.items()
        if code in labels
    }


def _form(
    name: str, drafts: Sequence[DraftedItem], layout: Layout, decisions: ImportDecisions
) -> Form:
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


def _with_logic(
    name: str, form: Form, drafts: Sequence[DraftedItem], speaker: Speaker
) -> DraftedForm:
    told = [with_rules(_with_branching(draft, speaker), speaker) for draft in drafts]
    ranked = rankings([each.draft for each in told], speaker)
    troubled = {each.draft.item.id: each.draft for each in ranked}
    items = tuple(troubled.get(each.draft.item.id, each.draft) for each in told)
    rules = tuple(rule for each in (*told, *ranked) for rule in each.rules)
    return DraftedForm(
        name=name,
        form=replace(form, items=tuple(draft.item for draft in items), rules=rules),
        items=items,
    )


def _with_branching(draft: DraftedItem, speaker: Speaker) -> DraftedItem:
    """``shown_when`` from the branching logic, and ``required`` as far as somebody can see the field."""
    field, item = draft.field, draft.item
    shown = Said(text="TRUE")
    if field.branching:
        lost = " (and so is that it is required)" if field.required else ""
        found = f"the branching logic {field.branching}"
        try:
            shown = speaker.condition(field.branching, item)
        except ExpressionError as error:
            beyond = isinstance(error, NotInTheFileError)
            trouble = Trouble(found=found, why=f"{error}; it is left out{lost}", beyond=beyond)
            return replace(draft, troubles=(*draft.troubles, trouble))
        remarks = ((found, f"it is carried over; {each}") for each in shown.remarks)
        draft = _with_troubles(draft, *remarks)
    if shown.text != "TRUE":
        draft = replace(draft, item=replace(item, shown_when=shown.text))
    return _with_requirement(draft, shown, speaker) if field.required else draft


def _with_requirement(draft: DraftedItem, shown: Said, speaker: Speaker) -> DraftedItem:
    """The item as one that must be answered where it is shown; nobody can answer what is hidden."""
    needed, hidden = shown, hidden_when(draft.field.annotation)
    if hidden:
        found = "that it is required"
        try:
            away = speaker.condition(hidden, draft.item)
        except ExpressionError as error:
            why = f"an action tag hides the field, and {error}; it is left out"
            return _with_troubles(draft, (found, why))
        seen = {"TRUE": "FALSE", "FALSE": "TRUE"}.get(away.text, f"NOT ({away.text})")
        needed = joined("and", [shown, Said(text=seen, open=away.open)])
        if needed.text == "FALSE":
            return _with_troubles(draft, (found, "@HIDDEN hides the field; nobody is asked"))
    if needed.text == "TRUE":
        return replace(draft, item=replace(draft.item, required=True))
    return replace(draft, item=replace(draft.item, required_when=needed.text))


def _with_troubles(draft: DraftedItem, *troubles: tuple[str, str]) -> DraftedItem:
    added = tuple(Trouble(found=found, why=why) for found, why in troubles)
    return replace(draft, troubles=(*draft.troubles, *added))


def _left_out(dictionary: Dictionary, forms: Sequence[DraftedForm]) -> tuple[LeftOut, ...]:
    """What is not carried over, in the order of the dictionary."""
    drafts: Mapping[str, DraftedItem] = {
        draft.field.name: draft for form in forms for draft in form.items
    }
    why = "REDCap has no such column; it was left out"
    found = [
        LeftOut(place=dictionary.file, found=f"the column {name[:80]}", why=why)
        for name in dictionary.extra
    ]
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
    for form in forms:
        if form.form.id != form.name:
            why = f"is a name that no file can have everywhere; the form is called {form.form.id}"
            place = f"{dictionary.file}, form {form.name}"
            found.append(LeftOut(place=place, found=f"the name {form.name}", why=why))
    return tuple(found)
