"""The conditions of an XLSForm as those of a form, each tried as the trial will read it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from trialkit.errors import ProtocolError
from trialkit.imports.redcap.plain_text import plain
from trialkit.imports.taking_in.beyond import NotInTheFileError
from trialkit.imports.xlsform.drafts import DraftedSurvey, DraftForm
from trialkit.imports.xlsform.filters import filter_rule
from trialkit.imports.xlsform.finding import Places, RowsSeen
from trialkit.imports.xlsform.parts import Asked, Part, answer, compared_alike
from trialkit.imports.xlsform.settling import kept
from trialkit.imports.xlsform.survey import Survey, SurveyRow
from trialkit.imports.xlsform.survey_reading import SurveyReading
from trialkit.imports.xlsform.translation import XpathTranslator
from trialkit.imports.xlsform.xpath import SUM
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.expressions.writing import part_of
from trialkit.schemas.forms.expressions import Condition, Kind
from trialkit.schemas.forms.forms import Form, Item, Rule, Severity
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.expression import calculation, condition, refuse_idle_rule
from trialkit.schemas.rules.names import Scope

_YES = ("yes", "true", "true()", "1")
_NO = ("no", "false", "false()", "0")
_BOUND = re.compile(r"\.\s*(>=|<=)\s*(?:(-?\d+(?:\.\d+)?)|date\('(\d{4}-\d{2}-\d{2})'\))")
_INSTEAD = {
    "relevant": "the question is asked whatever was answered",
    "required": "it may stay blank",
    "constraint": "it is not checked",
    "calculation": "it is kept as it was worked out, and not checked",
    "choice_filter": "all choices are offered",
}
"""What happens instead of what has no counterpart."""


class Carried(StrEnum):
    """Whether an expression of a form is carried over."""

    SAID = "said"
    LOST = "lost"
    BEYOND = "beyond the file"
    """It rests on what the file does not hold, so that nobody could say it."""


Tally = dict[tuple[str, int], Carried]
"""By column and row of the survey whether what stands there is carried over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic:
    """Translates the conditions of a form, and lists those that cannot be."""

    draft: DraftForm
    places: Places
    scope: Scope
    reading: SurveyReading
    survey: Survey
    tally: Tally = field(default_factory=dict)
    read: dict[str, Condition] = field(default_factory=dict)
    """What was read before: a group's condition is that of each question in it."""

    def form(self) -> Form:
        """The form with its conditions."""
        items: list[Item] = []
        rules: list[Rule] = []
        for each in self.draft.drafted:
            item = self._item(each)
            item, constraint = self._constrained(each, item)
            found = (self._following(each, item), constraint, self._filtered(each, item))
            items.append(item)
            rules += [rule for rule in found if rule]
        return replace(self.draft.form(), items=tuple(items), rules=tuple(rules))

    def _item(self, each: DraftedSurvey) -> Item:
        """The item with when it is shown, when required, and how it is worked out."""
        item, row = each.item, each.row
        if not item.kind.is_asked:
            said = self._said(row, "calculation", each, _worked_out)
            return replace(item, calculation=said) if said else kept(item)
        shown = [
            self._said(row_, "relevant", replace(each, place=place), _shown)
            for row_, place in each.conditions
        ]
        if "FALSE" in shown:
            found, why = (
                f"question {row['name']}",
                "there it is never asked; here it may be answered",
            )
            self.reading.leave(row, found, why)
        there = [text for text in shown if text not in {"", "TRUE", "FALSE"}]
        when = " AND ".join(f"({text})" if len(there) > 1 else text for text in there)
        always = all(shown) and "FALSE" not in shown and row["type"] != "calculate"
        required = row["required"] if always else ""
        if required.lower() in _YES:
            return replace(item, shown_when=when, required=not when, required_when=when)
        needed = ""
        if required and required.lower() not in _NO:
            needed = self._said(row, "required", each, _shown)
        return replace(item, shown_when=when, required_when=needed)

    def _constrained(self, each: DraftedSurvey, item: Item) -> tuple[Item, Rule | None]:
        """The item with the range that its constraint is, or else a rule."""
        text = each.row["constraint"]
        if not text:
            return item, None
        bounds = _bounds(text, item)
        if bounds is not None and item.range == Range():
            self.tally["constraint", each.row.number] = Carried.SAID
            return replace(item, range=bounds), None
        said = self._said(each.row, "constraint", each, _kept)
        if not said:
            return item, None
        message = plain(each.row["constraint_message"])
        message = message or f"{item.label}: the answer is not one that this form takes."
        return item, _rule(each, "XLS", said, Severity.HARD, message)

    def _following(self, each: DraftedSurvey, item: Item) -> Rule | None:
        """The rule that what an XLSForm worked out follows from the answers as they are now."""
        if not each.row["calculation"] or not each.item.kind.is_asked:
            return None
        said = self._said(each.row, "calculation", each, _follows)
        if not said:
            return None
        worked_out = each.row["type"] == "calculate"
        message = f"{item.label}: it does not follow from the other answers as they are now."
        return _rule(each, "XLC", said, Severity.SOFT if worked_out else Severity.NOTE, message)

    def _filtered(self, each: DraftedSurvey, item: Item) -> Rule | None:
        """The rule that the choice is one of those that the XLSForm would have offered."""
        if not each.row["choice_filter"]:
            return None
        rows = self.survey.choices.get(each.row["type"].partition(" ")[2], ())

        def said(logic: "Logic", each_: DraftedSurvey, text: str) -> str:
            words = filter_rule(text, rows, item, logic.translator(each_))
            return words and logic.tried(words, each_, is_rule=True)

        words = self._said(each.row, "choice_filter", each, said)
        message = f"{item.label}: this choice does not go with the other answers."
        return _rule(each, "XLF", words, Severity.HARD, message) if words else None

    def translator(self, each: DraftedSurvey) -> XpathTranslator:
        """Translates what is said of a question."""
        return XpathTranslator(
            find=lambda name: self.places.find(name, at=each.place, on=self.draft),
            day=self.places.day_of(self.draft),
            repeats=RowsSeen(places=self.places, at=each.place, on=self.draft),
            lists=self.survey.tables,
        )

    def own(self, each: DraftedSurvey) -> Asked:
        """The question that a lone ``.`` stands for."""
        return self.places.find("/".join(("", "data", *each.place)), at=(), on=self.draft)

    def _said(
        self,
        row: SurveyRow,
        column: str,
        each: DraftedSurvey,
        how: Callable[["Logic", DraftedSurvey, str], str],
    ) -> str:
        """The expression in our words, or nothing, and then it is listed with its row, once."""
        place, text = (column, row.number), row[column]
        try:
            words = how(self, each, text)
        except (ExpressionError, ProtocolError) as trouble:
            if self.tally.get(place, Carried.SAID) is Carried.SAID:
                found = f"{column} of {row['name']}: {text or 'nothing'}"
                self.reading.leave(row, found, f"{trouble}; {_INSTEAD[column]}")
            beyond = isinstance(trouble, NotInTheFileError)
            self.tally[place] = Carried.BEYOND if beyond else Carried.LOST
            return ""
        self.tally.setdefault(place, Carried.SAID)
        return words

    def tried(self, words: str, each: DraftedSurvey, *, is_rule: bool) -> str:
        """A condition, read once as the trial will read it."""
        read = self.read.get(words) or condition(words, self.scope)
        self.read[words] = read
        if is_rule:
            refuse_idle_rule(words, self.scope)
        here = {ref.item for ref in read.references if ref.form == self.scope.form.id}
        if not is_rule and each.item.id in here:
            if each.place not in self.places.at:
                return "TRUE"  # a group that asks for one of its own questions does not govern that
            raise ExpressionError("it asks for the answer that it governs")
        return words


