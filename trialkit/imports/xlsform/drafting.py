"""An XLSForm becomes forms: its questions items, its repeats forms of their own, the rest a list."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from trialkit.errors import DataFileError, ProtocolError
from trialkit.imports.redcap.item_names import GivenNames, form_name, item_names
from trialkit.imports.redcap.plain_text import plain
from trialkit.imports.taking_in.incoming import LeftOut
from trialkit.imports.xlsform.choice_lists import read_choice_list
from trialkit.imports.xlsform.expressions import Asked, translated
from trialkit.imports.xlsform.survey import Survey, SurveyRow
from trialkit.limits import DEEPEST_DEFINITION, MOST_CHOICES
from trialkit.protocol.tables.labels import told_apart
from trialkit.protocol.tables.meaning import meaning
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Rule, Severity
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.expression import calculation, condition, refuse_idle_rule
from trialkit.schemas.rules.names import Scope

_TYPES = {name: each for each in ItemType for name in each.kind.xlsform}
_YES = ("yes", "true", "true()", "1")
_BOUND = re.compile(r"\.\s*(>=|<=)\s*(?:(-?\d+(?:\.\d+)?)|date\('(\d{4}-\d{2}-\d{2})'\))")
_NOT_CARRIED = ("default", "choice_filter", "trigger", "repeat_count")
SUBJECTS = ("subject_id", "participant_id")
"""Questions that name the participant, unless another is said to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedSurvey:
    """A question as an item."""

    row: SurveyRow
    item: Item
    relevant: tuple[str, ...]
    """Its own condition and those of the groups around it, in the XLSForm's words."""


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A form while the survey is read."""

    name: str
    title: str
    repeating: bool
    drafted: list[DraftedSurvey] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedForms:
    """An XLSForm as forms, and everything in it that they do not say."""

    forms: tuple[Form, ...]
    comments: Mapping[str, Mapping[str, tuple[str, ...]]]
    """By form and item what the XLSForm said in its own words."""
    left_out: tuple[LeftOut, ...]


def draft_forms(survey: Survey, *, stem: str, subject: str, data: DataFormat) -> DraftedForms:
    """The forms of a survey; the question ``subject`` becomes the key of its rows."""
    reader = _Reading(survey, stem=stem, subject=subject)
    reader.read()
    drafts = [draft for draft in reader.drafts if draft.drafted]
    while _drop_what_cannot_be_worked_out(drafts, reader, data):
        drafts = [draft for draft in drafts if draft.drafted]
    forms = tuple(_with_logic(draft, drafts, reader, data) for draft in drafts)
    comments = {
        draft.name: {each.item.id: tuple(_said(each)) for each in draft.drafted} for draft in drafts
    }
    return DraftedForms(forms=forms, comments=comments, left_out=tuple(reader.left_out))


class _Reading:
    """Reads the rows of a survey from the top, within the groups and repeats that are open."""

    def __init__(self, survey: Survey, *, stem: str, subject: str) -> None:
        settings = survey.settings
        name = _usable(settings["form_id"] or stem)
        title = plain(settings["form_title"]) or name
        self.survey = survey
        self.drafts = [_Draft(name=name, title=title, repeating=False)]
        self.left_out: list[LeftOut] = []
        self._subject = subject
        self._open: list[tuple[str, SurveyRow, _Draft]] = []
        self._names = _unique_names(survey.rows)
        self._offered = 0
        """The choices of all questions so far."""

    def read(self) -> None:
        """Read every row."""
        if len(self.survey.languages) > 1:
            self.leave("survey", "other languages", f"{self.survey.languages[0]} is taken")
        for row in self.survey.rows:
            kind = " ".join(row["type"].lower().replace("_", " ").split())
            if kind.startswith(("begin ", "end ")):
                self._structure(row, kind)
            elif kind:
                self._question(row)
        for _, row, _ in self._open:
            self.leave(row, row["type"], "it is never closed")

    def leave(self, row: SurveyRow | str, found: str, why: str) -> None:
        """List something that is not carried over."""
        place = row if isinstance(row, str) else f"survey, row {row.number}"
        self.left_out.append(LeftOut(place=f"{self.survey.file}, {place}", found=found, why=why))

    def _too_much(self, row: SurveyRow, what: str, most: int) -> DataFileError:
        return DataFileError(
            f"{self.survey.file}, survey, row {row.number}: more than {most:,} {what} are not read; "
            "import the survey in parts"
        )

    def _structure(self, row: SurveyRow, kind: str) -> None:
        begins, what = kind.split(" ", 1)
        if begins == "begin" and what in {"group", "repeat"}:
            draft = self._current
            if what == "repeat":
                taken = [draft.name for draft in self.drafts]
                name = GivenNames(taken).give(_usable(row["name"] or "repeat"))
                draft = _Draft(name=name, title=self._title(row, name), repeating=True)
                self.drafts.append(draft)
                self._complain(row)
            self._open.append((what, row, draft))
            if len(self._open) > DEEPEST_DEFINITION:
                raise self._too_much(row, "groups within each other", DEEPEST_DEFINITION)
        elif begins == "end" and self._open and self._open[-1][0] == what:
            self._open.pop()
        else:
            self.leave(row, row["type"], "it closes nothing that is open, or is no group")

    def _title(self, row: SurveyRow, name: str) -> str:
        """The title of a repeat, with its name behind it where another form has the title."""
        title = plain(row["label"]) or name
        if meaning(title) not in {meaning(draft.title) for draft in self.drafts}:
            return title
        self.leave(
            row, f"the title {title!r}", f"another form has it, too; it is '{title} ({name})'"
        )
        return f"{title} ({name})"

    @property
    def _current(self) -> _Draft:
        return self._open[-1][2] if self._open else self.drafts[0]

    def _question(self, row: SurveyRow) -> None:
        kind, _, list_name = row["type"].strip().partition(" ")
        name = row["name"]
        if name and name == (self._subject or (name if name in SUBJECTS else "")):
            self.leave(row, f"question {name!r}", "it is the key subject_id")
            return
        item_type = _TYPES.get(kind.lower().replace("-", "_"))
        if item_type is None or not name:
            self.leave(row, f"{row['type']} {name}".strip(), "it holds no answer that is kept here")
            return
        if name in (each.row["name"] for each in self._current.drafted):
            why = "an earlier one of the form has this name; give each a name of its own"
            self.leave(row, f"question {name!r}", why)
            return
        choices = self._choices(row, list_name) if "select" in kind.lower() else ()
        if "select" in kind.lower() and not choices:
            return
        codes = {choice.code for choice in choices}
        if item_type.kind.nature is Nature.CODE and codes == {"yes", "no"}:
            item_type, choices = ItemType.YES_NO, ()
        self._complain(row)
        item = Item(
            id=self._names[name],
            label=plain(row["label"]) or name,
            type=item_type,
            section=self._section(),
            note=plain(row["hint"]),
            choices=choices,
            range=_parameters(row),
        )
        relevant = [group["relevant"] for _, group, _ in self._open] + [row["relevant"]]
        self._current.drafted.append(
            DraftedSurvey(row=row, item=item, relevant=tuple(filter(None, relevant)))
        )

    def _complain(self, row: SurveyRow) -> None:
        for column in _NOT_CARRIED:
            if row[column]:
                self.leave(
                    row, f"{column} of {row['name']}: {row[column]}", "there is no such thing"
                )

    def _section(self) -> str:
        groups = [group["label"] for what, group, _ in self._open if what == "group"]
        return plain(groups[-1]) if groups else ""

    def _choices(self, row: SurveyRow, list_name: str) -> tuple[ItemChoice, ...]:
        name = list_name.removesuffix(" or_other").strip()
        listed = read_choice_list(self.survey.choices.get(name, ()))
        if listed.troubles:
            found = f"question {row['name']!r} with the list {name!r}"
            self.leave(row, found, "; ".join(listed.troubles))
            return ()
        for code in listed.repeated:
            found = f"a second choice {code!r} ({listed.labels[code]})"
            self.leave(row, found, "it has the same label and is taken once")
        self._offered += len(listed.labels)
        if self._offered > MOST_CHOICES:
            raise self._too_much(row, "choices, those of each question counted,", MOST_CHOICES)
        labels = dict(listed.labels)
        if list_name.endswith(" or_other"):
            done = "its list has the choice" if "other" in labels else "the choice is added"
            labels.setdefault("other", "Other")
            self.leave(row, "or_other", f"{done}, the words for it are not asked")
        return self._told_apart(row, labels)

    def _told_apart(self, row: SurveyRow, labels: dict[str, str]) -> tuple[ItemChoice, ...]:
        """The choices; one whose label another has, too, has its code behind it."""
        apart = told_apart(labels)
        for code, label in labels.items():
            if apart[code] != label:
                why = f"other choices of {row['name']!r} have it, too; it is {apart[code]!r}"
                self.leave(row, f"the label {label!r} of {code!r}", why)
        return tuple(ItemChoice(code=code, label=label) for code, label in apart.items())


def _unique_names(rows: Sequence[SurveyRow]) -> dict[str, str]:
    """For each question the name of its item."""
    given = GivenNames()
    names = dict.fromkeys(row["name"] for row in rows if row["name"])
    usable = {name: given.give(_usable(name)) for name in names}
    renamed = item_names(usable.values())
    return {name: renamed[each] for name, each in usable.items()}


def _usable(name: str) -> str:
    """A name in the letters that ours may have."""
    letters = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")[:50] or "form"
    return form_name(letters)


def _parameters(row: SurveyRow) -> Range:
    """The range of a question of type range: ``start=0 end=10``."""
    ends = dict(re.findall(r"(start|end)\s*=\s*(-?\d+(?:\.\d+)?)", row["parameters"]))
    if row["type"] != "range" or set(ends) != {"start", "end"}:
        return Range()
    low, high = sorted(float(each) for each in ends.values())
    return Range(low=low, high=high)


def _form(draft: _Draft) -> Form:
    return Form(
        id=draft.name,
        title=draft.title,
        kind=FormKind.OTHER,
        expected=Expected.AS_NEEDED,
        visits=(),
        repeating=draft.repeating,
        items=tuple(each.item for each in draft.drafted),
        rules=(),
        file=f"forms/{draft.name}.toml",
        sha256="",
    )


def _logic(draft: _Draft, drafts: Sequence[_Draft], reader: _Reading, data: DataFormat) -> "_Logic":
    forms = {each.name: _form(each) for each in drafts}
    codes = tuple(code.code for code in data.all_missing_codes)
    return _Logic(
        questions=_questions(draft, drafts),
        scope=Scope(form=forms[draft.name], forms=forms, missing_codes=codes),
        reader=reader,
    )


def _drop_what_cannot_be_worked_out(
    drafts: Sequence[_Draft], reader: _Reading, data: DataFormat
) -> bool:
    """Drop calculations that have no counterpart, and say whether any was dropped.

    What follows from one that was dropped is dropped in the next round.
    """
    dropped = False
    for draft in drafts:
        logic = _logic(draft, drafts, reader, data)
        kept = [each for each in draft.drafted if logic.can_be_had(each)]
        dropped = dropped or len(kept) < len(draft.drafted)
        draft.drafted[:] = kept
    return dropped


def _with_logic(
    draft: _Draft, drafts: Sequence[_Draft], reader: _Reading, data: DataFormat
) -> Form:
    """The form with its conditions, each tried before it is kept."""
    logic = _logic(draft, drafts, reader, data)
    both = [logic.constrained(each, logic.item(each)) for each in draft.drafted]
    return replace(
        logic.scope.form,
        items=tuple(item for item, _ in both),
        rules=tuple(rule for _, rule in both if rule),
    )


def _questions(draft: _Draft, drafts: Sequence[_Draft]) -> dict[str, Asked]:
    """The questions that a form's conditions may name: its own, and those outside every repeat."""
    found = {}
    for other in drafts:
        if other is draft or not other.repeating:
            prefix = "" if other is draft else f"{other.name}."
            for each in other.drafted:
                found[each.row["name"]] = Asked(name=f"{prefix}{each.item.id}", item=each.item)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Logic:
    """Translates the conditions of a form, and lists those that cannot be."""

    questions: Mapping[str, Asked]
    scope: Scope
    reader: _Reading

    def can_be_had(self, each: DraftedSurvey) -> bool:
        """Whether it is asked, or worked out in a way that has a counterpart."""
        return each.item.kind.is_asked or bool(self._worked_out(each.row))

    def _worked_out(self, row: SurveyRow) -> str:
        return self._said(row, "calculation", row["calculation"], works_out=True)

    def item(self, each: DraftedSurvey) -> Item:
        """The item with when it is shown, when required, and how it is worked out."""
        item, row = each.item, each.row
        if not item.kind.is_asked:
            return replace(item, calculation=self._worked_out(row))
        shown = [self._said(row, "relevant", each_, shown=True) for each_ in each.relevant]
        if not all(shown):
            shown = []
            required = ""
        else:
            required = row["required"]
        when = " AND ".join(f"({text})" if len(shown) > 1 else text for text in shown)
        if required.lower() in _YES:
            return replace(item, shown_when=when, required=not when, required_when=when)
        needed = ""
        if required and required.lower() not in {"no", "false", "false()", "0"}:
            needed = self._said(row, "required", required, shown=True)
        return replace(item, shown_when=when, required_when=needed)

    def constrained(self, each: DraftedSurvey, item: Item) -> tuple[Item, Rule | None]:
        """The item with the range that its constraint is, or else a rule."""
        text = each.row["constraint"]
        if not text:
            return item, None
        bounds = _bounds(text, item)
        if bounds is not None and item.range == Range():
            return replace(item, range=bounds), None
        own = self.questions[each.row["name"]]
        said = self._said(each.row, "constraint", text, own=own)
        if not said:
            return item, None
        message = plain(each.row["constraint_message"]) or f"{item.label}: must keep {said}."
        return item, Rule(
            id=f"XLS{each.row.number:03d}",
            expression=said,
            severity=Severity.HARD,
            message=message.replace("{", "(").replace("}", ")"),
            items=(item.id,),
        )

    def _said(
        self,
        row: SurveyRow,
        column: str,
        text: str,
        *,
        shown: bool = False,
        works_out: bool = False,
        own: Asked | None = None,
    ) -> str:
        """The expression in our words, or nothing, and then it is listed with its row."""
        try:
            words = self._tried(row, text, shown=shown, works_out=works_out, own=own)
        except ExpressionError as trouble:
            why = str(trouble)
        except ProtocolError as error:
            why = str(error)
        else:
            return words
        self.reader.leave(row, f"{column} of {row['name']}: {text or 'nothing'}", why)
        return ""

    def _tried(
        self, row: SurveyRow, text: str, *, shown: bool, works_out: bool, own: Asked | None
    ) -> str:
        """The expression in our words, read once as the trial will read it."""
        words = translated(text, self.questions, own=own, blanks_are_false=shown)
        read = (calculation if works_out else condition)(words, self.scope)
        if own is not None:
            refuse_idle_rule(words, self.scope)
        here = {each.item for each in read.references if each.form == self.scope.form.id}
        if own is None and self.questions[row["name"]].item.id in here:
            raise ExpressionError("it asks for the answer that it governs")
        return words


def _bounds(text: str, item: Item) -> Range | None:
    """The range that a constraint such as ``. >= 0 and . <= 100`` is; None for any other."""
    ends: dict[str, float | date] = {}
    for part in re.split(r"\s+and\s+", text.strip()):
        match = _BOUND.fullmatch(part.strip())
        if match is None:
            return None
        name = "low" if match[1] == ">=" else "high"
        if name in ends or (match[2] is None) != (item.kind.nature is Nature.DAY):
            return None
        if item.kind.nature is not Nature.DAY and not item.kind.is_number:
            return None
        ends[name] = float(match[2]) if match[2] else date.fromisoformat(match[3])
    try:
        return Range(low=ends.get("low"), high=ends.get("high"))
    except ProtocolError:
        return None


def _said(each: DraftedSurvey) -> Iterator[str]:
    """What the XLSForm said in its own words."""
    row = each.row
    if row["name"] != each.item.id:
        yield f"XLSForm, name: {row['name']}"
    for condition_ in each.relevant:
        yield f"XLSForm, relevant: {condition_}"
    for column in ("constraint", "calculation"):
        if row[column]:
            yield f"XLSForm, {column}: {row[column]}"
