"""The rows of a survey, read from the top within the groups and repeats that are open."""

import re
from collections.abc import Sequence

from trialkit.errors import DataFileError
from trialkit.imports.redcap.item_names import GivenNames, form_name, item_names
from trialkit.imports.redcap.plain_text import plain
from trialkit.imports.taking_in.incoming import LeftOut
from trialkit.imports.xlsform.drafts import DraftedSurvey, DraftForm, Place
from trialkit.imports.xlsform.questions import Questions
from trialkit.imports.xlsform.survey import Survey, SurveyRow
from trialkit.limits import DEEPEST_DEFINITION
from trialkit.protocol.tables.meaning import meaning
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.item_types import ItemType

SUBJECTS = ("subject_id", "participant_id")
"""Questions that name the participant, unless another is said to."""
DAY_LABEL = "Day on which this form was filled in"
_DAY_NEEDED = re.compile(r"\b(?:today|now)\(\s*\)")
_NOT_CARRIED = {
    "default": "nothing is filled in beforehand",
    "trigger": "it is worked out whenever an answer changes",
    "repeat_count": "as many rows may be entered as there are",
}
"""Columns without a counterpart, and what happens instead."""


class SurveyReading:
    """The forms that a survey is drafted as, and everything in it that they do not say."""

    def __init__(self, survey: Survey, *, stem: str, subject: str) -> None:
        settings = survey.settings
        name = _usable(settings["form_id"] or stem)
        title = plain(settings["form_title"]) or name
        self.drafts = [DraftForm(name=name, title=title, repeating=False)]
        self.left_out: list[LeftOut] = []
        self.subject_at: Place = ()
        """Where the question stands that names the participant."""
        self.places: set[Place] = set()
        """Where everything stands that has a name, whether it holds an answer or not."""
        self._survey = survey
        self._subject = subject
        self._questions = Questions(
            survey=survey,
            leave=self.leave,
        )
        self._open: list[tuple[str, SurveyRow, DraftForm]] = []
        self._names = _unique_names(survey.rows)

    def read(self) -> None:
        """Read every row."""
        for place, found, instead in self._survey.lost:
            self.leave(place, found, instead)
        if len(self._survey.languages) > 1:
            first, *others = self._survey.languages
            self.leave("survey", f"the languages {', '.join(others)}", f"{first} is taken")
        for number, row in enumerate(self._survey.rows):
            kind = row["type"]
            if kind.startswith(("begin ", "end ")):
                self._structure(row, kind)
            elif kind:
                self._question(row, self._names[number])
        for _, row, _ in self._open:
            self.leave(row, row["type"], "it is never closed")
        self._open.clear()
        self._ask_for_the_day()

    def _ask_for_the_day(self) -> None:
        """Ask for the day on which the form was filled in, where conditions need it."""
        said = (text for row in self._survey.rows for text in row.cells.values())
        kinds = {row["type"] for row in self._survey.rows}
        if "today" in kinds or not any(map(_DAY_NEEDED.search, said)):
            return
        taken = [*filter(None, self._names), "entered_on"]
        item_id = (
            "entered_on" if taken.count("entered_on") == 1 else GivenNames(taken).give("entered_on")
        )
        row = SurveyRow(
            number=0,
            cells={"type": "today", "name": item_id, "label": DAY_LABEL, "required": "yes"},
        )
        self.leave(
            "survey", "today() and now()", f"they are the day in {item_id}, which is asked for, too"
        )
        item = Item(id=item_id, label=DAY_LABEL, type=ItemType.DATE)
        self.drafts[0].drafted.insert(0, DraftedSurvey(row=row, place=(item_id,), item=item))

    def leave(self, row: SurveyRow | str, found: str, why: str) -> None:
        """List something that is not carried over, and what happens instead."""
        place = row if isinstance(row, str) else f"survey, row {row.number}"
        self.left_out.append(LeftOut(place=f"{self._survey.file}, {place}", found=found, why=why))

    def _structure(self, row: SurveyRow, kind: str) -> None:
        begins, what = kind.split(" ", 1)
        if begins == "begin" and what in {"group", "repeat"}:
            self.places.add((*self._groups, row["name"]))
            draft = self._current
            if what == "repeat":
                taken = [draft.name for draft in self.drafts]
                name = GivenNames(taken).give(_usable(row["name"] or "repeat"))
                place = (*self._groups, row["name"])
                title = self._title(row, name)
                draft = DraftForm(name=name, title=title, repeating=True, place=place)
                self.drafts.append(draft)
            self._complain(row)
            self._open.append((what, row, draft))
            if len(self._open) > DEEPEST_DEFINITION:
                raise DataFileError(
                    f"{self._survey.file}, survey, row {row.number}: more than "
                    f"{DEEPEST_DEFINITION} groups within each other are not read; "
                    "import the survey in parts"
                )
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
    def _current(self) -> DraftForm:
        return self._open[-1][2] if self._open else self.drafts[0]

    @property
    def _groups(self) -> Place:
        return tuple(row["name"] for _, row, _ in self._open)

    def _question(self, row: SurveyRow, item_id: str) -> None:
        name, place = row["name"], (*self._groups, row["name"])
        if name:
            self.places.add(place)
        if self._names_the_participant(name):
            self.leave(row, f"question {name!r}", _as_key(row["constraint"]))
            self.subject_at = place
            return
        item = self._questions.item(row, item_id, self._section())
        if item is None:
            return
        self._complain(row)
        around = tuple(group for _, group, _ in self._open)
        self._current.drafted.append(DraftedSurvey(row=row, place=place, item=item, around=around))

    def _names_the_participant(self, name: str) -> bool:
        if self.subject_at or not name:
            return False
        return name == self._subject if self._subject else name in SUBJECTS

    def _complain(self, row: SurveyRow) -> None:
        for column, instead in _NOT_CARRIED.items():
            if row[column]:
                self.leave(row, f"{column} of {row['name']}: {row[column]}", instead)

    def _section(self) -> str:
        groups = [group["label"] for what, group, _ in self._open if what == "group"]
        return plain(groups[-1]) if groups else ""


def _unique_names(rows: Sequence[SurveyRow]) -> list[str]:
    """For each row the name that its item has; questions of one name in two groups are two items."""
    given = GivenNames()
    names = [given.give(_usable(row["name"])) if _is_question(row) else "" for row in rows]
    renamed = item_names(name for name in names if name)
    return [renamed.get(name, "") for name in names]


def _is_question(row: SurveyRow) -> bool:
    return bool(row["name"]) and not row["type"].startswith(("begin ", "end ", "note"))


def _as_key(constraint: str) -> str:
    lost = f"; its constraint {constraint} is not checked, but [[sites]] subject_pattern can be"
    return "it is the key subject_id" + (lost if constraint else "")


def _usable(name: str) -> str:
    """A name in the letters that ours may have."""
    letters = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")[:50] or "form"
    return form_name(letters)