def _shown(logic: Logic, each: DraftedSurvey, text: str) -> str:
    part = logic.translator(each).shown(text)
    if part.holds is not None:
        return part.text
    return logic.tried(part.text, each, is_rule=False)


def _kept(logic: Logic, each: DraftedSurvey, text: str) -> str:
    translator = replace(logic.translator(each), own=logic.own(each))
    part = translator.kept(text)
    return "" if part.holds else logic.tried(part.text, each, is_rule=True)


def _worked_out(logic: Logic, each: DraftedSurvey, text: str) -> str:
    words = logic.translator(each).value(text).text
    read = calculation(words, logic.scope)
    here = {ref.item for ref in read.references if ref.form == logic.scope.form.id}
    if each.item.id in here:
        raise ExpressionError("it follows from itself")
    return words


def _follows(logic: Logic, each: DraftedSurvey, text: str) -> str:
    own = logic.own(each)
    part: Part = replace(logic.translator(each), own=own).value(text)
    if part.asked == own or part.quoted == "":
        return ""  # nothing is worked out
    if part.kind is Kind.CHOICES:
        return logic.tried(_the_same_choices(own, part), each, is_rule=True)
    if part.quoted is not None and own.item.codes and part.quoted not in own.item.codes:
        raise NotInTheFileError(f"{part.text} is no choice of {own.name}")
    mine, its = compared_alike(answer(own), part, "=")
    return logic.tried(f"{mine.within(SUM)} = {its.within(SUM)}", each, is_rule=True)


def _the_same_choices(own: Asked, part: Part) -> str:
    """That the same of several choices were chosen."""
    if part.asked is None or own.item.codes != part.asked.item.codes:
        raise ExpressionError("several choices, of other lists, cannot be compared")
    pairs = ((part_of(own.name, code), part_of(part.asked.name, code)) for code in own.item.codes)
    return " AND ".join(f"{mine} = {its}" for mine, its in pairs)


def _rule(
    each: DraftedSurvey, prefix: str, expression: str, severity: Severity, message: str
) -> Rule:
    return Rule(
        id=f"{prefix}{each.row.number:03d}",
        expression=expression,
        severity=severity,
        message=message.replace("{", "(").replace("}", ")"),
        items=(each.item.id,),
    )


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
