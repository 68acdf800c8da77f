"""A question of an XLSForm as an item: its type, its choices, its range."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from trialkit.errors import DataFileError
from trialkit.imports.redcap.plain_text import plain
from trialkit.imports.xlsform.choice_lists import read_choice_list
from trialkit.imports.xlsform.survey import Survey, SurveyRow
from trialkit.limits import MOST_CHOICES
from trialkit.protocol.tables.labels import told_apart
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.items.kind import Nature

Leave = Callable[[SurveyRow, str, str], None]
"""Lists something of a row that is not carried over: what was found, what happens instead."""

_TYPES = {name: each for each in ItemType for name in each.kind.xlsform}
_WITH_CHOICES = frozenset({"select_one", "select_multiple", "rank"})
_NO_ANSWER = frozenset(
    {"note", "device", "audit", "include", "osm", "xml-external", "csv-external"}
)
_INSTEAD = "the question takes any text"
_AS = {
    "rank": "its order stays in the data as it was given; nothing here reads it",
    "geopoint": "it is kept as a text: latitude, longitude, altitude, accuracy",
    "geotrace": "it is kept as a text of points",
    "geoshape": "it is kept as a text of points",
    "hidden": "it is kept as a text, since nothing says what it holds",
    "start": "it is asked as a date and time",
    "end": "it is asked as a date and time",
    "today": "it is asked as a date",
}
"""What types become that have no counterpart of their own."""


@dataclass(slots=True, kw_only=True)
class Questions:
    """Makes items of questions."""

    survey: Survey
    leave: Leave
    offered: int = field(default=0)
    """The choices of all questions so far."""

    def item(self, row: SurveyRow, item_id: str, section: str) -> Item | None:
        """The question as an item, or None for what holds no answer, which is listed."""
        kind, _, list_name = row["type"].partition(" ")
        item_type = _TYPES.get(kind)
        if item_type is None and row["label"] and kind not in _NO_ANSWER:
            self.leave(row, f"{row['type']} {row['name']}", f"it is no type of XLSForm; {_INSTEAD}")
            item_type = ItemType.TEXT
        if item_type is None or not row["name"]:
            self.leave(row, f"{row['type']} {row['name']}".strip(), _why_not(row["type"]))
            return None
        if kind in _AS:
            self.leave(row, f"{kind} {row['name']}", _AS[kind])
        choices: tuple[ItemChoice, ...] = ()
        if kind in _WITH_CHOICES:
            choices = self._choices(row, list_name)
            item_type = item_type if choices else ItemType.TEXT
        codes = {choice.code for choice in choices}
        if item_type.kind.nature is Nature.CODE and codes == {"yes", "no"}:
            item_type, choices = ItemType.YES_NO, ()
        return Item(
            id=item_id,
            label=plain(row["label"]) or row["name"],
            type=item_type,
            section=section,
            note=plain(row["hint"]),
            choices=choices,
            range=_parameters(row),
        )

    def _choices(self, row: SurveyRow, list_name: str) -> tuple[ItemChoice, ...]:
        """The choices; none where any text is taken."""
        rows = self.survey.choices.get(list_name, ())
        if not rows and "." in list_name:
            return ()  # a file, of which it is listed why it is not read
        listed = read_choice_list(rows, filtered=bool(row["choice_filter"]))
        if listed.troubles:
            found = f"question {row['name']!r} with the list {list_name!r}"
            self.leave(row, found, "; ".join([*listed.troubles[:5], _INSTEAD]))
            return ()
        for code in listed.repeated:
            found = f"a second choice {code!r} ({listed.labels[code]})"
            self.leave(row, found, "it has the same label and is taken once")
        self.offered += len(listed.labels)
        if self.offered > MOST_CHOICES:
            raise DataFileError(
                f"{self.survey.file}, survey, row {row.number}: more than {MOST_CHOICES:,} choices, "
                "those of each question counted, are not read; import the survey in parts"
            )
        return self._told_apart(row, listed.labels)

    def _told_apart(self, row: SurveyRow, labels: Mapping[str, str]) -> tuple[ItemChoice, ...]:
        """The choices; one whose label another has, too, has its code behind it."""
        apart = told_apart(dict(labels))
        for code, label in labels.items():
            if apart[code] != label:
                why = f"other choices of {row['name']!r} have it, too; it is {apart[code]!r}"
                self.leave(row, f"the label {label!r} of {code!r}", why)
        return tuple(ItemChoice(code=code, label=label) for code, label in apart.items())


def _why_not(kind: str) -> str:
    if kind.startswith("device"):
        return "it tells of the device, and is not kept"
    if kind == "note":
        return "it shows a text and holds no answer"
    return "it holds no answer that is kept here"


def _parameters(row: SurveyRow) -> Range:
    """The range of a question of type range: ``start=0 end=10``."""
    ends = dict(re.findall(r"(start|end)\s*=\s*(-?\d+(?:\.\d+)?)", row["parameters"]))
    if row["type"] != "range" or set(ends) != {"start", "end"}:
        return Range()
    low, high = sorted(float(each) for each in ends.values())
    return Range(low=low, high=high)
